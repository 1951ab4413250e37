"""What a Rasa server answered for one turn, read with distrust: everything in it decides what a family is told.

Rasa says nothing of an action that failed: it logs that and goes on, so that the next words may presume what did not
happen. It is recognised here by what it left behind, which is nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.memory.events import KNOWN, Event
from bot.dialogue.model.names import LISTEN
from bot.dialogue.plain import Plain
from bot.errors import RasaServerError

# What the policy does before the next action; it is no trace of the one before.
PREDICTED = frozenset({"loop_interrupted", "user_featurization", "action_execution_rejected"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One turn: its events from the message on, every slot's value at its end, the active loop, whether Rasa is paused."""

    events: tuple[Event, ...]
    slots: Mapping[str, Any]
    loop: str | None
    paused: bool


def read_answer(answer: Plain, opening: Sequence[Event], intent: str) -> Answer:
    """The answer to `opening` and `intent`. Raises `RasaServerError` when it is not one."""
    try:
        tracker = answer["tracker"]
        events, slots, loop = tracker["events"], tracker["slots"], (tracker["active_loop"] or {}).get("name")
        if not isinstance(slots, dict) or not all(event["event"] in KNOWN | OURS for event in events):
            raise RasaServerError("the answer holds an event that is none of Rasa's")
        return Answer(tuple(_turn(events, opening, intent)), slots, loop, bool(tracker["paused"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise RasaServerError(f"the answer is not a tracker ({type(error).__name__})") from error


# Not Rasa's, but said by our own engine where it serves Rasa's API (`bot/rasa/server.py`).
FAILED = "action_execution_failed"
OURS = frozenset({FAILED, "action_limit_reached", "preempted"})


def _turn(events: Sequence[Event], opening: Sequence[Event], intent: str) -> Sequence[Event]:
    """The events after the opening, which must be there whole: else two turns met in one conversation."""
    at = opening[1]["timestamp"]
    begins = [i for i, e in enumerate(events) if e["event"] == "session_started" and e.get("timestamp") == at]
    ours = [(event["event"], event.get("name")) for event in opening[1:]]
    told = events[begins[-1] :] if begins else ()
    turn = told[len(ours) :]
    if [(event["event"], event.get("name")) for event in told[: len(ours)]] != ours or not turn:
        raise RasaServerError("the answer is about another turn")
    if turn[0]["event"] != "user" or turn[0]["parse_data"]["intent"]["name"] != intent:
        raise RasaServerError("the answer is about another message")
    return turn


def failure(answer: Answer, outside: Collection[str]) -> tuple[int, str] | None:
    """Where and in which action the turn went wrong. `outside` are actions and forms that leave a trace when they work."""
    for index, event in enumerate(answer.events):
        if event["event"] == FAILED:
            return index, event["name"]
        if event["event"] == "action" and event["name"] in outside and not _left_something(answer.events[index + 1 :]):
            return index, event["name"]
    ran = [event["name"] for event in answer.events if event["event"] == "action"]
    if ran[-1:] != [LISTEN] and not answer.paused:
        return len(answer.events), ran[-1] if ran else LISTEN
    return None


def _left_something(after: Sequence[Event]) -> bool:
    kinds = (event["event"] for event in after if event["event"] not in PREDICTED)
    return next(kinds, "action") != "action"
