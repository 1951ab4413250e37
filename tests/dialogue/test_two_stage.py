"""Fallback in two stages: first what was meant, then to say it again, then it gives up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue import Parsed
from tests.dialogue.talking import Talk

Talking = Callable[..., Talk]
DOMAIN = """\
intents: [hours, bye]
actions: []
responses:
  utter_hours: [{text: From eight to six.}]
  utter_bye: [{text: Bye.}]
  utter_ask_rephrase: [{text: Please say it in other words.}]
  utter_default: [{text: Somebody will call you.}]
"""
RULES = """
rules:
- {rule: hours, steps: [{intent: hours}, {action: utter_hours}]}
- {rule: bye, steps: [{intent: bye}, {action: utter_bye}]}
- rule: not understood
  steps: [{intent: nlu_fallback}, {action: action_two_stage_fallback}, {active_loop: action_two_stage_fallback}]
"""
CONFIG = "pipeline: [{name: KeywordIntentClassifier}, {name: FallbackClassifier}]\npolicies: [{name: RulePolicy}]\n"
NLU = "nlu: [{intent: hours, examples: '- opening hours'}]\n"  # where nlu.yml says nothing, Rasa has no pipeline


@pytest.fixture
def talk(talking: Talking) -> Talk:
    return talking(DOMAIN, RULES, config=CONFIG, nlu=NLU)


def loop(talk: Talk) -> str | None:
    return (talk.last.snapshot["loop"] or {}).get("name")


def ask(talk: Talk, message: Parsed) -> dict[str, Any]:
    """What is asked about a message with a ranking."""
    talk.outcome = talk.assistant.handle(None, message, {}, sender="mei", channel="collector")
    return talk.last.replies[0]


def test_the_likeliest_intent_is_offered(talk: Talk) -> None:
    ranking = (("nlu_fallback", 0.3), ("hours", 0.29), ("bye", 0.2))
    asked = ask(talk, Parsed("when", "nlu_fallback", 0.3, (), ranking))
    assert "'hours'" in asked["text"]
    assert [button["payload"] for button in asked["buttons"]] == ["/hours", "/out_of_scope"]
    assert loop(talk) == "action_two_stage_fallback"


def test_what_was_meant_is_answered_as_if_it_had_been_said_first(talk: Talk) -> None:
    talk.say("hm")
    assert talk.say("/hours@0.5") == ["From eight to six."]
    found = talk.last.snapshot
    assert [step["action"] for step in found["steps"]] == ["action_listen", "utter_hours", "action_listen"]
    assert found["message"]["intent"]["confidence"] == 1.0
    assert loop(talk) is None


def test_somebody_who_meant_something_else_is_asked_to_say_it_again(talk: Talk) -> None:
    talk.say("hm")
    assert talk.say("/out_of_scope") == ["Please say it in other words."]
    assert talk.say("/bye") == ["Bye."]


@pytest.mark.parametrize("tries", [["hm", "hm"], ["hm", "/out_of_scope", "hm", "/out_of_scope"]])
def test_it_gives_up_after_two_fallbacks_in_a_row_or_a_second_no(talk: Talk, tries: list[str]) -> None:
    said = [talk.say(text) for text in tries]
    assert said[-1] == ["Somebody will call you."]
    assert ["Somebody will call you."] not in said[:-1]
    assert loop(talk) is None


def test_tries_before_a_restart_do_not_count(talk: Talk) -> None:
    for text in ("hm", "/restart", "hm"):
        talk.say(text)
    assert loop(talk) == "action_two_stage_fallback"


def test_tries_of_an_earlier_session_do_not_count_in_the_second_turn_of_a_new_one(talk: Talk) -> None:
    for text in ("hm", "/session_start", "/bye", "hm"):
        talk.say(text)
    assert loop(talk) == "action_two_stage_fallback"


def test_a_project_asks_in_its_own_way(talking: Talking) -> None:
    domain = DOMAIN.replace("actions: []", "actions: [action_default_ask_affirmation, action_default_fallback]")
    own = {
        "action_default_ask_affirmation": lambda _: {"events": [], "responses": [{"text": "What do you need?"}]},
        "action_default_fallback": lambda _: {"events": [{"event": "rewind"}], "responses": [{"text": "One moment."}]},
    }
    talk = talking(domain, RULES, own, config=CONFIG, nlu=NLU)
    assert [talk.say("hm"), talk.say("hm")] == [["What do you need?"], ["One moment."]]
