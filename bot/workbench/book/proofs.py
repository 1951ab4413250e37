"""What `rightdoor check` found, property by property."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.workbench.check import Finding
from bot.workbench.texts import Texts

PROOFS = "book.proofs."


@dataclass(frozen=True, slots=True)
class Proof:
    """A property, by the kind of finding that would refute it, and what was found; nothing: it holds."""

    kind: str
    findings: tuple[Finding, ...]


def proofs(findings: Iterable[Finding], texts: Texts) -> tuple[Proof, ...]:
    """Every property that the book has words for, then the kinds of findings it has none for."""
    found = tuple(findings)
    kinds = [name.removeprefix(PROOFS) for name in texts.table if name.startswith(PROOFS)]
    others = [one.kind for one in found if one.kind not in kinds]
    return tuple(
        Proof(kind, tuple(one for one in found if one.kind == kind)) for kind in dict.fromkeys((*kinds, *others))
    )
