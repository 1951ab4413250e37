"""What loads and is wrong all the same: names nobody uses, forms that end nowhere, rules without end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.dialogue import Project
from bot.errors import ProjectFileError
from tests.dialogue.conftest import CONFIG
from tests.dialogue.talking import Talk

DOMAIN = """\
intents: [greet, inform]
entities: [county]
slots:
  county: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: county}]}
  name: {type: text, influence_conversation: false, mappings: [{type: from_text, conditions: [{active_loop: intake}]}]}
forms:
  intake: {required_slots: [name, county]}
responses:
  utter_greet: [{text: hello, buttons: [{title: tell, payload: /inform}]}]
  utter_ask_name: [{text: name}]
  utter_ask_intake_county: [{text: county}]
"""
RULES = """\
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: begin
  steps: [{intent: inform}, {action: intake}, {active_loop: intake}]
"""
NLU = "nlu:\n- {intent: greet, examples: '- hello'}\n- {intent: inform, examples: '- from [泸溪](county)'}\n"

ODD: list[dict[str, str]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("odd.yml"))
FILES = {"domain": DOMAIN, "rules": RULES, "nlu": NLU}


def warned(folder: Path) -> list[str]:
    return [str(found) for found in Project.load(folder).warnings]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd["odd"])
def test_what_is_odd_is_told_with_its_place(written: Callable[..., Path], odd: dict[str, str]) -> None:
    good = FILES[odd["in"]]
    assert good.count(odd["for"]) == 1
    found = warned(written(**FILES | {odd["in"]: good.replace(odd["for"], odd["stands"])}))
    assert odd["says"] in found if "says" in odd else not found


def test_a_project_in_order_is_not_warned_of_anything(written: Callable[..., Path]) -> None:
    assert warned(written(**FILES)) == []


# --- forms that can never finish -------------------------------------------------------------------------------------

ENDLESS = DOMAIN.replace("[{type: from_text, conditions: [{active_loop: intake}]}]", "[{type: custom}]")


def test_a_form_that_can_never_finish_is_refused(written: Callable[..., Path]) -> None:
    with pytest.raises(ProjectFileError) as refused:
        Project.load(written(**FILES | {"domain": ENDLESS}))
    assert str(refused.value) == (
        "domain.yml:7: form `intake` can never finish: no mapping fills `name`, and no action could; "
        "give `name` a mapping, or list the action that sets it"
    )


@pytest.mark.parametrize(
    ("good", "bad"),
    [("forms:", "actions: [action_anything]\nforms:"), ("name: {type: text,", "name: {type: text, initial_value: x,")],
)
def test_a_form_that_something_could_finish_is_not(written: Callable[..., Path], good: str, bad: str) -> None:
    assert warned(written(**FILES | {"domain": ENDLESS.replace(good, bad)}))


# --- rules without end -----------------------------------------------------------------------------------------------

CIRCLE = """\
intents: [greet]
responses: {utter_a: [{text: a}], utter_b: [{text: b}], utter_c: [{text: c}]}
"""
ROUND = """\
rules:
- rule: begin
  steps: [{intent: greet}, {action: utter_a}]
  wait_for_user_input: false
- rule: on
  steps: [{action: utter_a}, {action: utter_b}]
  wait_for_user_input: false
- rule: back
  steps: [{action: utter_b}, {action: utter_a}]
  wait_for_user_input: false
"""


def test_rules_that_lead_to_each_other_are_warned_of(written: Callable[..., Path]) -> None:
    found = warned(written(CIRCLE.replace(", utter_c: [{text: c}]", ""), ROUND))
    assert found == [
        "data/rules.yml:5: rule 'on', and rule 'back' (data/rules.yml:8) may go on for ever: 'utter_a' → 'utter_b' → 'utter_a'"
    ]


def test_rules_that_lead_to_each_other_are_cut_off_and_the_conversation_goes_on(talking: Callable[..., Talk]) -> None:
    talk = talking(CIRCLE, ROUND)
    assert talk.say("/greet") == ["a", "b"] * 5
    assert (talk.last.failed, talk.last.events[-2]["event"]) == ("utter_a", "action_limit_reached")
    assert talk.last.events[-1]["name"] == "action_listen"
    assert talk.say("/greet") == ["a", "b"] * 5


def test_an_action_that_asks_for_itself_for_ever_is_cut_off(talking: Callable[..., Talk]) -> None:
    def again(_: dict[str, object]) -> dict[str, object]:
        return {"events": [{"event": "followup", "name": "action_again"}], "responses": [{"text": "again"}]}

    rules = "rules: [{rule: again, steps: [{intent: greet}, {action: action_again}]}]"
    talk = talking("intents: [greet]\nactions: [action_again]\n", rules, {"action_again": again})
    assert talk.say("/greet") == ["again"] * 10
    assert (talk.last.failed, talk.last.events[-2]["event"]) == ("action_again", "action_limit_reached")


def test_a_form_that_always_declines_ends_its_turn(talking: Callable[..., Talk]) -> None:
    domain = DOMAIN.replace("forms:", "actions: [validate_intake]\nforms:")

    def declines(_: dict[str, object]) -> dict[str, object]:
        return {"events": [{"event": "action_execution_rejected", "name": "intake"}], "responses": []}

    talk = talking(domain, RULES, {"validate_intake": declines})
    for _ in range(3):
        talk.say("/inform")
        assert talk.last.events[-1]["name"] == "action_listen"
        assert sum(event["event"] == "action" for event in talk.last.events) <= 12


def test_warnings_change_nothing_of_what_is_configured(written: Callable[..., Path]) -> None:
    assert Project.load(written(DOMAIN, RULES, CONFIG, NLU)).skipped == ()
