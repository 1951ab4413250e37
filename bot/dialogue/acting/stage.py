"""What actions need while a turn runs: project, tracker, the record of the turn, a way to speak and to call out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.actions import RunAction
from bot.dialogue.memory.events import Event
from bot.dialogue.memory.tracker import Tracker
from bot.dialogue.model.domain import Domain
from bot.dialogue.speaking.speaker import Message, Speaker, reply

# Events after which slots may hold what they held before.
TAKING_BACK = frozenset({"rewind", "undo", "restart", "session_started"})


@dataclass(slots=True)
class Stage:
    """One turn's surroundings.

    `events` is the record so far, from the listening before the message on; `now` is in seconds. `pinned` are slots
    that stay whatever is taken back: the caller's projection. `calling` is the outside action that was called last.
    """

    domain: Domain
    speaker: Speaker
    run_action: RunAction
    tracker: Tracker
    sender: str
    channel: str
    now: float
    turn: int
    events: list[Event] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)
    pinned: dict[str, Any] = field(default_factory=dict)
    calling: str | None = None

    def say(self, response: str, words: Mapping[str, Any]) -> Message | None:
        """The message for a response, None when nothing fits."""
        seed = f"{self.sender} {self.turn} {len(self.replies)}"
        return self.speaker.say(response, words, channel=self.channel, seed=seed)

    def record(self, events: Iterable[Event]) -> None:
        """Lets events happen: they change the tracker and are kept; what the bot said becomes a reply."""
        stamped = [event if event.get("timestamp") else {**event, "timestamp": self.now} for event in events]
        if not stamped:
            return
        self.tracker.update(stamped)
        if self.pinned and any(event["event"] in TAKING_BACK for event in stamped):
            self.pin(self.pinned)
        self.note(stamped)

    def pin(self, slots: Mapping[str, Any]) -> None:
        """Sets slots that stay whatever is taken back."""
        self.pinned = {**self.pinned, **slots}
        for name, value in slots.items():
            self.tracker.set_slot(name, value, undoable=False)

    def note(self, events: Iterable[Event]) -> None:
        """Keeps events in the record without letting them change the tracker."""
        for event in events:
            self.events.append(event)
            if event["event"] == "bot":
                self.replies.append(reply({**(event.get("data") or {}), "text": event.get("text")}))

    def slots_set_since_message(self) -> list[Event]:
        """The slot events since the latest message, oldest first."""
        found: list[Event] = []
        for event in reversed(self.events):
            if event["event"] in {"user", "restart"}:
                break
            if event["event"] == "slot":
                found.append(event)
        return found[::-1]
