"""`rightdoor draw`: the interview, or one table of situations, as an SVG that can be read, printed and listened to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.decisions.row import Row
from bot.decisions.rulebase import RuleBase
from bot.errors import UnknownWordError
from bot.replies.texts import LANGUAGES
from bot.workbench.draw.interview import interview_panels
from bot.workbench.draw.svg import Panel, stacked
from bot.workbench.draw.table import table_panels
from bot.workbench.draw.words import Pen
from bot.workbench.sayings import Sayings
from bot.workbench.texts import BookTexts

__all__ = ["INTERVIEW", "Panel", "Pen", "draw", "interview_panels", "table_panels", "tables"]

INTERVIEW = "interview"
MARGIN = 24.0  # pixels of paper around a picture that stands alone


def draw(project: Path, rules: Path, what: str, language: str) -> str:
    """The SVG of `interview`, or of the table of that name.

    Raises `UnknownWordError` with the nearest word for a table or language that there is not, `RuleFileError` for rules or
    wording that cannot be read.
    """
    if language not in LANGUAGES:
        raise UnknownWordError("language", language, LANGUAGES)
    texts, base = BookTexts.load(project / "data" / "book.yml"), RuleBase.load(rules)
    pen = Pen(base, Sayings.load(project / "data" / "domain", base.vocabulary, texts), texts, language)
    return stacked(_panels(pen, what)).svg(MARGIN)


def tables(rows: Sequence[Row]) -> Mapping[str, tuple[Row, ...]]:
    """The rows by table, named as the file is: `{"divorce": …}`."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        name = Path(row.where.file).stem
        found[name] = (*found.get(name, ()), row)
    return found


def _panels(pen: Pen, what: str) -> tuple[Panel, ...]:
    if what == INTERVIEW:
        return interview_panels(pen)
    known = tables(pen.base.rows)
    if what not in known:
        raise UnknownWordError("table", what, (INTERVIEW, *known))
    return table_panels(pen, what, known[what])
