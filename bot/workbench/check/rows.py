"""Rows nobody can reach, and rows that change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.workbench.check.claim import shown
from bot.workbench.check.finding import Finding
from bot.workbench.proof import Space


def unreachable_rows(space: Space) -> Iterator[Finding]:
    """Sets of conditions that no family can fulfil."""
    for row in space.rows:
        for number, conditions in enumerate(row.when):
            if space.find(space.now.holds(conditions, 0)) is None:
                which = f"its conditions no. {number + 1}" if len(row.when) > 1 else "its conditions"
                said = f"{row.id}: no family can fulfil {which}"
                yield Finding("unreachable", row.where, said, subject=(row.id, str(number)))


def idle_rows(space: Space) -> Iterator[Finding]:
    """Rows without which every family there can be would be decided the same."""
    for row in space.rows:
        family = space.find(space.now.row_holds(row))
        if family is not None and space.find(*space.without(row)) is None:
            said = f"{row.id} changes nothing; other rows already decide such families"
            yield shown("idle", (row.id,), row.where, said, family, space)
