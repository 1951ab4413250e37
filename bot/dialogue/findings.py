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


def refuse(findings: Iterable[Finding]) -> None:
    """Raises one `ProjectFileError` that tells all findings, one a line, each with its place; nothing if there are none."""
    found = sorted(set(findings), key=lambda finding: (str(finding.where.file), finding.where.line or 0, finding.what))
    if not found:
        return
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    raise ProjectFileError("\n".join([found[0].what, *map(str, found[1:SHOWN]), *more]), found[0].where)
