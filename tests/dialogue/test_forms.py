"""Forms: what they ask, what counts as an answer, what interrupts them, and what validation may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import FormValidationAction
from rasa_sdk.executor import ActionExecutor

from bot.dialogue import ActionRejected, InProcessActions
from tests.dialogue.talking import Talk

Talking = Callable[..., Talk]
Call = dict[str, Any]

DOMAIN = """\
intents: [begin, inform, why, stop, affirm, deny, chat]
entities: [county, age]
slots:
  county: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: county, not_intent: chat}]}
  age: {type: any, mappings: [{type: from_entity, entity: age}]}
  story:
    type: text
    influence_conversation: false
    mappings: [{type: from_text, not_intent: [why, stop], conditions: [{active_loop: intake_form, requested_slot: story}]}]
  consent:
    type: bool
    influence_conversation: false
    mappings:
    - {type: from_intent, intent: affirm, value: true, conditions: [{active_loop: intake_form}]}
    - {type: from_intent, intent: deny, value: false, conditions: [{active_loop: intake_form}]}
forms:
  intake_form: {required_slots: [county, story, consent]}
actions: [{ACTIONS}]
responses:
  utter_ask_county: [{text: "Which county?"}]
  utter_ask_age: [{text: "How old?"}]
  utter_ask_story: [{text: "What happened in {county}?"}]
  utter_ask_consent: [{text: "May we write it down?"}]
  utter_because: [{text: So that somebody near helps.}]
  utter_stopped: [{text: All right.}]
  utter_done: [{text: "Noted: {story}"}]
  utter_default: [{text: "Pardon?"}]
"""
RULES = """
rules:
- {rule: begin, steps: [{intent: begin}, {action: intake_form}, {active_loop: intake_form}]}
- rule: done
  condition: [{active_loop: intake_form}]
  steps: [{action: intake_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_done}]
- rule: why
  condition: [{active_loop: intake_form}]
  steps: [{intent: why}, {action: utter_because}, {action: intake_form}, {active_loop: intake_form}]
- rule: stop
  condition: [{active_loop: intake_form}]
  steps: [{intent: stop}, {action: action_deactivate_loop}, {active_loop: null}, {action: utter_stopped}]
"""
VALIDATE = "validate_intake_form"


def domain(*actions: str) -> str:
    return DOMAIN.replace("{ACTIONS}", ", ".join(actions))


def answer(*, says: str | None = None, **slots: Any) -> dict[str, Any]:
    """What an action server answers."""
    events = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
    return {"events": events, "responses": [{"text": says}] if says else []}


def asked(talk: Talk) -> Any:
    return talk.last.slots["requested_slot"]


def loop(talk: Talk) -> str | None:
    return (talk.last.snapshot["loop"] or {}).get("name")


@pytest.fixture
def talk(talking: Talking) -> Talk:
    """A conversation with the form, which has no validation."""
    return talking(domain(), RULES)


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_form_asks_one_slot_after_another_and_then_a_rule_goes_on(talk: Talk) -> None:
    assert talk.say("/begin") == ["Which county?"]
    assert talk.say('/inform{"county": "泸溪县"}') == ["What happened in 泸溪县?"]
    assert talk.say("他们都不管孩子") == ["May we write it down?"]
    assert talk.say("/affirm") == ["Noted: 他们都不管孩子"]
    assert (loop(talk), asked(talk)) == (None, None)


def test_what_is_known_is_not_asked(talk: Talk) -> None:
    assert talk.say('/begin{"county": "杭州"}') == ["What happened in 杭州?"]


def test_what_was_said_before_it_was_asked_counts(talk: Talk) -> None:
    talk.say("/begin")
    talk.say("/deny")
    assert talk.say('/inform{"county": "杭州"}') == ["What happened in 杭州?"]
    assert talk.say("a story") == ["Noted: a story"]


def test_a_form_with_nothing_to_ask_is_over_at_once(talk: Talk) -> None:
    assert talk.say("/begin", county="x", story="y", consent=True) == ["Noted: y"]


def test_the_form_s_own_question_goes_before_the_slot_s_and_an_action_before_a_response(talking: Talking) -> None:
    own = domain("action_ask_intake_form_story") + "  utter_ask_intake_form_county: [{text: Where do you live?}]\n"
    talk = talking(own, RULES, {"action_ask_intake_form_story": lambda _: answer(says="Tell me.")})
    assert talk.say("/begin") == ["Where do you live?"]
    assert talk.say('/inform{"county": "杭州"}') == ["Tell me."]


# --- interruptions ---------------------------------------------------------------------------------------------------


def test_a_question_back_is_answered_and_the_form_asks_the_same_again(talk: Talk) -> None:
    talk.say("/begin")
    talk.say('/inform{"county": "杭州"}')
    for _ in range(3):
        assert talk.say("/why") == ["So that somebody near helps.", "What happened in 杭州?"]
    assert talk.say("a story") == ["May we write it down?"]


def test_what_answers_nothing_and_has_no_rule_leaves_the_question_on_the_table(talk: Talk) -> None:
    talk.say("/begin")
    assert talk.say("/chat") == ["Pardon?"]
    assert (loop(talk), asked(talk)) == ("intake_form", "county")
    assert talk.say('/inform{"county": "杭州"}') == ["What happened in 杭州?"]


def test_a_rule_can_end_the_form(talk: Talk) -> None:
    talk.say("/begin")
    assert talk.say("/stop") == ["All right."]
    assert (loop(talk), asked(talk)) == (None, None)
    assert talk.say("/why") == ["Pardon?"]


def test_a_form_taken_up_again_asks_only_for_what_is_missing(talk: Talk) -> None:
    talk.say('/begin{"county": "杭州"}')
    talk.say("/stop")
    assert talk.say("/begin") == ["What happened in 杭州?"]


def test_back_takes_back_the_form_with_all_it_heard_as_in_rasa(talk: Talk) -> None:
    talk.say("/begin")
    talk.say('/inform{"county": "杭州"}')
    talk.say("/back")
    assert (loop(talk), asked(talk), talk.last.slots["county"]) == (None, None, None)
    assert talk.say("/begin") == ["Which county?"]


def test_restart_leaves_the_form(talk: Talk) -> None:
    talk.say('/begin{"county": "杭州"}')
    talk.say("/restart")
    assert (loop(talk), asked(talk), talk.last.slots["county"]) == (None, None, None)


# --- what fills a slot -----------------------------------------------------------------------------------------------


def test_an_intent_that_is_not_wanted_fills_nothing(talk: Talk) -> None:
    talk.say("/begin")
    talk.say('/chat{"county": "杭州"}')
    assert talk.last.slots["county"] is None


def test_free_text_fills_a_slot_only_while_it_is_asked_for(talk: Talk) -> None:
    talk.say("/begin")
    talk.say("anything")
    assert talk.last.slots["story"] is None


def test_a_mapping_for_a_form_fills_nothing_outside_it(talk: Talk) -> None:
    talk.say("/affirm")
    assert talk.last.slots["consent"] is None


def test_an_ignored_intent_fills_nothing_of_the_form(talking: Talking) -> None:
    ignoring = domain().replace("{required_slots", "{ignored_intents: chat, required_slots")
    talk = talking(ignoring.replace(", not_intent: chat", ""), RULES)
    talk.say("/begin")
    talk.say('/chat{"county": "杭州"}')
    assert talk.last.slots["county"] is None


def test_the_intent_that_started_the_form_can_fill_a_slot(talking: Talking) -> None:
    mapping = "{type: from_trigger_intent, intent: begin, value: true, conditions: [{active_loop: intake_form}]}\n"
    talk = talking(domain().replace("    mappings:\n", f"    mappings:\n    - {mapping}"), RULES)
    talk.say("/begin")
    assert talk.last.slots["consent"] is True


def test_a_list_takes_every_value_and_any_other_slot_the_last(talking: Talking) -> None:
    lists = domain().replace("age: {type: any,", "age: {type: list, influence_conversation: false,")
    talk = talking(lists, RULES)
    talk.say("/begin")
    talk.say('/inform{"age": [3, 5], "county": ["杭州", "泸溪县"]}')
    assert (talk.last.slots["age"], talk.last.slots["county"]) == ([3, 5], "泸溪县")


def test_an_action_can_fill_a_custom_slot_from_every_message(talking: Talking) -> None:
    custom = domain("action_count").replace(
        "mappings: [{type: from_entity, entity: age}]", "mappings: [{type: custom, action: action_count}]"
    )
    talk = talking(
        custom, RULES, {"action_count": lambda call: answer(age=len(call["tracker"]["latest_message"]["text"]))}
    )
    talk.say("/begin")
    assert talk.last.slots["age"] == 6


COUNTED = ("mappings: [{type: from_entity, entity: age}]", "mappings: [{type: custom, action: action_count}]")


def test_an_action_that_fills_a_slot_sees_the_form_that_starts(talking: Talking) -> None:
    seen: list[str | None] = []

    def count(call: Call) -> dict[str, Any]:
        seen.append(call["tracker"]["active_loop"].get("name"))
        return answer()

    talking(domain("action_count").replace(*COUNTED), RULES, {"action_count": count}).say("/begin")
    assert seen == [None, "intake_form"]


def test_an_action_that_declines_to_fill_a_slot_fills_none(talking: Talking) -> None:
    def declines(call: Call) -> dict[str, Any]:
        raise ActionRejected(call["next_action"])

    talk = talking(domain("action_count").replace(*COUNTED), RULES, {"action_count": declines})
    assert talk.say("/begin") == ["Which county?"]


def test_an_entity_without_a_value_fills_no_empty_slot_and_clears_a_full_one(talking: Talking) -> None:
    rules = RULES + "- {rule: chat, steps: [{intent: chat}, {action: utter_because}]}\n"
    talk = talking(domain().replace("entity: age}]", "entity: age}, {type: from_text}]"), rules)
    talk.say('/chat{"age": null}')
    assert talk.last.slots["age"] == '/chat{"age": null}'
    talk.say('/chat{"age": null}')
    assert talk.last.slots["age"] is None


# --- validation ------------------------------------------------------------------------------------------------------


def validated(talking: Talking, validate: Callable[[Call], Any]) -> Talk:
    return talking(domain(VALIDATE), RULES, {VALIDATE: validate})


def candidates(call: Call) -> dict[str, Any]:
    """The slots an action is to validate: those set after the form's own entry in the record."""
    events = call["tracker"]["events"]
    start = max(number for number, event in enumerate(events) if event.get("name") == "intake_form")
    return {event["name"]: event["value"] for event in events[start:] if event["event"] == "slot"}


def test_an_answer_that_validation_does_not_accept_is_asked_again(talking: Talking) -> None:
    def validate(call: Call) -> dict[str, Any]:
        if candidates(call).get("county") == "月球":
            return answer(says="That is no county.", county=None)
        return answer(**candidates(call))

    talk = validated(talking, validate)
    talk.say("/begin")
    assert talk.say('/inform{"county": "月球"}') == ["That is no county.", "Which county?"]
    assert talk.say('/inform{"county": "杭州"}') == ["What happened in 杭州?"]


def test_validation_may_fill_other_slots_as_well(talking: Talking) -> None:
    talk = validated(talking, lambda call: answer(**candidates(call), story="known already"))
    talk.say("/begin")
    assert talk.say('/inform{"county": "杭州"}') == ["May we write it down?"]


def test_validation_chooses_the_next_question(talking: Talking) -> None:
    talk = validated(talking, lambda call: answer(**candidates(call), requested_slot="consent"))
    assert talk.say("/begin") == ["May we write it down?"]


def test_validation_can_end_the_form_with_questions_left(talking: Talking) -> None:
    talk = validated(talking, lambda call: answer(**candidates(call), requested_slot=None))
    talk.say("/begin")
    assert loop(talk) is None


def test_validation_that_declines_lets_a_rule_answer_and_the_form_asks_again(talking: Talking) -> None:
    def validate(call: Call) -> dict[str, Any]:
        events = call["tracker"]["events"]
        fresh = not any(e["event"] == "action" for e in events[[e["event"] for e in events].index("user") : -1])
        if call["tracker"]["latest_message"]["intent"]["name"] == "why" and fresh:
            raise ActionRejected(VALIDATE)
        return answer(**candidates(call))

    talk = validated(talking, validate)
    talk.say("/begin")
    assert talk.say("/why") == ["So that somebody near helps.", "Which county?"]


class ValidateIntakeForm(FormValidationAction):
    """Asks for an age as well once it knows that there is a child."""

    def name(self) -> str:
        return VALIDATE

    async def required_slots(self, domain_slots: list[str], _: Any, tracker: Any, __: Any) -> list[str]:
        return ["age", "consent"] if tracker.get_slot("county") else domain_slots[:1]


def test_validation_is_not_told_that_the_form_was_declined_before(talking: Talking) -> None:
    told: list[bool] = []

    def validate(call: Call) -> dict[str, Any]:
        told.append(call["tracker"]["active_loop"].get("rejected", False))
        return answer()

    talk = validated(talking, validate)
    talk.say("/begin")
    assert talk.say("/why") == ["So that somebody near helps.", "Which county?"]
    assert not any(told)


def test_validation_that_restarts_forgets_what_was_answered(talking: Talking) -> None:
    def validate(call: Call) -> dict[str, Any]:
        restarted = candidates(call).get("county") == "泸溪县"
        return {"events": [{"event": "restart"}] if restarted else [], "responses": []}

    talk = validated(talking, validate)
    talk.say("/begin")
    assert talk.say('/inform{"county": "泸溪县"}')[-1] == "Which county?"


def test_what_a_form_asks_for_can_depend_on_the_answers(talking: Talking) -> None:
    executor = ActionExecutor()
    executor.register_action(ValidateIntakeForm)
    talk = talking(domain(VALIDATE), RULES, {VALIDATE: InProcessActions(executor)})
    assert talk.say("/begin") == ["Which county?"]
    assert talk.say('/inform{"county": "杭州"}') == ["How old?"]
    assert talk.say('/inform{"age": 3}') == ["May we write it down?"]
    talk.say("/affirm")
    assert loop(talk) is None
