"""A conversation as one action sees it: the tracker, and events on top that have not happened yet.

A form tries out what it is about to do (rasa `FormAction._temporary_tracker`); nothing reaches the tracker until all
of it worked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.dialogue.memory.events import Event
from bot.dialogue.memory.tracker import Loop, Tracker, settled
from bot.dialogue.model.slots import Slot
from bot.dialogue.plain import Plain


@dataclass(slots=True)
class View:
    """What is read here may be changed freely: it belongs to this view alone."""

    slots: dict[str, Any]
    loop: Loop | None
    action: str | None
    message: dict[str, Any] | None
    tracker: Tracker

    @classmethod
    def of(cls, tracker: Tracker, events: Iterable[Event] = ()) -> View:
        """The conversation as it stands, with `events` tried out on it."""
        view = cls(dict(tracker.slots), tracker.loop, tracker.action, tracker.message, tracker)
        return view.update(events)

    @property
    def loop_name(self) -> str | None:
        """The active loop."""
        name: str | None = self.loop["name"] if self.loop else None
        return name

    def update(self, events: Iterable[Event]) -> View:
        """Tries out `events`: slots, loops and actions; the rest changes nothing an action looks at."""
        for event in events:
            match event["event"]:
                case "slot":
                    self._set(event["name"], event["value"])
                case "action":
                    self.action = event["name"]
                    self.loop = settled(self.loop, event["name"])
                case "active_loop" | "form":
                    self._enter(event["name"])
                case "reset_slots":
                    self.slots = dict(self.tracker.frame.initial)
                case "restart" | "session_started":
                    self.slots, self.loop = dict(self.tracker.frame.initial), None
                    self.action, self.message = None, None
        return self

    def _set(self, name: str, value: Plain) -> None:
        slot: Slot | None = self.tracker.frame.slots.get(name)
        if slot:
            self.slots[name] = slot.stored(value)

    def _enter(self, name: str | None) -> None:
        trigger = {"is_interrupted": False, "rejected": False, "trigger_message": self.message}
        self.loop = None if name is None else {"name": name, **trigger}
