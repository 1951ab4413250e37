"""What an author should know about a project's files, each in one line with its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.errors import ProjectFileError, Where

# Of many mistakes of one kind the first ones are enough: the others often follow from them.
SHOWN = 10


class Finding(NamedTuple):
    """Where, and what in one line."""

    where: Where
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by file and line, each once."""
    return sorted(set(findings), key=lambda found: (str(found.where.file), found.where.line or 0, found.what))


def refuse(findings: Iterable[Finding]) -> None:
    """Raises one `ProjectFileError` that tells all findings, one a line, each with its place; nothing if there are none."""
    found = in_order(findings)
    if not found:
        return
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    raise ProjectFileError("\n".join([found[0].what, *map(str, found[1:SHOWN]), *more]), found[0].where)
