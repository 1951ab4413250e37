"""What one trainee has practised: which row comes again when, and how many answers were right, by topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

# Cases until a row comes again: at once after a mistake (with one other in between), later each time all was right.
GAPS = (2, 6, 15, 40)


@dataclass(frozen=True, slots=True)
class Seen:
    """One row: how often running all was right (at most the last gap), and the number of the case at which it is due."""

    box: int
    due: int


@dataclass(frozen=True, slots=True)
class Score:
    """Answers of one topic."""

    right: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Current:
    """The case under way: it can be drawn again from row, seed, day and rules; `marks` are the answers so far."""

    number: int
    row: str
    topic: str
    seed: str
    day: str
    rules: str
    marks: tuple[bool, ...] = ()

    @property
    def reference(self) -> str:
        """The question on the table, as a button carries it: `12.1`."""
        return f"{self.number}.{len(self.marks)}"


@dataclass(frozen=True, slots=True)
class Book:
    """Nothing in it tells of a family: row ids, topics and counts."""

    number: int = 0
    current: Current | None = None
    rows: Mapping[str, Seen] = field(default_factory=dict)
    topics: Mapping[str, Score] = field(default_factory=dict)

    def order(self, rows: Iterable[str], random: Random) -> list[str]:
        """These rows, the one to practise next first: what is due (mistakes first), then what is new, then the soonest due."""
        number, shuffled = self.number + 1, list(rows)
        random.shuffle(shuffled)
        return sorted(shuffled, key=lambda row: _turn(self.rows.get(row), number))

    def score(self, topic: str) -> Score:
        """The answers of one topic."""
        return self.topics.get(topic, Score())

    def marked(self, current: Current, *, right: bool) -> Book:
        """One more answer, to the case under way as it is now."""
        old = self.score(current.topic)
        score = Score(old.right + right, old.asked + 1)
        return replace(self, current=current, topics={**self.topics, current.topic: score})

    def finished(self) -> Book:
        """The case under way is done: its row comes again, sooner when something was wrong."""
        if self.current is None:
            return self
        old = self.rows.get(self.current.row)
        box = min((old.box if old else 0) + 1, len(GAPS) - 1) if all(self.current.marks) else 0
        seen = Seen(box, self.current.number + GAPS[box])
        return replace(self, current=None, rows={**self.rows, self.current.row: seen})

    def to_json(self) -> dict[str, Any]:
        """As it is kept: `{"number","current","rows":{id:[box,due]},"topics":{name:[right,asked]}}`."""
        now = self.current
        return {
            "number": self.number,
            "current": [now.number, now.row, now.topic, now.seed, now.day, now.rules, list(now.marks)] if now else None,
            "rows": {row: [seen.box, seen.due] for row, seen in self.rows.items()},
            "topics": {topic: [score.right, score.asked] for topic, score in self.topics.items()},
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any] | None) -> Book:
        """The reverse of `to_json`; None is a book nobody has written in. Raises `ValueError` for anything else."""
        if record is None:
            return cls()
        try:
            return cls(
                int(record["number"]),
                _current(*record["current"]) if record["current"] else None,
                {row: Seen(*seen) for row, seen in record["rows"].items()},
                {topic: Score(*score) for topic, score in record["topics"].items()},
            )
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise ValueError("not a book of drills") from error


def _current(number: int, row: str, topic: str, seed: str, day: str, rules: str, marks: list[bool]) -> Current:
    return Current(number, row, topic, seed, day, rules, tuple(marks))


def _turn(seen: Seen | None, number: int) -> tuple[int, int, int]:
    if seen is None:
        return (1, 0, 0)
    return (0, seen.box, seen.due) if seen.due <= number else (2, seen.due, 0)
