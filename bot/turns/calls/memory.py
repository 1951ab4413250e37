"""What the desk remembers of a call beside the conversation itself. Kept sealed with the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.decisions import Ask


@dataclass(frozen=True, slots=True)
class Note:
    """What was typed while somebody spoke."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Something read in a note that a person has not confirmed yet: a fact with its value, or a place (its code)."""

    words: str
    fact: str = ""
    value: str = ""
    child: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """`later` are the questions left for later, `table` one that was put on the table by hand.

    `silent`: whoever calls cannot speak and answers by tapping; `declined` so many answers to this question were tapped away.
    `number` is where the call came from. It is forgotten when the call ends, unless they agreed to be called.
    """

    notes: tuple[Note, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    later: tuple[Ask, ...] = ()
    table: Ask | None = None
    silent: bool = False
    declined: int = 0
    number: str = ""

    def answered(self) -> Memory:
        """After an answer the interview goes on where it was."""
        return replace(self, table=None, declined=0)

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it."""
        kept = asdict(self)
        return kept | {"notes": [{"at": note.at.isoformat(), "words": note.words} for note in self.notes]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Memory:
        """The reverse of `to_json`; None is a call of which nothing is known (any more)."""
        if not kept:
            return cls()
        return cls(
            notes=tuple(Note(datetime.fromisoformat(note["at"]), note["words"]) for note in kept["notes"]),
            unsure=tuple(Unsure(**each) for each in kept["unsure"]),
            later=tuple(Ask(**each) for each in kept["later"]),
            table=Ask(**kept["table"]) if kept["table"] else None,
            silent=kept["silent"],
            declined=kept["declined"],
            number=kept["number"],
        )
