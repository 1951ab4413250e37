"""Cases as examples in the book: the family in words, and what policy says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from bot.decisions import Decision, Policy
from bot.facts import Sheet
from bot.workbench.cases import Case, cases
from bot.workbench.sayings import Sayings
from bot.workbench.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Example:
    """One case: its sentence as its author wrote it, the answers in words, and the decision."""

    name: str
    said: Mapping[str, tuple[str, ...]]
    decision: Decision


def examples(rules: Path, policy: Policy, sayings: Sayings) -> Mapping[str, tuple[Example, ...]]:
    """Every case by the table beside which it stands, decided on the day the newest row came into force."""
    at = datetime.combine(max(row.valid_from for row in policy.rows), time(12), UTC)
    found: dict[str, tuple[Example, ...]] = {}
    for case in cases(rules, policy, at):
        table = Path(case.where.file).name.removesuffix(".cases.yml")
        found[table] = (*found.get(table, ()), _example(case, policy, sayings, at))
    return found


def _example(case: Case, policy: Policy, sayings: Sayings, at: datetime) -> Example:
    said = {language: _said(case.sheet, sayings, language) for language in LANGUAGES}
    return Example(case.name, said, policy.decide(case.sheet, at))


def _said(sheet: Sheet, sayings: Sayings, language: str) -> tuple[str, ...]:
    lines = []
    for answer in sheet.answers:
        said = sayings.said(answer.fact, frozenset({answer.value}), language)
        line = sayings.sentence(said, language)
        child = answer.child if sheet.children > 1 else None
        lines.append(line if child is None else sayings.texts.say(language, "book.child", n=child + 1, said=line))
    return tuple(lines)
