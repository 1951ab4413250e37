"""What stands where: rows by fact, article and service, and the anchor of each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.decisions.decision import Citation
from bot.decisions.row import Row


@dataclass(frozen=True, slots=True)
class ServiceRows:
    """The rows in which a service leads, is told, or must not be involved."""

    lead: tuple[Row, ...]
    told: tuple[Row, ...]
    never: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Looks rows up. `anchors` is by position, because a row written anew for later days keeps its id."""

    rows: Sequence[Row]
    anchors: Mapping[Row, str]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Index:
        """The index of these rows."""
        anchors: dict[Row, str] = {}
        for row in rows:
            taken = f"row-{row.id}" in anchors.values()
            anchors[row] = f"row-{row.id}-{row.valid_from}" if taken else f"row-{row.id}"
        return cls(rows, anchors)

    def anchor(self, row: Row) -> str:
        """Where the row stands in the book."""
        return self.anchors[row]

    def named(self, row_id: str) -> Row:
        """The row of that name; the first, where it was written anew for later days."""
        return next(row for row in self.rows if row.id == row_id)

    def asking(self, fact: str) -> tuple[Row, ...]:
        """The rows that look at a fact."""
        return self._where(lambda row: any(fact in one for one in row.when))

    def citing(self, citation: Citation) -> tuple[Row, ...]:
        """The rows that rest on an article, checked or not."""
        return self._where(lambda row: citation in (*row.basis, *row.unverified))

    def following(self, plan: str) -> tuple[Row, ...]:
        """The rows with a follow-up plan."""
        return self._where(lambda row: row.follow_up == plan)

    def service(self, word: str) -> ServiceRows:
        """The rows that involve a service or rule it out."""
        return ServiceRows(
            lead=self._where(lambda row: any(part.lead == word for part in row.parts)),
            told=self._where(lambda row: any(word in part.also for part in row.parts)),
            never=self._where(lambda row: word in row.never),
        )

    def _where(self, holds: Callable[[Row], bool]) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if holds(row))
