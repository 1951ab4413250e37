"""Working time."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import CHINA, add_working, is_workday


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),
        ("2026-10-01", False),
        ("2025-10-11", True),
    ],  # the last a swapped Saturday
)
def test_holidays_and_swapped_workdays_are_known(day: str, *, open_: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is open_


def test_a_year_nobody_has_announced_has_plain_weeks() -> None:
    assert is_workday(date(2049, 1, 1) + timedelta(days=3))
    assert not is_workday(date(2049, 1, 2))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-24T09:00", 2, "2026-11-24T11:00"),
        ("2026-11-24T11:00", 2, "2026-11-24T15:00"),  # over lunch
        ("2026-11-24T17:00", 1, "2026-11-25T09:00"),  # over night
        ("2026-11-27T17:30", 4, "2026-11-30T14:30"),  # over a weekend
        ("2026-11-28T03:00", 0, "2026-11-30T08:30"),  # the next open moment
    ],
)
def test_only_office_hours_count(start: str, hours: int, end: str) -> None:
    assert add_working(china(start), timedelta(hours=hours)) == china(end)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(CHINA))  # noqa: DTZ001 – the zone is given


@given(moments, st.integers(0, 60), st.integers(0, 60))
def test_two_spans_one_after_the_other_are_their_sum(start: datetime, one: int, two: int) -> None:
    first = add_working(start, timedelta(hours=one))
    assert add_working(first, timedelta(hours=two)) == add_working(start, timedelta(hours=one + two)) or two == 0


@given(moments, st.integers(0, 100))
def test_a_deadline_falls_into_office_hours_and_never_before_its_start(start: datetime, hours: int) -> None:
    end = add_working(start, timedelta(hours=hours))
    assert end >= start
    assert is_workday(end.date())
