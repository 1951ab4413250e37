"""What reaches a conversation from outside: metadata, events nobody wrote, actions no rule asked for, answers too long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import Assistant, Project
from bot.errors import ProjectFileError

DOMAIN = """
intents: [greet]
slots: {county: {type: text, mappings: [{type: custom}]}}
actions: [action_ask]
responses: {utter_greet: [{text: "Hello {county}"}]}
"""
RULES = "rules: [{rule: greet, steps: [{intent: greet}, {action: action_ask}, {action: utter_greet}]}]"
WHO = {"sender": "mei", "channel": "rest"}


@pytest.fixture
def assistant(written: Callable[..., Path]) -> Callable[..., Assistant]:
    def make(run_action: Callable[[dict[str, Any]], Any]) -> Assistant:
        return Assistant(Project.load(written(DOMAIN, RULES)), run_action)

    return make


def nothing(_: dict[str, Any]) -> Any:
    return {"events": [], "responses": []}


def test_what_comes_with_a_message_goes_to_actions_and_into_the_record(assistant: Callable[..., Assistant]) -> None:
    seen: list[Any] = []
    talk = assistant(lambda call: seen.append(call["tracker"]["latest_message"]) or nothing(call))
    about = {"message_id": "7", "metadata": {"from": "desk"}}
    outcome = talk.handle(None, "/greet", {}, about=about, **WHO)
    (heard,) = [event for event in outcome.events if event["event"] == "user"]
    assert (heard["message_id"], heard["metadata"]) == ("7", {"from": "desk"})
    assert (seen[0]["message_id"], seen[0]["metadata"]) == ("7", {"from": "desk"})


def test_events_from_outside_happen_in_a_conversation_that_has_begun(assistant: Callable[..., Assistant]) -> None:
    talk = assistant(nothing)
    set_from_outside = {"event": "slot", "name": "county", "value": "Luxi"}
    first = talk.happen(None, [set_from_outside], **WHO)
    assert [event["event"] for event in first.events] == ["action", "session_started", "action", "slot"]
    assert [reply["text"] for reply in talk.handle(first.snapshot, "/greet", {}, **WHO).replies] == ["Hello Luxi"]
    again = talk.happen(first.snapshot, [set_from_outside], **WHO)
    assert [event["event"] for event in again.events] == ["slot"]


def test_an_action_no_rule_asked_for_runs_by_its_name(assistant: Callable[..., Assistant]) -> None:
    talk = assistant(nothing)
    assert [reply["text"] for reply in talk.execute(None, "utter_greet", **WHO).replies] == ["Hello None"]
    with pytest.raises(ProjectFileError, match="unknown action 'utter_gret'; did you mean 'utter_greet'"):
        talk.execute(None, "utter_gret", **WHO)


def test_an_action_no_rule_asked_for_may_fail_as_well(assistant: Callable[..., Assistant]) -> None:
    outcome = assistant(lambda call: call["nothing"]).execute(None, "action_ask", **WHO)
    assert outcome.failed == "action_ask"


def test_an_answer_of_a_megabyte_is_a_failed_action(assistant: Callable[..., Assistant]) -> None:
    talk = assistant(lambda _: {"responses": [{"text": "x" * 1_000_000}]})
    outcome = talk.handle(None, "/greet", {}, **WHO)
    assert (outcome.failed, outcome.replies) == ("action_ask", ())
