"""Where one conversation stands between two turns: what was asked, what was shown. Kept sealed with the contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

# Somebody who slips writes a wrong code once or twice. A code is one of 10¹⁵; who guesses is stopped long before.
GUESSES = 5
LOCKED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation's memory, all of it JSON-able.

    `engine` is the dialogue engine's snapshot; `asked` the question on the table (`{"fact", "child"}`); `questions` how
    many were asked so far; `misunderstood` how many messages in a row nothing could be read from; `carded` the
    emergency rows whose card was shown; `told` the parts the family was told about; `news` what a neutral notice announced;
    `place_problem` and `options` what the place question offers; `guess` a county that still wants its township;
    `guesses` the wrong receipt codes in a row, `locked` until when no code is looked up any more;
    `noting`, on staff, what their next words are, a note or a letter, and on which part (`{"verb", "part", "stamp", "until"}`);
    `writing`, in a family, which part their next words are a letter about (`{"part", "until"}`).
    """

    engine: dict[str, Any] | None = None
    asked: dict[str, Any] | None = None
    questions: int = 0
    misunderstood: int = 0
    carded: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    news: tuple[dict[str, Any], ...] = ()
    place_problem: str | None = None
    options: tuple[str, ...] = ()
    guess: str | None = None
    taken_over: bool = False
    language: str | None = None
    guesses: int = 0
    locked: str | None = None
    noting: Mapping[str, str] | None = None
    writing: Mapping[str, str] | None = None

    @property
    def asked_fact(self) -> str | None:
        """The name of the question on the table."""
        return self.asked["fact"] if self.asked else None

    @property
    def asked_child(self) -> int | None:
        """Which child it is about, None for the family."""
        return self.asked["child"] if self.asked else None

    @property
    def engine_slots(self) -> dict[str, Any]:
        """The slots as the last turn left them, to see a question as the person saw it."""
        return {"language": self.language} | ((self.engine or {}).get("slots") or {})

    def writes(self, at: datetime) -> bool:
        """Whether the next words are a letter to whoever helps."""
        return self.writing is not None and at <= datetime.fromisoformat(self.writing["until"])

    def locked_at(self, at: datetime) -> bool:
        """Whether no receipt code is looked up for this conversation just now."""
        return self.locked is not None and at < datetime.fromisoformat(self.locked)

    def guessed(self, at: datetime, *, right: bool) -> Talk:
        """After a receipt code: a right one forgets the wrong ones, the fifth wrong one in a row and each after it lock."""
        guesses = 0 if right else self.guesses + 1
        return replace(self, guesses=guesses, locked=(at + LOCKED_FOR).isoformat() if guesses >= GUESSES else None)

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it. Nothing is copied: what is kept is sealed at once, and all of it is plain already."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any] | None) -> Talk:
        """The reverse of `to_json`; None is a conversation that has not begun."""
        if not record:
            return cls()
        tuples = {name: tuple(record[name]) for name in ("carded", "told", "news", "options")}
        return cls(**(dict(record) | tuples))
