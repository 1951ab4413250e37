"""Which of a conversation's events still count (rasa `shared/core/trackers.py`, `applied_events`).

What was taken back is gone, and so are the turns a form repeated; only what they changed stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Event = dict[str, Any]


def after_restart(events: Sequence[Event]) -> list[Event]:
    """The events after the latest restart."""
    for index in range(len(events) - 1, -1, -1):
        if events[index]["event"] == "restart":
            return list(events[index + 1 :])
    return list(events)


def applied(events: Sequence[Event]) -> list[Event]:
    """The events that make the conversation what it is."""
    loops = {event["name"] for event in events if event["event"] == "active_loop" and event["name"]}
    done: list[Event] = []
    for event in events:
        kind = event["event"]
        if kind in {"restart", "session_started"}:
            done = []
        elif kind == "undo":
            _undo(done, "action")
        elif kind == "rewind":
            _undo(done, "user")
            _undo(done, "action")
        elif kind == "action" and event["name"] in loops and _goes_on(event["name"], done):
            done = _without_turns_since(event["name"], done)
        else:
            done.append(event)
    return done


def _undo(done: list[Event], kind: str) -> None:
    while done and done.pop()["event"] != kind:
        pass


def _goes_on(loop: str, done: Sequence[Event]) -> bool:
    """Whether running the loop again goes on with its last run, so that the turns between do not count."""
    following: str | None = None
    for event in reversed(done):
        kind, name = event["event"], event.get("name")
        if (kind == "active_loop" and name is None) or (kind == "action_execution_rejected" and name == loop):
            return False
        if kind == "action" and name == loop:
            return True
        if kind == "action":
            following = name
        elif kind == "user" and following is not None and following != loop:
            return False
    return False


def _without_turns_since(loop: str, done: Sequence[Event]) -> list[Event]:
    """The events without messages, and actions and what hangs on them, since the loop's last run."""
    index = max(i for i, event in enumerate(done) if event["event"] == "action" and event["name"] == loop)
    gone = {"user", "action", "user_featurization"}
    return [*done[: index + 1], *(event for event in done[index + 1 :] if event["event"] not in gone)]
