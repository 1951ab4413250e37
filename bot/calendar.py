"""Working time in mainland China: office hours, public holidays and the workdays swapped for them.

Holidays come from `chinesecalendar`, which knows the years the State Council has announced; in any other year Monday to
Friday are taken for workdays.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import chinese_calendar

CHINA = timezone(timedelta(hours=8), "CST")
OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
SATURDAY = 5


def is_workday(day: date) -> bool:
    """Whether offices are open on a day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year that was not announced
        return day.weekday() < SATURDAY


def add_working(start: datetime, span: timedelta) -> datetime:
    """The moment when `span` of office hours has passed since `start` (aware); no span means the next open moment.

    The result has the zone of `start`. Cost: one step for every day that passes.
    """
    now, left = start.astimezone(CHINA), span
    while True:
        for opens, closes in _hours(now.date()):
            begin = max(now, opens)
            if begin < closes and begin + left <= closes:
                return (begin + left).astimezone(start.tzinfo)
            left -= max(closes - begin, timedelta())
        now = datetime.combine(now.date() + timedelta(days=1), time(), CHINA)


def _hours(day: date) -> tuple[tuple[datetime, datetime], ...]:
    """When offices open and close on a day; never on a holiday."""
    if not is_workday(day):
        return ()
    return tuple(
        (datetime.combine(day, opens, CHINA), datetime.combine(day, closes, CHINA)) for opens, closes in OFFICE_HOURS
    )
