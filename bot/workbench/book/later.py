"""Safeguards, the placement ladder and the dates of follow-up plans, taken from a rule base that has them.

This is the one place that knows their shape, so that the book can be made of rule bases with and without them: a safeguard has
`id`, `says` and `where`; a placement has `ladder`, `first`, `askers` and `transfer`; the words of policy have `plans`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.decisions.decision import Citation
from bot.decisions.row import Row
from bot.decisions.rulebase import RuleBase
from bot.errors import Where

Said = Mapping[str, str]
TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Promise:
    """A safeguard: what it says in words, and exactly as its author wrote it."""

    id: str
    says: Said
    written: str
    where: Where


@dataclass(frozen=True, slots=True)
class Rung:
    """One way of placing a child, or the transfer from one service to another (`moves`: from, to)."""

    name: str
    title: Said
    asked_by: tuple[Said, ...]
    decided_by: str
    tried_first: tuple[Said, ...]
    moves: tuple[str, ...]
    citations: tuple[Citation, ...]
    note: Said


def safeguards(base: RuleBase, rules: Path) -> tuple[Promise, ...]:
    """What must hold of all of the policy; empty while the rule base has none."""
    found: tuple[Any, ...] = getattr(base, "safeguards", ())
    return tuple(Promise(one.id, one.says, written(one.where, rules), one.where) for one in found)


def placement(base: RuleBase) -> tuple[Rung, ...]:
    """The ladder of places for a child, from the first choice to the last, then the transfer; empty while there is none."""
    found: Any = getattr(base, "placement", None)
    return tuple(_rungs(found)) if found else ()


def step_of(row: Row) -> str:
    """The step of the ladder that a row speaks of; empty for most."""
    return getattr(row, "placement", None) or ""


def contacts(base: RuleBase, plan: str) -> Mapping[str, tuple[float, ...]]:
    """When somebody looks in again under a plan: minutes since the case was opened, by `visit` and `call`."""
    plans: Mapping[str, Any] = getattr(base.words, "plans", {})
    found: dict[str, tuple[float, ...]] = {}
    for how, after in plans.get(plan, ()):
        found[how] = (*found.get(how, ()), after.total_seconds() / 60)
    return found


def written(where: Where, rules: Path) -> str:
    """The lines of an author's file from where an entry begins to where the next one does; `rules` is the rule base's folder."""
    file = rules.parent / where.file
    if not file.is_file() or not where.line:
        return ""
    first, *rest = file.read_text(encoding="utf-8").splitlines()[where.line - 1 :]
    indent = len(first) - len(first.lstrip())
    return "\n".join(line[indent:] for line in (first, *_inside(rest, indent))).rstrip()


def _inside(lines: list[str], indent: int) -> Iterator[str]:
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield line


def _rungs(found: Any) -> Iterator[Rung]:  # noqa: ANN401 (a placement, or whatever a later rule base calls one)
    titles: dict[str, Said] = {**found.first, **{step.name: step.title for step in found.ladder}}
    for step in (*found.ladder, found.transfer):
        yield Rung(
            name=getattr(step, "name", TRANSFER),
            title=step.title,
            asked_by=tuple(found.askers[word] for word in step.asked_by),
            decided_by=step.decided_by,
            tried_first=tuple(titles[word] for word in getattr(step, "tried_first", ())),
            moves=(step.leaves, step.enters) if hasattr(step, "leaves") else (),
            citations=(*step.basis, *step.unverified),
            note=step.note,
        )
