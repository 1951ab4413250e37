"""One property of a rule base as a question to the space: is there a family that breaks it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.decisions.proof.formula import Literal
from bot.errors import Where
from bot.workbench.check.finding import Finding, Subject
from bot.workbench.proof import Family, Space


@dataclass(frozen=True, slots=True)
class Property:
    """`broken` holds together for exactly the families that break it; `said` puts such a family in words.

    Several may share a subject; they are then one thing, which any of them breaks.
    """

    kind: str
    subject: Subject
    where: Where
    broken: tuple[Literal, ...]
    said: str | Callable[[Family], str]

    def finding(self, space: Space) -> Finding | None:
        """What is wrong, with the smallest family that shows it, or None: it is proved."""
        family = space.find(*self.broken)
        if family is None:
            return None
        said = self.said if isinstance(self.said, str) else self.said(family)
        return shown(self.kind, self.subject, self.where, said, family, space)


def shown(kind: str, subject: Subject, where: Where, message: str, family: Family, space: Space) -> Finding:
    """A finding with the family that shows it."""
    return Finding(kind, where, message, family.plain(), family.conversation(space.policy), subject, family)
