"""Counting: parts and moves in, one table for each question out. Pure.

A number below `FEWEST` could point at a family and is shown as `<5`; a time of fewer parts than that is not shown. Larger
numbers are rounded to fives, so that a small one cannot be worked out from two tables, or from two reports of different days.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from bot.referrals import Status
from bot.store import MoveFigure, PartFigure

FEWEST = 5
TIMES = {"accepted_after": "accept", "contacted_after": "contact", "closed_after": "close"}
COUNTS = ("opened", "open", "overdue", "escalated", "declined")
MEASURES = (*COUNTS, *TIMES)

Cell = str  # a number, hours as `12.5`, `<5`, or nothing


@dataclass(slots=True)
class Tally:
    """What is counted for one service, or one county."""

    counts: Counter[str] = field(default_factory=Counter)
    times: defaultdict[str, list[timedelta]] = field(default_factory=lambda: defaultdict(list))

    def line(self) -> Mapping[str, Cell]:
        """The measures as they may be shown."""
        counted = {name: shown(self.counts[name]) for name in COUNTS}
        return counted | {name: _hours(self.times[name]) for name in TIMES}


@dataclass(frozen=True, slots=True)
class Report:
    """Tables by what they are counted by: `service`, `county`, and in `times` how often each word of a kind occurred.

    The kinds are `decline` (reasons), `outcome`, `row` (overruled by humans) and `call` (what calls at the desk were).
    """

    by_service: Mapping[str, Mapping[str, Cell]]
    by_county: Mapping[str, Mapping[str, Cell]]
    times: Mapping[str, Mapping[str, Cell]]


def count(
    parts: Iterable[PartFigure],
    moves: Iterable[MoveFigure],
    overruled: Iterable[Sequence[str]],
    now: datetime,
    calls: Mapping[str, int] | None = None,
) -> Report:
    """The report of these parts as they stand at `now`, and of `calls`: how many were of which kind."""
    services: defaultdict[str, Tally] = defaultdict(Tally)
    counties: defaultdict[str, Tally] = defaultdict(Tally)
    begun: dict[str, tuple[PartFigure, Tally, Tally]] = {}
    for part in parts:
        begun[part.id] = (part, services[part.lead], counties[part.county or ""])
        for tally in begun[part.id][1:]:
            _standing(tally, part, now)
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: set[tuple[str, str]] = set()
    for move in moves:
        part, *tallies = begun[move.part]
        once = (move.part, move.move) not in first
        first.add((move.part, move.move))
        for tally in tallies:
            _moved(tally, part, move, first=once)
        if move.reason:
            reasons[move.move][move.reason] += 1
    rows = Counter(row for fired in overruled for row in fired)
    return Report(
        by_service={name: tally.line() for name, tally in sorted(services.items())},
        by_county={name: tally.line() for name, tally in sorted(counties.items())},
        times={
            "decline": _shown(reasons["decline"]),
            "outcome": _shown(reasons["close"]),
            "row": _shown(rows),
            "call": _shown(Counter(calls or {})),
        },
    )


def shown(number: int) -> Cell:
    """A count as it may be shown."""
    if 0 < number < FEWEST:
        return f"<{FEWEST}"
    return str(FEWEST * ((number + FEWEST // 2) // FEWEST))


def _standing(tally: Tally, part: PartFigure, now: datetime) -> None:
    is_open = Status(part.status).open
    tally.counts["opened"] += 1
    tally.counts["open"] += is_open
    tally.counts["overdue"] += is_open and part.deadline <= now


def _moved(tally: Tally, part: PartFigure, move: MoveFigure, *, first: bool) -> None:
    tally.counts["escalated"] += move.move == "escalate"
    tally.counts["declined"] += move.move == "decline"
    for name, wanted in TIMES.items():
        if first and move.move == wanted:
            tally.times[name].append(move.at - part.created)


def _hours(times: Sequence[timedelta]) -> Cell:
    """The median in hours."""
    return f"{median(time / timedelta(hours=1) for time in times):.1f}" if len(times) >= FEWEST else ""


def _shown(counter: Counter[str]) -> Mapping[str, Cell]:
    return {name: shown(number) for name, number in counter.most_common()}
