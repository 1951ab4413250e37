"""Which action a rule lets follow: conditions, beginnings, open ends, Rasa's own intents, what no rule answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.dialogue import ActionRejected, Assistant, Project
from tests.dialogue.talking import Talk

Talking = Callable[..., Talk]

DOMAIN = """\
intents: [hello, ask, tell, leave]
entities: [county]
slots:
  county: {type: text, mappings: [{type: from_entity, entity: county}]}
  urgent: {type: bool, mappings: [{type: custom}]}
  route: {type: categorical, values: [court, village], mappings: [{type: custom}]}
  note: {type: text, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_ask_back]
responses:
  utter_hello: [{text: Hello.}]
  utter_welcome: [{text: Welcome.}]
  utter_court: [{text: To the court.}]
  utter_village: [{text: To the village.}]
  utter_at_once: [{text: At once.}]
  utter_later: [{text: Later.}]
  utter_where: [{text: "In {county}."}]
  utter_where_not: [{text: Where?}]
  utter_more: [{text: "More?"}]
  utter_bye: [{text: Bye.}]
"""


def ran(talk: Talk) -> list[str]:
    """The actions since the last message."""
    heard = next(number for number, event in enumerate(talk.last.events) if event["event"] == "user")
    return [event["name"] for event in talk.last.events[heard:] if event["event"] == "action"]


# --- conditions ------------------------------------------------------------------------------------------------------


def test_a_rule_holds_only_while_its_condition_does(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: court, condition: [{slot_was_set: [{route: court}]}], steps: [{intent: ask}, {action: utter_court}]}
- {rule: village, condition: [{slot_was_set: [{route: village}]}], steps: [{intent: ask}, {action: utter_village}]}
""",
    )
    assert talk.say("/ask", route="court") == ["To the court."]
    assert talk.say("/ask", route="Village") == ["To the village."]
    assert talk.say("/ask", route="police") == []
    assert talk.say("/ask", route=None) == []


def test_of_two_rules_that_hold_the_one_that_asks_for_more_is_followed(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: ask, steps: [{intent: ask}, {action: utter_later}]}
- {rule: urgent, condition: [{slot_was_set: [{urgent: true}]}], steps: [{intent: ask}, {action: utter_at_once}]}
""",
    )
    assert talk.say("/ask") == ["Later."]
    assert talk.say("/ask", urgent=True) == ["At once."]
    assert talk.say("/ask", urgent=False) == ["Later."]


def test_null_in_a_condition_means_that_the_slot_must_be_empty(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: known, condition: [{slot_was_set: [county]}], steps: [{intent: ask}, {action: utter_where}]}
- {rule: unknown, condition: [{slot_was_set: [{county: null}]}], steps: [{intent: ask}, {action: utter_where_not}]}
""",
    )
    assert talk.say("/ask") == ["Where?"]
    assert talk.say("/ask", county="泸溪县") == ["In 泸溪县."]


def test_a_text_counts_by_being_there_a_truth_value_by_what_it_is(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: anywhere, condition: [{slot_was_set: [{county: 泸溪县}]}], steps: [{intent: ask}, {action: utter_where}]}
- {rule: not urgent, condition: [{slot_was_set: [{urgent: false}]}], steps: [{intent: tell}, {action: utter_later}]}
""",
    )
    assert talk.say("/ask", county="杭州") == ["In 杭州."]
    assert talk.say("/tell", urgent=True) == []
    assert talk.say("/tell", urgent=False) == ["Later."]


def test_a_slot_that_does_not_influence_the_conversation_is_invisible_to_rules(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        "rules: [{rule: ask, condition: [{slot_was_set: [{note: x}]}], steps: [{intent: ask}, {action: utter_later}]}]",
    )
    assert talk.say("/ask") == ["Later."]


def test_either_of_two_intents_starts_a_rule_with_or(talking: Talking) -> None:
    talk = talking(
        DOMAIN, "rules: [{rule: either, steps: [{or: [{intent: ask}, {intent: tell}]}, {action: utter_more}]}]"
    )
    assert talk.say("/ask") == talk.say("/tell") == ["More?"]
    assert talk.say("/hello") == []


# --- where a rule begins and ends ------------------------------------------------------------------------------------


def test_a_rule_for_the_start_of_a_conversation_holds_nowhere_else(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: first, conversation_start: true, steps: [{intent: hello}, {action: utter_welcome}]}
- {rule: again, condition: [{slot_was_set: [{urgent: false}]}], steps: [{intent: hello}, {action: utter_hello}]}
""",
    )
    assert talk.say("/hello") == ["Welcome."]
    assert talk.say("/hello", urgent=False) == ["Hello."]


def test_a_rule_that_does_not_wait_lets_the_next_one_go_on(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: hello, wait_for_user_input: false, steps: [{intent: hello}, {action: utter_hello}]}
- {rule: after hello, steps: [{action: utter_hello}, {action: utter_more}]}
""",
    )
    assert talk.say("/hello") == ["Hello.", "More?"]


def test_entities_of_a_rule_must_have_been_heard(talking: Talking) -> None:
    talk = talking(
        DOMAIN,
        """
rules:
- {rule: tells where, steps: [{intent: tell, entities: [county]}, {action: utter_where}]}
- {rule: tells, condition: [{slot_was_set: [{county: null}]}], steps: [{intent: tell}, {action: utter_where_not}]}
""",
    )
    assert talk.say("/tell") == ["Where?"]
    assert talk.say('/tell{"county": "泸溪县"}') == ["In 泸溪县."]


# --- Rasa's own intents ----------------------------------------------------------------------------------------------

SLOTS = "rules: [{rule: tell, steps: [{intent: tell}, {action: utter_where}]}]"


def test_restart_forgets_everything(talking: Talking) -> None:
    talk = talking(DOMAIN + "  utter_restart: [{text: From the start.}]\n", SLOTS)
    talk.say('/tell{"county": "泸溪县"}')
    assert talk.say("/restart") == ["From the start."]
    assert talk.last.slots["county"] is None


def test_back_takes_back_the_last_message_and_what_it_set(talking: Talking) -> None:
    talk = talking(DOMAIN + "  utter_back: [{text: One back.}]\n", SLOTS)
    talk.say('/tell{"county": "泸溪县"}')
    talk.say('/tell{"county": "杭州"}')
    assert talk.say("/back") == ["One back."]
    assert talk.last.slots["county"] == "泸溪县"
    talk.say("/back")
    assert talk.last.slots["county"] is None


def test_back_at_the_beginning_takes_nothing_back_and_does_no_harm(talking: Talking) -> None:
    talk = talking(DOMAIN, SLOTS)
    for _ in range(3):
        assert talk.say("/back") == []
    assert talk.say('/tell{"county": "杭州"}') == ["In 杭州."]


def test_session_start_begins_anew_and_carries_slots_over(talking: Talking) -> None:
    talk = talking(DOMAIN, SLOTS)
    talk.say('/tell{"county": "杭州"}')
    assert talk.say("/session_start") == []
    assert talk.last.slots["county"] == "杭州"


class Clock:
    """A clock moved by hand."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def silent_for(minutes: float, written: Callable[..., Path], session: str) -> Any:
    """What `county` holds when somebody writes again after a silence."""
    clock = Clock()
    project = Project.load(written(f"{DOMAIN}session_config: {session}\n", SLOTS))
    talk = Talk(Assistant(project, lambda _: {}, clock=clock))
    talk.say('/tell{"county": "杭州"}')
    clock.now += 60 * minutes
    talk.say("/hello")
    return talk.last.slots["county"]


def test_a_session_ends_after_silence_and_slots_go_with_it_where_the_domain_says_so(
    written: Callable[..., Path],
) -> None:
    forgetting = "{session_expiration_time: 60, carry_over_slots_to_new_session: false}"
    assert silent_for(61, written, forgetting) is None


def test_a_session_lives_on_through_a_shorter_silence(written: Callable[..., Path]) -> None:
    assert silent_for(59, written, "{session_expiration_time: 60, carry_over_slots_to_new_session: false}") == "杭州"


def test_a_session_of_no_length_never_ends(written: Callable[..., Path]) -> None:
    assert silent_for(1e6, written, "{session_expiration_time: 0, carry_over_slots_to_new_session: false}") == "杭州"


# --- what no rule answers --------------------------------------------------------------------------------------------

NOTHING = "rules: [{rule: hello, steps: [{intent: hello}, {action: utter_hello}]}]"


def test_what_no_rule_answers_is_answered_by_the_default_and_taken_back(talking: Talking) -> None:
    talk = talking(DOMAIN + "  utter_default: [{text: Pardon?}]\n", NOTHING)
    assert talk.say('/tell{"county": "杭州"}') == ["Pardon?"]
    assert talk.last.snapshot["slots"]["county"] is None
    assert talk.say("/hello") == ["Hello."]


def test_another_action_can_be_the_default(talking: Talking) -> None:
    config = "policies: [{name: RulePolicy, core_fallback_action_name: action_ask_back}]\npipeline: []\n"
    answer = {"responses": [{"text": "What do you mean?"}], "events": [{"event": "rewind"}]}
    talk = talking(DOMAIN, NOTHING, {"action_ask_back": lambda _: answer}, config=config)
    assert talk.say("/tell") == ["What do you mean?"]


def test_without_a_default_the_bot_listens(talking: Talking) -> None:
    config = "policies: [{name: RulePolicy, enable_fallback_prediction: false}]\npipeline: []\n"
    talk = talking(DOMAIN + "  utter_default: [{text: Pardon?}]\n", NOTHING, config=config)
    assert talk.say("/tell") == []
    assert talk.last.failed is None


# --- actions that lead on --------------------------------------------------------------------------------------------


def test_an_action_may_name_the_one_that_follows(talking: Talking) -> None:
    actions = {"action_ask_back": lambda _: {"events": [{"event": "followup", "name": "utter_bye"}]}}
    rules = "rules: [{rule: leave, steps: [{intent: leave}, {action: action_ask_back}, {action: utter_more}]}]"
    talk = talking(DOMAIN, rules, actions)
    assert talk.say("/leave") == ["Bye."]
    assert ran(talk)[:2] == ["action_ask_back", "utter_bye"]


def test_an_action_that_declines_leaves_the_turn_to_the_default(talking: Talking) -> None:
    def decline(_: dict[str, Any]) -> None:
        raise ActionRejected("action_ask_back")

    rules = "rules: [{rule: leave, steps: [{intent: leave}, {action: action_ask_back}, {action: utter_bye}]}]"
    talk = talking(DOMAIN + "  utter_default: [{text: Pardon?}]\n", rules, {"action_ask_back": decline})
    assert talk.say("/leave") == ["Pardon?"]
    assert talk.last.failed is None


def test_a_turn_ends_after_ten_actions_and_the_conversation_goes_on(talking: Talking) -> None:
    again = {"events": [{"event": "followup", "name": "action_ask_back"}], "responses": [{"text": "Again."}]}
    rules = """
rules:
- {rule: leave, steps: [{intent: leave}, {action: action_ask_back}]}
- {rule: hello, steps: [{intent: hello}, {action: utter_hello}]}
"""
    talk = talking(DOMAIN, rules, {"action_ask_back": lambda _: again})
    assert talk.say("/leave") == ["Again."] * 10
    assert talk.last.failed == "action_ask_back"
    assert talk.say("/hello") == ["Hello."]


def test_a_paused_conversation_is_silent_until_it_is_restarted(talking: Talking) -> None:
    actions = {"action_ask_back": lambda _: {"events": [{"event": "pause"}]}}
    rules = NOTHING[:-1] + ", {rule: leave, steps: [{intent: leave}, {action: action_ask_back}]}]"
    talk = talking(DOMAIN, rules, actions)
    talk.say("/leave")
    assert talk.say("/hello") == []
    talk.say("/restart")
    assert talk.say("/hello") == ["Hello."]


def test_entities_of_a_rule_fill_its_slots_whatever_the_domain_s_config_says_as_in_rasa(talking: Talking) -> None:
    domain = """
intents: [take]
entities: [seat]
config: {store_entities_as_slots: false}
slots: {seat: {type: categorical, values: [up, down], mappings: [{type: from_entity, entity: seat}]}}
responses: {utter_seat: [{text: "{seat}"}], utter_default: [{text: "Pardon?"}]}
"""
    talk = talking(domain, "rules: [{rule: r, steps: [{intent: take, entities: [{seat: up}]}, {action: utter_seat}]}]")
    assert talk.say('/take{"seat": "up"}') == ["up"]
    assert talk.say('/take{"seat": "down"}') == ["Pardon?"]


# --- entities that rules see -----------------------------------------------------------------------------------------


def test_an_intent_that_ignores_no_entity_sees_the_roles_of_those_ignored_elsewhere(talking: Talking) -> None:
    domain = DOMAIN.replace("[hello,", "[{hello: {ignore_entities: []}},").replace(
        "entities: [county]", "entities: [county, place: {roles: [to], influence_conversation: false}]"
    )
    rules = """
rules:
- rule: hello from somewhere
  steps: [{intent: hello, entities: [{place: x, role: to}]}, {action: utter_hello}]
"""
    assert talking(domain, rules).say("/hello") == []


def test_an_action_may_make_itself_a_loop(talking: Talking) -> None:
    domain = """
intents: [guess]
actions: [action_guess]
responses: {utter_won: [{text: Won.}]}
"""
    rules = """
rules:
- {rule: guess, steps: [{intent: guess}, {action: action_guess}, {active_loop: action_guess}]}
- {rule: won, condition: [{active_loop: action_guess}], steps: [{action: action_guess}, {active_loop: null}, {action: utter_won}]}
"""

    def guess(call: dict[str, Any]) -> dict[str, Any]:
        name = None if call["tracker"]["active_loop"] else "action_guess"
        return {"events": [{"event": "active_loop", "name": name}], "responses": [{"text": "Guess."}]}

    talk = talking(domain, rules, {"action_guess": guess})
    assert [talk.say("/guess"), talk.say("seven")] == [["Guess."], ["Guess.", "Won."]]
