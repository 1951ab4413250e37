"""What policy says about a sheet, and its stable JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.decisions.risk import Risk


@dataclass(frozen=True, slots=True)
class Ask:
    """The next question: a fact, and which child it is about (None: the family)."""

    fact: str
    child: int | None


@dataclass(frozen=True, slots=True)
class Citation:
    """An article of a law: its full title, and the article as the law counts it."""

    law: str
    article: str


@dataclass(frozen=True, slots=True)
class PartDecision:
    """What one service does for somebody: `for_whom` is couple, child, caller or family, `child` an index for `child`.

    `act_within` is minutes from now (0: now), None where no law sets a limit.
    """

    for_whom: str
    child: int | None
    risk: Risk
    lead: str
    also: tuple[str, ...]
    first_action: str
    act_within: int | None
    rows: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """`{"for","child","risk","lead","also","first_action","act_within_minutes"}`."""
        return {
            "for": self.for_whom,
            "child": self.child,
            "risk": self.risk.word,
            "lead": self.lead,
            "also": list(self.also),
            "first_action": self.first_action,
            "act_within_minutes": self.act_within,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """Risk, parts, and why.

    `settled`: no answer still to come can change risk, parts, times or nevers. `enough`: the policy has no further question;
    what `ask` names then, if anything, a receiving service needs. `because` is a tuple of `{"zh", "en"}`, the gravest row's
    first; `assumed` the facts that counted as their `otherwise`; `rules` the content hash of the rule base.
    """

    risk: Risk
    lead: str
    parts: tuple[PartDecision, ...]
    follow_up: str | None
    basis: tuple[Citation, ...]
    rows: tuple[str, ...]
    nevers: tuple[str, ...]
    because: tuple[Mapping[str, str], ...]
    settled: bool
    risk_settled: bool
    ask: Ask | None
    assumed: tuple[tuple[str, int | None], ...]
    rules: str
    enough: bool = False

    def to_json(self) -> dict[str, Any]:
        """The object of `rightdoor decide`; its words are fixed."""
        return {
            "risk": self.risk.word,
            "lead": self.lead,
            "parts": [part.to_json() for part in self.parts],
            "follow_up": self.follow_up,
            "basis": [{"law": cited.law, "article": cited.article} for cited in self.basis],
            "rows": list(self.rows),
            "settled": self.settled,
            "ask": {"fact": self.ask.fact, "child": self.ask.child} if self.ask else None,
            "rules": self.rules,
        }
