"""What is kept here of a conversation that a Rasa server leads, and told to it anew before each turn.

    {"conversation": "9f0c…", "before": {"slots": {…}, "loop": None}, "turns": [{"events": […], "after": {…}}], "at": 1.0}

The server need remember nothing: each turn is a session that begins with where the conversation stood, and the last turns.
So a turn that was undone here never happened there either, and a server that was restarted, or another one, goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from secrets import token_hex
from typing import Any

from bot.dialogue.memory.events import Event, action_executed, active_loop, slot_set
from bot.dialogue.model.names import LISTEN, SESSION_START

# Rules look back to the message they answer, rarely further; learned policies that Rasa adds look at about so many.
TURNS = 3
# What the bot said, reminders and the like are nothing that rules see.
SEEN = frozenset({
    "action", "user", "slot", "reset_slots", "active_loop", "loop_interrupted", "action_execution_rejected", "followup",
    "rewind", "undo", "restart", "session_started", "pause", "resume", "user_featurization",
})  # fmt: skip
UNSEEN = frozenset({"timestamp", "metadata", "message_id", "input_channel"})
# Rasa's own slot, meaningless in another session.
HIDDEN = "session_started_metadata"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands between two turns: slots that are not as at the beginning, and the active loop."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    loop: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One turn that was taken: what happened, and where it led."""

    events: tuple[Event, ...]
    after: Standing


@dataclass(frozen=True, slots=True)
class Memory:
    """One conversation. `conversation` is a random number that only this record ties to somebody.

    `at` is when its last session began: Rasa takes the one with the latest time for the present one.
    """

    conversation: str
    before: Standing = field(default_factory=Standing)
    turns: tuple[Kept, ...] = ()
    at: float = 0.0

    @classmethod
    def of(cls, snapshot: Mapping[str, Any] | None, initial: Mapping[str, Any]) -> Memory:
        """From a snapshot: the record in it, or, where our own engine led so far, where that left the conversation."""
        if snapshot is None:
            return cls(token_hex(16))
        if not (record := snapshot.get("rasa")):
            loop = (snapshot["loop"] or {}).get("name")
            return cls(token_hex(16), Standing(_changed(snapshot["slots"], initial), loop))
        turns = tuple(Kept(tuple(turn["events"]), Standing(**turn["after"])) for turn in record["turns"])
        return cls(record["conversation"], Standing(**record["before"]), turns, record["at"])

    def to_json(self) -> dict[str, Any]:
        """As snapshots keep it."""
        return asdict(self)

    @property
    def now(self) -> Standing:
        """Where the conversation stands."""
        return self.turns[-1].after if self.turns else self.before

    def beginning(self, now: float) -> float:
        """When the next session begins: now, but never before the last one, though a clock was set back."""
        return round(max(now, self.at + 0.001), 3)

    def news(self, slots: Mapping[str, Any], initial: Mapping[str, Any]) -> list[Event]:
        """The slots that are not known to have these values."""
        known = {**initial, **self.now.slots}
        return [slot_set(name, value) for name, value in slots.items() if known.get(name) != value]

    def opening(self, news: Iterable[Event], at: float) -> list[Event]:
        """A session that begins where the conversation stands; all of it happened at `at`, by which it is known again."""
        told = [*_begun(self.before), *(event for turn in self.turns for event in turn.events), *news]
        return [{**event, "timestamp": at} for event in told]

    def with_turn(self, events: Iterable[Event], after: Standing, initial: Mapping[str, Any], at: float) -> Memory:
        """After one more turn; the oldest is forgotten, but not what it led to."""
        seen = tuple(_bare(event) for event in events if event["event"] in SEEN)
        kept = Kept(seen, Standing(_changed(after.slots, initial), after.loop))
        turns = (*self.turns, kept)
        before = turns[-TURNS - 1].after if len(turns) > TURNS else self.before
        return replace(self, before=before, turns=turns[-TURNS:], at=at)


def _begun(standing: Standing) -> list[Event]:
    """A session's beginning that leads to `standing`."""
    loop = [action_executed(standing.loop), active_loop(standing.loop)] if standing.loop else []
    slots = [slot_set(name, value) for name, value in standing.slots.items()]
    return [action_executed(SESSION_START), {"event": "session_started"}, *loop, *slots, action_executed(LISTEN)]


def _changed(slots: Mapping[str, Any], initial: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in slots.items() if name != HIDDEN and initial.get(name) != value}


def _bare(event: Event) -> Event:
    """An event without what only logs need."""
    return {key: value for key, value in event.items() if key not in UNSEEN}
