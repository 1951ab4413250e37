"""Rightdoor's own conversation: every intent is answered wherever it comes, in both languages, by actions that exist."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

import actions
from bot.dialogue import Assistant, InProcessActions, Project
from bot.dialogue.model.responses import Variation
from bot.dialogue.speaking.speaker import suitable
from tests.dialogue.talking import Talk, executor_of

ROOT = Path(__file__).parents[2]
PROJECT = Project.load(ROOT)
DOMAIN = PROJECT.domain
RESPONSES = DOMAIN.responses
# Rasa's own that nobody of ours sends.
RASAS = {"restart", "back", "session_start", "out_of_scope"}
INTENTS = sorted(DOMAIN.intents - RASAS)
# Buttons that the turn reads itself; what they say reaches the dialogue as `inform` or `language`.
READ_BY_THE_TURN = {"answer", "place", "back", "language"}
# Buttons of caseworkers and operators: `word:reference`, or `word:reference:detail`.
STAFF = re.compile(r"[a-z_]+:[{}a-z_]+(:[{}a-z_]+){0,3}")  # verb:part:stamp:detail:more (bot/turns/buttons.py)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST_PAYLOAD = 64
ASKING = {"interviewing": True, "next_question": "screen_danger", "language": "zh"}
DONE = {"interviewing": False, "next_question": None, "referral": {"state": "sent"}, "language": "zh"}


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return Assistant(PROJECT, InProcessActions(executor_of(*actions.ALL)))


def started(assistant: Assistant, **slots: Any) -> Talk:
    """A conversation in which somebody has greeted."""
    talk = Talk(assistant)
    talk.say("/greet", **slots)
    return talk


def loop(talk: Talk) -> str | None:
    return (talk.last.snapshot["loop"] or {}).get("name")


def answered_by_a_rule(talk: Talk) -> bool:
    """Whether something was said, nothing failed, and nobody had to fall back."""
    names = [event.get("name") for event in talk.last.events]
    return bool(talk.last.replies) and talk.last.failed is None and "action_default_fallback" not in names


def test_our_project_loads() -> None:
    assert set(DOMAIN.forms) == {"interview_form"}
    assert len(PROJECT.rules) > len(INTENTS)


# --- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_a_rule_in_the_interview(assistant: Assistant, intent: str) -> None:
    talk = started(assistant, **ASKING)
    assert loop(talk) == "interview_form"
    talk.say(f"/{intent}")
    assert answered_by_a_rule(talk)


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("slots", [ASKING, DONE], ids=["questions left", "nothing left"])
def test_every_intent_has_a_rule_outside_the_interview(
    assistant: Assistant, intent: str, slots: dict[str, Any]
) -> None:
    talk = started(assistant, **DONE)
    assert loop(talk) is None
    talk.say(f"/{intent}", **slots)
    assert answered_by_a_rule(talk)


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_may_be_the_first_thing_said(assistant: Assistant, intent: str) -> None:
    talk = Talk(assistant)
    talk.say(f"/{intent}", **ASKING, first_contact=True)
    assert answered_by_a_rule(talk)


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("slots", [ASKING, DONE], ids=["questions left", "nothing left"])
def test_the_emergency_card_comes_first_whatever_is_said(
    assistant: Assistant, intent: str, slots: dict[str, Any]
) -> None:
    talk = started(assistant, **slots)
    said = talk.say(f"/{intent}", card_due=True)
    assert "110" in (said[0] or "")
    assert talk.last.slots["moves"][:2] == ["card_shown", "send"]


def test_an_interruption_of_the_interview_returns_to_the_same_question(assistant: Assistant) -> None:
    talk = started(assistant, **ASKING)
    question = talk.last.replies[-1]
    for intent in ("why", "custody", "bot_challenge", "help", "human", "language", "unreadable", "nlu_fallback"):
        talk.say(f"/{intent}")
        assert talk.last.replies[-1] == question, intent


# --- words -----------------------------------------------------------------------------------------------------------


def slot_values(variations: tuple[Variation, ...]) -> Iterator[dict[str, Any]]:
    """Every combination of what the conditions of a response ask for, each in both languages."""
    asked: dict[str, set[Any]] = {}
    for variation in variations:
        for name, value in variation.condition or ():
            asked.setdefault(name, {None}).add(value)
    asked["language"] = {"zh", "en"}
    yield from (dict(zip(asked, values, strict=True)) for values in product(*asked.values()))


@pytest.mark.parametrize("name", RESPONSES)
@pytest.mark.parametrize("channel", ["telegram", "rest"])
def test_every_response_is_said_in_both_languages(assistant: Assistant, name: str, channel: str) -> None:
    chinese = assistant.say(name, {"language": "zh"}, channel=channel)
    english = assistant.say(name, {"language": "en"}, channel=channel)
    assert chinese["text"]
    assert english["text"]
    assert chinese["text"] == english["text"] or not CHINESE.search(english["text"])
    assert len(chinese["buttons"]) == len(english["buttons"])
    assert [b["payload"] for b in chinese["buttons"]] == [b["payload"] for b in english["buttons"]]


# Two variations fit a reader of English there, one of them Chinese; to be mended in data/domain/replies.yml.
@pytest.mark.parametrize("name", RESPONSES)
def test_of_every_response_one_variation_and_no_other_fits(name: str) -> None:
    for slots, channel in product(slot_values(RESPONSES[name]), ("telegram", "rest")):
        assert len(suitable(RESPONSES[name], slots, channel)) == 1, (slots, channel)


# --- buttons ---------------------------------------------------------------------------------------------------------


def buttons() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every button of every response."""
    for name, variations in RESPONSES.items():
        for variation in variations:
            yield from ((name, button) for button in variation.content.get("buttons", ()))


@pytest.mark.parametrize("payload", sorted({button["payload"] for _, button in buttons()}))
def test_every_button_says_something_that_can_be_read(assistant: Assistant, payload: str) -> None:
    assert len(payload.encode()) <= LONGEST_PAYLOAD
    if not payload.startswith("/"):
        assert STAFF.fullmatch(payload)
        return
    intent, brace, rest = payload.removeprefix("/").partition("{")
    assert intent in READ_BY_THE_TURN or assistant.parse(payload).intent == intent
    assert isinstance(json.loads(brace + rest or "{}"), dict)


def test_every_button_has_a_short_title() -> None:
    assert {(name, b["title"]) for name, b in buttons() if not 0 < len(b["title"]) <= LONGEST_PAYLOAD} == set()


# --- actions ---------------------------------------------------------------------------------------------------------


def test_every_action_named_exists_and_every_action_that_exists_is_named() -> None:
    assert {action().name() for action in actions.ALL} == DOMAIN.custom


def test_every_action_is_listed_once_and_answers_to_its_name() -> None:
    executor = ActionExecutor()
    for action in actions.ALL:
        executor.register_action(action)
    assert len(executor.actions) == len(actions.ALL)


def test_every_action_is_used_by_a_rule_a_form_or_what_preempts() -> None:
    by_rules = {event["name"] for rule in PROJECT.rules for event in rule.events if event["event"] == "action"}
    by_forms = {name for form in DOMAIN.forms for name in DOMAIN.custom if name == f"validate_{form}"}
    by_questions = {name for name in DOMAIN.custom if name.startswith("action_ask_")}
    first = {preemption.action for preemption in PROJECT.preemptions}
    assert DOMAIN.custom - by_rules - by_forms - by_questions - first == set()


@pytest.mark.parametrize("file", sorted((ROOT / "actions").glob("*.py")), ids=lambda file: file.name)
def test_actions_import_only_rasa_sdk_so_that_they_can_be_served_to_a_real_rasa(file: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= {"__future__", "actions", "collections", "datetime", "typing", "rasa_sdk"}


def said_by_actions() -> set[str]:
    """Every response that actions name outright."""
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py")]
    return {name for source in sources for name in re.findall(r'"(utter_\w+)"', source)}


def test_every_response_that_actions_name_was_written() -> None:
    assert said_by_actions() - set(RESPONSES) == set()


def test_every_response_that_rules_name_was_written() -> None:
    named = {event["name"] for rule in PROJECT.rules for event in rule.events if event["event"] == "action"}
    assert {name for name in named if name.startswith("utter_")} - set(RESPONSES) == set()


def test_nothing_families_write_fills_a_slot() -> None:
    kinds = {mapping.kind for slot in DOMAIN.slots.slots.values() for mapping in slot.mappings}
    assert kinds == {"custom"}


def test_danger_preempts() -> None:
    assert PROJECT.preemptions[0].action == "action_emergency"
