"""The project's own rule base, and a big one made of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.decisions.rulebase import RuleBase
from bot.errors import Where
from bot.workbench.draw import Pen
from bot.workbench.sayings import Sayings
from bot.workbench.texts import BookTexts

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh", "en")


@cache
def base() -> RuleBase:
    return RuleBase.load(ROOT / "rules")


@cache
def texts() -> BookTexts:
    return BookTexts.load(ROOT / "data" / "book.yml")


def pen(language: str, rules: RuleBase | None = None) -> Pen:
    rules = rules or base()
    said = Sayings.load(ROOT / "data" / "domain", rules.vocabulary, texts())
    return Pen(rules, said, said.texts, language)


def grown(rows: int) -> RuleBase:
    """A rule base of so many rows: the project's own again and again under new ids, in files of their own."""
    rules = base()
    many = [
        replace(row, id=f"{row.id}-{number}", before=(), where=Where(Path(f"situations/copy{number}.yml"), 1))
        for number in range(1 + rows // len(rules.rows))
        for row in rules.rows
    ]
    return replace(rules, rows=tuple(many[:rows]))
