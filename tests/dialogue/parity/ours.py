"""Our side of a walk, turn by turn, in the form in which Rasa's side is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.dialogue import Assistant, Outcome, Parsed
from tests.dialogue.parity.walks import Item

HIDDEN = frozenset({"session_started_metadata"})
STARTED = 1_764_000_000.0


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = STARTED

    def __call__(self) -> float:
        return self.now

    def wait(self, minutes: float) -> None:
        self.now += 60.0 * minutes


class Walker:
    """One conversation with our assistant. `outcome` is that of the turn before."""

    def __init__(self, make: Callable[[Callable[[], float]], Assistant]) -> None:
        self._clock = Clock()
        self._assistant = make(self._clock)
        self.begin("walk")

    def begin(self, sender: str) -> None:
        """Nobody has said anything yet."""
        self._sender = sender
        self._slots: dict[str, Any] = {}
        self._reset = False
        self.outcome: Outcome | None = None

    def turn(self, item: Item, wait: float = 0) -> dict[str, Any]:
        """One message, after `wait` minutes, and what became of it."""
        self._clock.wait(wait)
        self._clock.now += 1
        before = self.outcome.snapshot if self.outcome else None
        slots = {} if isinstance(item, str) else item.get("slots", {})
        outcome = self._assistant.handle(before, message_of(item), slots, sender=self._sender, channel="collector")
        self.outcome = outcome
        self._reset |= any(event["event"] == "reset_slots" for event in outcome.events)
        slots = {name: value for name, value in outcome.snapshot["slots"].items() if name not in HIDDEN}
        changed = {name: value for name, value in slots.items() if differs(self._slots.get(name), value)}
        self._slots = slots
        return {
            "user": item,
            "intent": intent_of(outcome),
            "replies": [{key: value for key, value in reply.items() if value} for reply in outcome.replies],
            "actions": list(actions_of(outcome)),
            "slots": changed,
            "loop": (outcome.snapshot["loop"] or {}).get("name"),
            "reset": self._reset,
            "was_paused": bool(before and before["paused"]),
        }


def message_of(item: Item) -> Parsed | str:
    """What is handed to our assistant: words, or a message that was understood elsewhere."""
    if isinstance(item, str):
        return item
    if "intent" not in item:
        return str(item["text"])
    intent = item["intent"]
    ranking = tuple((other["name"], other["confidence"]) for other in item.get("intent_ranking", ()))
    return Parsed(item["text"], intent["name"], intent["confidence"], tuple(item.get("entities", ())), ranking)


def intent_of(outcome: Outcome) -> str | None:
    """What the message was understood as."""
    heard = next(event for event in outcome.events if event["event"] == "user")
    name: str | None = heard["parse_data"]["intent"]["name"]
    return name


def actions_of(outcome: Outcome) -> Iterator[str]:
    """The actions of a turn; the record begins with the listening before it."""
    names = [event["name"] for event in outcome.events if event["event"] == "action"]
    yield from names[1:] if names[:1] == ["action_listen"] else names


def differs(before: Any, value: Any) -> bool:
    """Whether two values are not the same JSON (1, 1.0 and true are three)."""
    return json.dumps(before, sort_keys=True) != json.dumps(value, sort_keys=True)
