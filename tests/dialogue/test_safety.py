"""Where Rasa is dangerous for families we deviate: danger comes first, and a failed action never sounds like a success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.dialogue import ActionRejected, InProcessActions
from bot.errors import ProjectFileError
from tests.dialogue.talking import Talk

Talking = Callable[..., Talk]
Call = dict[str, Any]

DOMAIN = """\
intents: [begin, inform, why, refer, violence, stop]
entities: [county]
slots:
  county: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: county}]}
  story:
    type: text
    influence_conversation: false
    mappings: [{type: from_text, conditions: [{active_loop: intake_form, requested_slot: story}]}]
  danger: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
  moves: {type: any, mappings: [{type: custom}]}
forms:
  intake_form: {required_slots: [county, story]}
actions: [action_card, action_second_card, action_refer, validate_intake_form]
responses:
  utter_ask_county: [{text: "Which county?"}]
  utter_ask_story: [{text: "What happened?"}]
  utter_because: [{text: So that somebody near helps.}]
  utter_referred: [{text: You have been referred.}]
  utter_call: [{text: Call 110 now.}]
  utter_default: [{text: "Pardon?"}]
"""
RULES = """
rules:
- {rule: begin, steps: [{intent: begin}, {action: intake_form}, {active_loop: intake_form}]}
- rule: done
  condition: [{active_loop: intake_form}]
  steps:
  - action: intake_form
  - active_loop: null
  - slot_was_set: [{requested_slot: null}]
  - action: action_refer
  - action: utter_referred
- rule: why
  condition: [{active_loop: intake_form}]
  steps: [{intent: why}, {action: utter_because}, {action: intake_form}, {active_loop: intake_form}]
- {rule: refer, steps: [{intent: refer}, {action: action_refer}, {action: utter_referred}]}
"""
BASE = "pipeline: [{name: KeywordIntentClassifier}]\npolicies: [{name: RulePolicy}]\n"
FIRST = BASE + "rightdoor: {preempt: [{slot: danger, is: true, action: action_card}]}\n"
NLU = "nlu:\n- {intent: violence, examples: '- 家暴'}\n"


def card(call: Call) -> dict[str, Any]:
    """The emergency card; like ours it shows once a danger and proposes a move."""
    moves = [*(call["tracker"]["slots"]["moves"] or []), "card_shown"]
    return {"events": [{"event": "slot", "name": "moves", "value": moves}], "responses": [{"text": "Call 110 now."}]}


def accepted(_: Call) -> dict[str, Any]:
    return {"events": []}


ACTIONS = {"action_card": card, "action_second_card": card, "action_refer": accepted, "validate_intake_form": accepted}


@pytest.fixture
def talk(talking: Talking) -> Talk:
    return talking(DOMAIN, RULES, ACTIONS, config=FIRST, nlu=NLU)


def standing(talk: Talk) -> tuple[Any, Any, Any]:
    """Form, question, and what rules see of the past."""
    found = talk.last.snapshot
    return (
        (found["loop"] or {}).get("name"),
        found["slots"]["requested_slot"],
        [step["action"] for step in found["steps"]],
    )


# --- danger comes first ----------------------------------------------------------------------------------------------


def test_preempt_beats_every_form_and_leaves_the_form_as_it_was(talk: Talk) -> None:
    talk.say("/begin")
    assert talk.say("他爸爸天天打孩子", danger=True)[0] == "Call 110 now."
    calm = Talk(talk.assistant)
    calm.say("/begin")
    calm.say("他爸爸天天打孩子")
    assert standing(talk) == standing(calm)


def test_preempt_leaves_the_rules_as_they_were(talk: Talk) -> None:
    talk.say("/begin")
    assert talk.say("/why", danger=True) == ["Call 110 now.", "So that somebody near helps.", "Which county?"]
    assert talk.say('/inform{"county": "杭州"}', danger=False) == ["What happened?"]


def test_preempt_comes_before_the_first_word_of_a_conversation(talk: Talk) -> None:
    assert talk.say("/begin", danger=True) == ["Call 110 now.", "Which county?"]


def test_preempt_runs_once_a_turn_and_what_it_proposes_is_kept(talk: Talk) -> None:
    talk.say("/begin", danger=True)
    assert talk.last.slots["moves"] == ["card_shown"]
    assert [e["name"] for e in talk.last.events if e["event"] == "preempted"] == ["action_card"]


def test_what_preempt_proposes_is_kept_even_when_the_message_is_taken_back(talk: Talk) -> None:
    assert talk.say("/stop", danger=True) == ["Call 110 now.", "Pardon?"]
    assert talk.last.slots["moves"] == ["card_shown"]


def test_preempt_waits_for_nobody_to_write_not_intent_on_a_slot(talking: Talking) -> None:
    by_intent = BASE + "rightdoor: {preempt: [{intent: violence, action: utter_call}]}\n"
    talk = talking(DOMAIN, RULES, ACTIONS, config=by_intent, nlu=NLU)
    talk.say('/begin{"county": "杭州"}')
    assert talk.say("他爸爸天天家暴打孩子")[0] == "Call 110 now."


def test_preempt_speaks_where_the_conversation_is_paused(talking: Talking) -> None:
    actions = ACTIONS | {"action_refer": lambda _: {"events": [{"event": "pause"}]}}
    talk = talking(DOMAIN, RULES, actions, config=FIRST)
    talk.say("/refer")
    assert talk.say("/why") == []
    assert talk.say("/why", danger=True) == ["Call 110 now."]


def test_preempt_speaks_before_restart_and_back(talk: Talk) -> None:
    for message in ("/restart", "/back", "/session_start"):
        assert talk.say(message, danger=True)[0] == "Call 110 now."


def test_preempt_is_heard_even_when_what_follows_fails(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES, {"action_card": card}, config=FIRST)
    assert talk.say("/refer", danger=True) == ["Call 110 now."]
    assert (talk.last.failed, talk.last.slots["moves"]) == ("action_refer", ["card_shown"])


TWO = (
    BASE
    + """
rightdoor:
  preempt:
  - {slot: danger, is: true, action: action_second_card}
  - {slot: danger, is: true, action: action_card}
"""
)


def test_a_safety_action_that_fails_does_not_silence_the_next(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES, {"action_card": card}, config=TWO)
    assert talk.say("/refer", danger=True) == ["Call 110 now."]
    assert talk.last.failed == "action_second_card"


def test_a_safety_action_may_decline(talking: Talking) -> None:
    def decline(_: Call) -> None:
        raise ActionRejected("action_second_card")

    talk = talking(DOMAIN, RULES, ACTIONS | {"action_second_card": decline}, config=TWO)
    assert talk.say("/begin", danger=True) == ["Call 110 now.", "Which county?"]


def test_a_safety_action_cannot_steer_the_conversation(talking: Talking) -> None:
    steering = [
        {"event": "followup", "name": "utter_referred"},
        {"event": "active_loop", "name": None},
        {"event": "restart"},
    ]
    talk = talking(DOMAIN, RULES, ACTIONS | {"action_card": lambda _: {"events": steering}}, config=FIRST)
    talk.say("/begin")
    assert talk.say("/why", danger=True) == ["So that somebody near helps.", "Which county?"]


# --- a failed action never sounds like a success ---------------------------------------------------------------------


def raises(_: Call) -> None:
    raise RuntimeError("the database is on fire")


GARBAGE: dict[str, Callable[[Call], Any]] = {
    "raises": raises,
    "nothing": lambda _: None,
    "text": lambda _: "done",
    "a list": lambda _: [],
    "events that are words": lambda _: {"events": ["done"]},
    "events that are one word": lambda _: {"events": "done"},
    "an event of no kind": lambda _: {"events": [{"name": "county"}]},
    "an event Rasa does not know": lambda _: {"events": [{"event": "referred"}]},
    "a slot without a value": lambda _: {"events": [{"event": "slot", "name": "county"}]},
    "a slot that is no JSON": lambda _: {"events": [{"event": "slot", "name": "moves", "value": {"send"}}]},
    "a slot that is no number": lambda _: {"events": [{"event": "slot", "name": "moves", "value": float("nan")}]},
    "responses that are words": lambda _: {"responses": ["You have been referred."]},
}


@pytest.mark.parametrize("action", GARBAGE.values(), ids=GARBAGE)
def test_a_failed_action_never_leads_to_a_message_that_presumes_its_success(
    talking: Talking, action: Callable[[Call], Any]
) -> None:
    talk = talking(DOMAIN, RULES, ACTIONS | {"action_refer": action})
    assert talk.say("/refer") == []
    assert talk.last.failed == "action_refer"


def test_an_action_the_server_does_not_know_has_failed(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES, {"action_refer": InProcessActions(ActionExecutor())})
    assert talk.say("/refer") == []
    assert talk.last.failed == "action_refer"


class Referring(Action):
    """Says that it has referred, and only then falls over."""

    def name(self) -> str:
        return "action_refer"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> None:  # noqa: ARG002 – rasa_sdk's
        dispatcher.utter_message(text="You have been referred.")
        raise OSError("the line is dead")


def test_what_an_action_said_before_it_failed_is_not_said(talking: Talking) -> None:
    executor = ActionExecutor()
    executor.register_action(Referring)
    talk = talking(DOMAIN, RULES, {"action_refer": InProcessActions(executor)})
    assert talk.say("/refer") == []
    assert talk.last.failed == "action_refer"


def test_a_form_whose_validation_fails_never_reaches_the_rule_that_says_referred(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES, {"action_refer": accepted, "validate_intake_form": raises})
    assert talk.say("/begin", county="杭州", story="x") == []
    assert talk.last.failed == "validate_intake_form"
    assert "You have been referred." not in talk.say('/inform{"county": "杭州"}')


def test_the_rule_after_a_form_stops_where_its_action_fails(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES, ACTIONS | {"action_refer": raises})
    assert talk.say("/begin", county="杭州", story="x") == []
    assert talk.last.failed == "action_refer"


def test_after_a_failure_the_same_message_is_answered_anew(talking: Talking) -> None:
    broken = [True]

    def refer(call: Call) -> dict[str, Any]:
        return raises(call) or {} if broken else accepted(call)

    talk = talking(DOMAIN, RULES, ACTIONS | {"action_refer": refer})
    talk.say("/refer")
    broken.clear()
    assert talk.say("/refer") == ["You have been referred."]
    assert talk.last.failed is None


def test_a_failure_leaves_the_form_where_it_was(talking: Talking) -> None:
    broken: list[bool] = []

    def validate(call: Call) -> dict[str, Any]:
        return raises(call) or {} if broken else accepted(call)

    talk = talking(DOMAIN, RULES, ACTIONS | {"validate_intake_form": validate})
    talk.say("/begin")
    broken.append(True)
    talk.say('/inform{"county": "杭州"}')
    assert talk.last.failed == "validate_intake_form"
    assert standing(talk)[:2] == ("intake_form", "county")
    broken.clear()
    assert talk.say('/inform{"county": "杭州"}') == ["What happened?"]


def test_a_failure_is_recorded_by_its_kind_and_never_by_its_words(talking: Talking) -> None:
    talk = talking(DOMAIN, RULES, ACTIONS | {"action_refer": raises})
    talk.say("/refer")
    [failure] = [event for event in talk.last.events if event["event"] == "action_execution_failed"]
    assert (failure["name"], failure["reason"]) == ("action_refer", "RuntimeError")
    assert "fire" not in str(talk.last.events)


# --- the caller's slots ----------------------------------------------------------------------------------------------


def test_a_slot_set_by_the_caller_must_be_declared(talk: Talk) -> None:
    with pytest.raises(
        ProjectFileError, match="slot 'dangr' is set by the caller but not declared; did you mean 'danger'"
    ):
        talk.say("/begin", dangr=True)


def test_the_caller_s_slots_stay_when_the_message_is_taken_back(talk: Talk) -> None:
    talk.say("/stop", county="杭州")
    assert talk.last.snapshot["slots"]["county"] == "杭州"


def test_a_slot_that_was_cleared_stays_cleared_in_a_new_session(talking: Talking) -> None:
    talk = talking(DOMAIN.replace("danger: {type: bool,", "danger: {type: bool, initial_value: true,"), RULES, ACTIONS)
    talk.say("/stop", danger=None)
    talk.say("/session_start")
    assert talk.last.slots["danger"] is None


def test_slots_that_were_reset_do_not_return_in_a_new_session(talking: Talking) -> None:
    rules = RULES + "- {rule: stop, steps: [{intent: stop}, {action: action_refer}]}\n"
    reset = {"action_refer": lambda _: {"events": [{"event": "reset_slots"}]}}
    talk = talking(DOMAIN, rules, {**ACTIONS, **reset})
    talk.say('/why{"county": "泸溪县"}')
    talk.say("/stop")
    talk.say("/session_start")
    assert talk.last.slots["county"] is None
