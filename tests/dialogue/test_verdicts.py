"""What Rasa refuses of rules is refused here, for the same reason, and what it accepts loads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.dialogue import Project
from bot.errors import ProjectFileError
from tests.dialogue.talking import Talk

HERE = Path(__file__).parent
TABLE: dict[str, Any] = YAML(typ="safe", pure=True).load(HERE / "rulesets.yml")
VERDICTS: dict[str, str] = json.loads((HERE / "rulesets.json").read_text(encoding="utf-8"))["verdicts"]
# Rasa reads `null` of a list slot as "filled"; here it means what it says (docs/rasa.md).
DEVIATIONS = {"two lists (Rasa 8784)": "accepted"}
SIGNS = {
    "contradicting": "they cannot both hold",
    "incomplete": "does not say",
    "long": "more than one message",
}


def verdict(folder: Path) -> str:
    """What becomes of a project: accepted, or why not, in the words of the table."""
    try:
        Project.load(folder)
    except ProjectFileError as error:
        return next((kind for kind, sign in SIGNS.items() if sign in str(error)), str(error))
    return "accepted"


@pytest.mark.parametrize("one", TABLE["sets"], ids=lambda one: one["name"])
def test_rules_are_refused_by_both_or_by_neither(written: Callable[..., Path], one: dict[str, str]) -> None:
    base = TABLE["base"]
    domain = base["domain"] + one.get("slots", base["slots"])
    assert (
        verdict(written(domain, "rules:\n" + one["rules"], one.get("config", base["config"])))
        == (VERDICTS | DEVIATIONS)[one["name"]]
    )


def said(written: Callable[..., Path], name: str) -> list[str]:
    """What the author of one set of rules reads, line by line."""
    one = next(one for one in TABLE["sets"] if one["name"] == name)
    with pytest.raises(ProjectFileError) as refused:
        Project.load(written(TABLE["base"]["domain"] + TABLE["base"]["slots"], "rules:\n" + one["rules"]))
    return str(refused.value).splitlines()


def test_a_rule_with_no_condition_on_loops_says_where_it_parts_from_one_that_has_it(
    written: Callable[..., Path],
) -> None:
    """Rasa 7318: a contradiction nobody understood; it names neither the step nor the way out."""
    assert said(written, "no loop, and none said, going on differently (Rasa 7318)") == [
        (
            "data/rules.yml:5: rule 'list merchants as form digression' waits for the next message after 2 steps "
            "(intent 'ask', 'action_look'), but rule 'list merchants' (data/rules.yml:2) goes on with 'utter_help'; "
            "they cannot both hold: tell them apart by a condition, or end the one that waits with "
            "wait_for_user_input: false"
        )
    ]


def test_two_rules_that_conflict_are_told_in_one_line(written: Callable[..., Path]) -> None:
    """Rasa 10217: a traceback of the training graph, then a rule that contradicts itself."""
    assert said(written, "a troublemaker rule (Rasa 10217)") == [
        (
            "data/rules.yml:2: rule 'Say 'I am a bot' anytime the user challenges' goes on with 'utter_help' after 1 step "
            "(intent 'ask'), but rule 'a troublemaker rule' (data/rules.yml:6) goes on with 'utter_bye'; "
            "they cannot both hold: tell them apart by a condition"
        )
    ]


MANY = "".join(
    f"- rule: r{n} {action}\n  steps: [{{intent: i{n}}}, {{action: utter_{action}}}]\n"
    for n in range(12)
    for action in ("hello", "bye")
)


def test_every_contradiction_is_told_up_to_ten_each_with_its_place(written: Callable[..., Path]) -> None:
    domain = f"intents: [{', '.join(f'i{n}' for n in range(12))}]\n"
    domain += "responses: {utter_hello: [{text: hello}], utter_bye: [{text: bye}]}\n"
    with pytest.raises(ProjectFileError) as refused:
        Project.load(written(domain, "rules:\n" + MANY))
    lines = str(refused.value).splitlines()
    assert [line.split(" ")[0] for line in lines[:-1]] == [f"data/rules.yml:{n}:" for n in range(2, 42, 4)]
    assert lines[-1] == "and 2 more"


def test_all_that_is_left_unsaid_is_told_at_once(written: Callable[..., Path]) -> None:
    base = TABLE["base"]
    rules = """\
rules:
- rule: one
  steps: [{intent: greet}, {action: action_look}, {slot_was_set: [{found: true}, {kind: a}]}, {action: utter_hello}]
- rule: two
  steps: [{intent: ask}, {action: action_look}, {action: utter_bye}]
- rule: start
  steps: [{intent: inform}, {action: intake}, {active_loop: intake}]
- rule: again
  steps: [{intent: deny}, {action: intake}]
"""
    with pytest.raises(ProjectFileError) as refused:
        Project.load(written(base["domain"] + base["slots"], rules))
    assert [line.split(";")[0] for line in str(refused.value).splitlines()] == [
        (
            "data/rules.yml:4: rule 'two' does not say what 'action_look' does to 'found', "
            "which it sets in rule 'one' (data/rules.yml:2)"
        ),
        (
            "data/rules.yml:4: rule 'two' does not say what 'action_look' does to 'kind', "
            "which it sets in rule 'one' (data/rules.yml:2)"
        ),
        "data/rules.yml:8: rule 'again' does not say which loop is active after 'intake'",
    ]


def test_null_of_a_list_means_that_it_is_empty(talking: Callable[..., Talk]) -> None:
    domain = """\
intents: [ask]
slots: {names: {type: list, mappings: [{type: custom}]}}
responses: {utter_none: [{text: none}], utter_some: [{text: some}]}
"""
    rules = """\
rules:
- {rule: none, condition: [{slot_was_set: [{names: null}]}], steps: [{intent: ask}, {action: utter_none}]}
- {rule: some, condition: [{slot_was_set: [{names: [x]}]}], steps: [{intent: ask}, {action: utter_some}]}
"""
    talk = talking(domain, rules)
    assert talk.say("/ask") == ["none"]
    assert talk.say("/ask", names=["mei"]) == ["some"]


def test_every_set_of_rules_was_recorded() -> None:
    assert [one["name"] for one in TABLE["sets"]] == list(VERDICTS)
