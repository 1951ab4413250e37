"""What `rightdoor check` found, property by property."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.workbench.check import Finding
from bot.workbench.texts import BookTexts

PROOFS = "book.proofs."
REFUSED = "refused"  # a rule base that cannot be read: nothing else was looked at


@dataclass(frozen=True, slots=True)
class Proof:
    """A property, by the kind of finding that would refute it, and what was found; nothing: it holds, if it was `checked`."""

    kind: str
    findings: tuple[Finding, ...]
    checked: bool


def proofs(findings: Iterable[Finding], texts: BookTexts) -> tuple[Proof, ...]:
    """Every property that the book has words for, then the kinds of findings it has none for.

    What was refused at reading has been checked for nothing else.
    """
    found = tuple(findings)
    kinds = [name.removeprefix(PROOFS) for name in texts.sentences if name.startswith(PROOFS)]
    others = [one.kind for one in found if one.kind not in kinds]
    read = all(one.kind != REFUSED for one in found)
    return tuple(
        Proof(kind, tuple(one for one in found if one.kind == kind), read or kind == REFUSED)
        for kind in dict.fromkeys((*kinds, *others))
    )
