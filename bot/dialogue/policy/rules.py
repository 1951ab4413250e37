"""A rule as the events it describes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.memory.events import Event
from bot.errors import Where


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, where it is written, and its events, `...` and listening included."""

    name: str
    where: Where
    events: tuple[Event, ...]

    def __str__(self) -> str:
        return f"'{self.name}' ({self.where})"
