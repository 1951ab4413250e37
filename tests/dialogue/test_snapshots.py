"""Between two turns a conversation is plain data: it survives JSON, nobody changes it, and it does not grow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import cycle, islice
from typing import Any

import pytest

from bot.dialogue import Assistant
from tests.dialogue.parity.ours import message_of
from tests.dialogue.parity.walks import Item, read_says, walks
from tests.dialogue.talking import PROJECTS, Talk, assistant_of

NAMES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())
Snapshot = dict[str, Any] | None


def spoken(items: Iterable[Item]) -> list[Item]:
    """What is said on a walk, without the waiting."""
    return [item for item in items if "wait" not in item]


def turns(assistant: Assistant, messages: list[Item], between: Callable[[Snapshot], Snapshot]) -> list[Any]:
    """What is said in each turn of a conversation, with `between` done to every snapshot."""
    snapshot, said = None, []
    for item in spoken(messages):
        outcome = assistant.handle(between(snapshot), message_of(item), {}, sender="mei", channel="collector")
        said.append((outcome.replies, outcome.slots, outcome.failed))
        snapshot = outcome.snapshot
    return said


def through_json(snapshot: Snapshot) -> Snapshot:
    return json.loads(json.dumps(snapshot, allow_nan=False)) if snapshot else None


@pytest.mark.parametrize("project", NAMES)
def test_a_conversation_goes_on_the_same_when_it_is_kept_as_json(project: str) -> None:
    assistant = assistant_of(PROJECTS / project)
    for walk in walks(PROJECTS / project, 10):
        assert turns(assistant, walk, through_json) == turns(assistant, walk, lambda snapshot: snapshot)


@pytest.mark.parametrize("project", NAMES)
def test_a_turn_changes_nothing_of_the_snapshot_it_was_given(project: str) -> None:
    assistant = assistant_of(PROJECTS / project)
    for walk in walks(PROJECTS / project, 10):
        snapshot: Snapshot = None
        for item in spoken(walk):
            before = deepcopy(snapshot)
            outcome = assistant.handle(snapshot, message_of(item), {}, sender="mei", channel="collector")
            assert snapshot == before
            snapshot = outcome.snapshot


BEGINNING_ANEW = ("/restart", "/session_start", "/wipe", "wipe", "/back", "/重来", "/重开", "/新场", "/停")


@pytest.mark.parametrize("project", NAMES)
def test_turn_400_is_no_larger_than_turn_40(project: str) -> None:
    talk = Talk(assistant_of(PROJECTS / project))
    messages = [text for text in read_says(PROJECTS / project)["messages"] if text not in BEGINNING_ANEW]
    sizes, records = [], []
    for item in islice(cycle(messages), 400):
        talk.say(message_of(item))
        sizes.append(len(json.dumps(talk.last.snapshot)))
        records.append(len(talk.last.events))
    assert max(sizes[-40:]) <= 1.05 * max(sizes[:40])
    assert max(records[-40:]) <= max(records[:40])


def test_what_can_be_taken_back_is_bounded_too(talking: Callable[..., Talk]) -> None:
    talk = talking(
        "intents: [hello]\nresponses: {utter_hello: [{text: Hello.}]}\n",
        "rules: [{rule: hello, steps: [{intent: hello}, {action: utter_hello}]}]",
    )
    for _ in range(100):
        talk.say("/hello")
    assert len(talk.last.snapshot["steps"]) < 40


GROWN = "intents: [hello]\nslots: {place: {type: any, mappings: [{type: custom}]}}\nresponses: {utter_hello: [{text: '{place}'}]}\n"
SAID = "rules: [{rule: hello, steps: [{intent: hello}, {action: utter_hello}]}]"


def test_a_snapshot_of_an_older_project_is_read_by_a_newer_one(talking: Callable[..., Talk]) -> None:
    talk = talking(GROWN, SAID)
    talk.say("/hello", place="杭州")
    kept = {**talk.last.snapshot, "slots": {"gone": 1, "place": "杭州"}}
    outcome = talk.assistant.handle(kept, "/hello", {}, sender="mei", channel="collector")
    assert outcome.replies[0]["text"] == "杭州"
    assert "gone" not in outcome.slots


def test_an_action_cannot_change_a_conversation_but_by_its_events(talking: Callable[..., Talk]) -> None:
    def meddle(call: dict[str, Any]) -> dict[str, Any]:
        call["tracker"]["slots"]["place"].append("changed")
        call["tracker"]["slots"]["more"] = 1
        return {}

    domain = GROWN.replace("responses", "actions: [action_meddle]\nresponses")
    rules = SAID.replace("utter_hello", "action_meddle")
    talk = talking(domain, rules, {"action_meddle": meddle})
    talk.say("/hello", place=["杭州"])
    assert talk.last.snapshot["slots"] == {"place": ["杭州"], "session_started_metadata": None}


def test_an_action_that_keeps_what_it_returned_cannot_change_it_later(talking: Callable[..., Talk]) -> None:
    moves: list[str] = ["send"]
    answer = {"events": [{"event": "slot", "name": "place", "value": moves}]}
    talk = talking(
        GROWN.replace("responses", "actions: [action_send]\nresponses"),
        SAID.replace("utter_hello", "action_send"),
        {"action_send": lambda _: answer},
    )
    talk.say("/hello")
    moves.append("again")
    assert talk.last.slots["place"] == ["send"]


def test_an_action_is_sent_the_events_of_this_turn(talking: Callable[..., Talk]) -> None:
    sent: list[list[str]] = []

    def listen(call: dict[str, Any]) -> dict[str, Any]:
        sent.append([event.get("name") or event["event"] for event in call["tracker"]["events"]])
        return {}

    domain = GROWN.replace("responses", "actions: [action_listen_in]\nresponses")
    talk = talking(domain, SAID.replace("utter_hello", "action_listen_in"), {"action_listen_in": listen})
    for _ in range(3):
        talk.say("/hello")
    assert sent[1:] == [["action_listen", "user"]] * 2
