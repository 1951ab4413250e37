"""Cases as examples in the book: the family in words, and what policy says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from bot.decisions import Decision, Policy
from bot.replies.texts import LANGUAGES
from bot.workbench.cases import Case, cases
from bot.workbench.sayings import Said, Sayings


@dataclass(frozen=True, slots=True)
class Example:
    """One case: its sentence as its author wrote it, the answers in words, and the decision."""

    name: str
    said: Mapping[str, tuple[str, ...]]
    decision: Decision


def examples(rules: Path, policy: Policy, sayings: Sayings) -> Mapping[str, tuple[Example, ...]]:
    """Every case beside a table, by the name of the table, decided on the day the newest row came into force."""
    at = datetime.combine(max(row.valid_from for row in policy.rows), time(12), UTC)
    found: dict[str, tuple[Example, ...]] = {}
    tables = {Path(row.where.file).stem for row in policy.rows}
    for case in cases(rules, policy, at):
        table = Path(case.where.file).name.removesuffix(".cases.yml")
        if table in tables:
            found[table] = (*found.get(table, ()), _example(case, policy, sayings, at))
    return found


def _example(case: Case, policy: Policy, sayings: Sayings, at: datetime) -> Example:
    said = {language: family_in_words(case.sheet.plain(), sayings, language) for language in LANGUAGES}
    return Example(case.name, said, policy.decide(case.sheet, at))


def family_in_words(plain: Mapping[str, Any], sayings: Sayings, language: str) -> tuple[str, ...]:
    """A family as `{"family": {fact: value}, "children": [{fact: value}]}`, one sentence an answer."""
    children = plain.get("children", [])
    told: list[tuple[str, str, int | None]] = [(name, value, None) for name, value in plain.get("family", {}).items()]
    for number, child in enumerate(children, 1):
        told += [(name, value, number if len(children) > 1 else None) for name, value in child.items()]
    return tuple(_sentence(*one, sayings, language) for one in told)


def _sentence(fact: str, value: str, child: int | None, sayings: Sayings, language: str) -> str:
    said = Said(fact, sayings.about(fact, language), (sayings.answer(fact, value, language),), but=False)
    line = sayings.sentence(said, language)
    return sayings.texts.say("book.child", language, n=child, said=line) if child else line
