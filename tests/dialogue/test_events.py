"""What every event of rasa_sdk does when an action returns it: the fictional theatre has an intent for each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rasa_sdk.events

from tests.dialogue.parity.entries import of_folder
from tests.dialogue.parity.ours import Walker
from tests.dialogue.talking import PROJECTS, Talk

THEATRE = PROJECTS / "theatre"
# Older names of ActiveLoop and LoopInterrupted; an agent's own words; and one that 3.6.21 does not know.
LEFT_OUT = {"Form", "FormValidation", "AgentUttered", "SessionEnded"}


def returned(path: Path) -> Iterator[str]:
    """The events a project's actions return."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "rasa_sdk.events":
            yield from (alias.name for alias in node.names)


def test_every_event_of_rasa_sdk_is_walked_through() -> None:
    known = {name for name in vars(rasa_sdk.events) if name[0].isupper() and callable(getattr(rasa_sdk.events, name))}
    makers = {name for name in known if getattr(rasa_sdk.events, name).__module__ == "rasa_sdk.events"}
    assert makers - LEFT_OUT == set(returned(THEATRE / "actions.py"))


@pytest.fixture
def theatre() -> Walker:
    return Walker(of_folder(THEATRE).assistant)


def said(theatre: Walker, *messages: str) -> list[list[str | None]]:
    return [[reply.get("text") for reply in theatre.turn(message)["replies"]] for message in messages]


def test_an_action_may_say_what_the_user_would_have_said(theatre: Walker) -> None:
    assert said(theatre, "/替我说") == [["孙悟空唱None。"]]


def test_an_action_that_takes_itself_back_leaves_nothing_it_set(theatre: Walker) -> None:
    turn = theatre.turn("/退一步")
    assert turn["slots"]["mood"] == "喜"
    assert turn["actions"][2:4] == ["action_do", "utter_sing"]


def test_what_was_said_before_messages_were_taken_back_stays_said(theatre: Walker) -> None:
    said(theatre, "/唱")
    assert said(theatre, "/说完再退") == [["退场前的话。"]]


def test_an_action_that_declines_by_an_event_may_still_set_slots(theatre: Walker) -> None:
    turn = theatre.turn("/拒演且记")
    assert "action_do" not in turn["actions"]
    assert theatre.outcome is not None
    assert any(event["event"] == "action_execution_rejected" for event in theatre.outcome.events)
    assert theatre.outcome.slots["mood"] == "悲"


def test_reminders_and_exports_are_kept_in_the_record_and_change_nothing(theatre: Walker) -> None:
    theatre.turn("/唱")
    for message, kinds in (("/提醒", {"reminder"}), ("/不提醒", {"cancel_reminder", "export"})):
        turn = theatre.turn(message)
        assert turn["slots"] == {}
        assert theatre.outcome is not None
        assert kinds <= {event["event"] for event in theatre.outcome.events}


def test_a_follow_up_nobody_declared_is_passed_over(theatre: Walker) -> None:
    assert "action_nowhere" not in theatre.turn("/接空")["actions"]


def test_a_pause_that_was_taken_back_is_none(talking: Callable[..., Talk]) -> None:
    domain = "intents: [go]\nactions: [action_pause]\nresponses: {utter_default: [{text: 'Pardon?'}]}\n"
    events = [{"event": "pause"}, {"event": "rewind"}]
    rules = "rules: [{rule: go, steps: [{intent: go}, {action: action_pause}]}]"
    talk = talking(domain, rules, {"action_pause": lambda _: {"events": events}})
    talk.say("/go")
    assert talk.say("/nlu_fallback") == ["Pardon?"]


@pytest.mark.parametrize("event", [{"event": "undo"}, {"event": "action_execution_rejected", "name": "another_form"}])
def test_a_turn_ends_although_its_action_never_counts_as_run(
    talking: Callable[..., Talk], event: dict[str, str]
) -> None:
    domain = "intents: [go, hello]\nactions: [action_undone]\nresponses: {utter_hello: [{text: Hello.}]}\n"
    rules = """
rules:
- {rule: go, steps: [{intent: go}, {action: action_undone}]}
- {rule: hello, steps: [{intent: hello}, {action: utter_hello}]}
"""
    talk = talking(domain, rules, {"action_undone": lambda _: {"events": [event]}})
    talk.say("/go")
    assert talk.last.failed == "action_undone"
    assert talk.say("/hello") == ["Hello."]
