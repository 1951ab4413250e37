"""A report as tables for a terminal, as CSV, and as a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.table import Table

from bot.places import Gazetteer
from bot.replies.words import Words
from bot.workbench.draw.ink import ACCENT, SOFT, TINT
from bot.workbench.draw.svg import Panel, Sheet, Text
from bot.workbench.figures.counting import COUNTS, MEASURES, Report

WIDE, NAME, BAR = 760.0, 260.0, 18.0
SHOWN = ("opened", "open", "overdue", "escalated")  # the bars of a picture


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called in one language."""

    words: Words
    services: Mapping[str, Mapping[str, str]]
    gazetteer: Gazetteer
    said: Mapping[str, Mapping[str, Mapping[str, str]]]  # the words of each kind that is counted

    def service(self, name: str) -> str:
        """A service."""
        return self.services[name][self.words.language] if name in self.services else name

    def county(self, code: str) -> str:
        """A county; a dash where the place was not known."""
        place = self.gazetteer.get(code) if code else None
        return place.full_name if place else "—"

    def word(self, kind: str, name: str) -> str:
        """A word that is counted: a reason, an outcome, a kind of call; a row is its own name."""
        known = self.said.get(kind, {})
        return known[name][self.words.language] if name in known else name

    def measure(self, name: str) -> str:
        """A measure, or the heading of a table."""
        return self.words.word("report", name)


def as_tables(report: Report, names: Names) -> Iterator[Table]:
    """One table for each question."""
    for heading, lines, name in (
        ("by_service", report.by_service, names.service),
        ("by_county", report.by_county, names.county),
    ):
        table = Table(names.measure(heading), *(names.measure(m) for m in MEASURES), title_justify="left")
        for key, line in lines.items():
            table.add_row(name(key), *(line[measure] for measure in MEASURES))
        yield table
    for heading, counts in report.times.items():
        table = Table(names.measure(heading), names.measure("times"))
        for key, number in counts.items():
            table.add_row(names.word(heading, key), number)
        yield table


def as_csv(report: Report) -> str:
    """One line a figure: `by,key,measure,value`, in the fixed words."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("by", "key", "measure", "value"))
    for by, lines in (("service", report.by_service), ("county", report.by_county)):
        writer.writerows((by, key, measure, line[measure]) for key, line in lines.items() for measure in MEASURES)
    for by, counts in report.times.items():
        writer.writerows((by, key, "times", number) for key, number in counts.items())
    return out.getvalue()


def as_svg(report: Report, names: Names) -> str:
    """Bars for each service: opened, open, overdue, escalated. A bar is drawn only for a number that may be shown."""
    sheet = Sheet(WIDE)
    y = sheet.text(0, 0, Text.fit(names.measure("by_service"), WIDE, 18, bold=True)) + 12
    most = max((number(line[m]) for line in report.by_service.values() for m in COUNTS), default=0) or 1
    said: list[str] = []
    for key, line in report.by_service.items():
        y = sheet.text(0, y, Text.fit(names.service(key), WIDE, bold=True)) + 2
        for measure in SHOWN:
            y = _bar(sheet, y, names.measure(measure), line[measure], most)
        y += 10
        said.append(f"{names.service(key)}: " + ", ".join(f"{names.measure(m)} {line[m]}" for m in SHOWN))
    return Panel.of(sheet, names.measure("by_service"), "; ".join(said) or "0", names.words.language).svg(margin=24)


def _bar(sheet: Sheet, y: float, label: str, value: str, most: int) -> float:
    sheet.text(NAME - 12, y, Text.fit(label, NAME, 12, SOFT), anchor="end")
    length = (WIDE - NAME - 80) * number(value) / most
    if length:
        sheet.box(NAME, y, length, BAR - 4, TINT, ACCENT, 2)
    sheet.text(NAME + length + 8, y, Text.fit(value, 80, 12))
    return y + BAR


def number(value: str) -> int:
    """A cell as a number; one that may not be told counts as none."""
    return int(value) if value.isdecimal() else 0
