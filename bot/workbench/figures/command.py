"""The report of one database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from rich.table import Table

from bot.replies.words import CHINA
from bot.turns.services import Services
from bot.workbench.figures.counting import Report, count
from bot.workbench.figures.mapping import as_map
from bot.workbench.figures.showing import Names, as_csv, as_svg, as_tables


@dataclass(frozen=True, slots=True)
class Made:
    """A report, ready in each of its forms."""

    report: Report
    names: Names

    @property
    def tables(self) -> tuple[Table, ...]:
        """For a terminal."""
        return tuple(as_tables(self.report, self.names))

    @property
    def csv(self) -> str:
        """For a spreadsheet."""
        return as_csv(self.report)

    @property
    def svg(self) -> str:
        """For a page."""
        return as_svg(self.report, self.names)

    @property
    def map(self) -> str:
        """Where; empty where no county is known."""
        return as_map(self.report, self.names)


def report(services: Services, since: date, until: date, language: str) -> Made:
    """Counts the parts opened, and the calls, from `since` until before `until`, days of China, in one look at the database."""
    begin, end = (datetime.combine(day, time(), CHINA) for day in (since, until))
    with services.store.read() as work:
        figures = work.figures
        parts = list(figures.parts(begin, end))
        moves, overruled = figures.moves(begin, end), figures.overruled(begin, end)
        counted = count(parts, moves, overruled, services.clock(), figures.calls(begin, end))
    labels = services.policy.base.words.labels["services"]
    said = {**services.reasons.labels, "call": services.calls.kinds}
    return Made(counted, Names(services.book.speak(language), labels, services.gazetteer, said))
