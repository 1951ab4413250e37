"""Opening hours as a clerk writes them: `24h`, `workdays 08:30-12:00,14:00-17:30`, `Mo-Fr 9:00-17:00; Sa 9:00-12:00`.

`daily` is every day; `workdays` follow the country's holidays and swapped workdays (`bot/calendar.py`); names of days do
not. Times are Beijing's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from bot.calendar import CHINA, is_workday

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ROUND_THE_CLOCK = "24h"
WORKDAYS, DAILY = "workdays", "daily"
_TIMES = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_HOW = "write 24h, or days and times like: workdays 08:30-12:00,14:00-17:30; Sa 09:00-12:00"
MIDNIGHT = 24  # o'clock, as the end of a day


@dataclass(frozen=True, slots=True)
class Period:
    """Days (`workdays`, or numbers from Monday 0) and one span of time on each."""

    days: frozenset[int] | None
    opens: time
    closes: time

    def holds(self, moment: datetime) -> bool:
        """Whether it is open then (Beijing's time)."""
        on = is_workday(moment.date()) if self.days is None else moment.weekday() in self.days
        return on and self.opens <= moment.time() and (self.closes == time.max or moment.time() < self.closes)


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there. Without periods nobody told: then it counts as open."""

    written: str = ""
    periods: tuple[Period, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Reads what a clerk wrote. Raises `ValueError` that says how to write it."""
        written = " ".join(text.replace("；", ";").replace("，", ",").replace("：", ":").replace("—", "-").split())
        if written in ("", ROUND_THE_CLOCK):
            return cls(written)
        return cls(written, tuple(period for part in written.split(";") for period in _periods(part.strip())))

    def open(self, at: datetime) -> bool:
        """Whether somebody is there at a moment (aware)."""
        moment = at.astimezone(CHINA)
        return not self.periods or any(period.holds(moment) for period in self.periods)


def _periods(part: str) -> list[Period]:
    days, _, times = part.partition(" ")
    found = []
    for written in times.split(","):
        span = _TIMES.fullmatch(written.strip())
        if span is None:
            raise ValueError(f"{part!r} is no day with times; {_HOW}")
        opens, closes = _time(span[1], span[2], part), _time(span[3], span[4], part)
        if closes <= opens:
            raise ValueError(f"{span[0]} ends before it begins; past midnight, write two days")
        found.append(Period(_days(days, part), opens, closes))
    return found


def _time(hour: str, minute: str, part: str) -> time:
    if (int(hour), int(minute)) == (MIDNIGHT, 0):
        return time.max
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"{hour}:{minute} in {part!r} is no time of day") from None


def _days(days: str, part: str) -> frozenset[int] | None:
    if days in (WORKDAYS, DAILY):
        return None if days == WORKDAYS else frozenset(range(7))
    found: set[int] = set()
    for run in days.split(","):
        first, _, last = run.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise ValueError(f"{days!r} in {part!r} names no days; {_HOW}")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= set(range(begin, end + 1)) if begin <= end else {*range(begin, 7), *range(end + 1)}
    return frozenset(found)
