"""The report as a page: a picture, and the same numbers as tables. Small numbers are not shown (`bot/workbench/figures`)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.replies.words import CHINA
from bot.turns.services import Services
from bot.workbench.figures.command import Made, report
from bot.workbench.figures.counting import MEASURES

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Grid:
    """One table; the first column says what its lines are about."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """What stands on the page: from when until before when, a picture and a map as data addresses, and their tables."""

    since: date
    until: date
    picture: str
    map: str
    grids: tuple[Grid, ...]


def reported(services: Services, since: str, until: str, language: str) -> ReportView:
    """The parts opened from `since` until before `until` (YYYY-MM-DD); the last year for what is no day."""
    today = services.clock().astimezone(CHINA).date()
    end = _day(until) or today + timedelta(days=1)
    begin = min(_day(since) or end - YEAR, end)
    made = report(services, begin, end, language)
    return ReportView(begin, end, _address(made.svg), _address(made.map), _grids(made))


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" if svg else ""


def _grids(made: Made) -> tuple[Grid, ...]:
    names, counted = made.names, made.report
    measures = tuple(names.measure(measure) for measure in MEASURES)
    found = [
        Grid(
            names.measure(heading),
            measures,
            tuple((name(key), *(line[m] for m in MEASURES)) for key, line in lines.items()),
        )
        for heading, lines, name in (
            ("by_service", counted.by_service, names.service),
            ("by_county", counted.by_county, names.county),
        )
    ]
    times = (names.measure("times"),)
    for heading, numbers in counted.times.items():
        lines = tuple((names.word(heading, word), number) for word, number in numbers.items())
        found.append(Grid(names.measure(heading), times, lines))
    return tuple(grid for grid in found if grid.lines)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).date()
    except ValueError:
        return None
