"""Ages in words, the bands they fall into, and durations."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import RuleFileError, Where
from bot.facts.ages import ages, band, chinese_number
from bot.facts.document import Item
from bot.facts.durations import duration
from tests.facts.vocabulary import VOCABULARY

BANDS = VOCABULARY.facts["child_age"].values


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("女儿五岁", [5]),
        ("她5岁了", [5]),
        ("儿子十二岁，女儿三岁", [12, 3]),
        ("我今年二十五岁", [25]),
        ("他十岁", [10]),
        ("两岁半", [2]),
        ("14周岁", [14]),
        ("宝宝8个月", [0]),
        ("十八个月大", [1]),
        ("刚出生的孩子", [0]),
        ("孩子刚满月", [0]),
        ("my five-year-old daughter", [5]),
        ("she is 12 years old", [12]),
        ("an 18 month old baby", [1]),
        ("aged 7", [7]),
        ("my son is 9 and cries", [9]),
        ("a newborn", [0]),
        ("住了五年", []),
        ("she is 5 km away", []),
        ("is 20% of it", []),
        ("没有孩子", []),
    ],
)
def test_an_age_is_read_as_people_write_it(text: str, years: list[int]) -> None:
    assert [age.years for age in ages(text)] == years


def test_an_age_says_where_it_stands() -> None:
    (age,) = ages("女儿五岁了")
    assert "女儿五岁了"[age.start : age.end] == "五岁"


@pytest.mark.parametrize(
    ("said", "number"), [("五", 5), ("十", 10), ("十二", 12), ("二十", 20), ("二十五", 25), ("两", 2), ("12", 12)]
)
def test_a_chinese_number_is_a_number(said: str, number: int) -> None:
    assert chinese_number(said) == number


@pytest.mark.parametrize(
    ("years", "value"),
    [
        (0, "under2"), (1, "under2"), (2, "2to4"), (4, "2to4"), (5, "5to7"), (7, "5to7"), (8, "8to13"), (13, "8to13"),
        (14, "14to15"), (15, "14to15"), (16, "16to17"), (17, "16to17"), (18, None), (45, None),
    ],
)  # fmt: skip
def test_every_age_of_a_minor_has_one_band(years: int, value: str | None) -> None:
    assert band(years, BANDS) == value


@pytest.mark.parametrize(
    ("written", "minutes"), [("0", 0), ("5m", 5), ("30m", 30), ("24h", 24 * 60), ("3d", 3 * 24 * 60), ("0h", 0)]
)
def test_a_duration_is_read_to_the_minute(written: str, minutes: int) -> None:
    assert duration(Item(written, Where("a.yml", 1))) == timedelta(minutes=minutes)


@pytest.mark.parametrize("written", ["30", "1w", "half an hour", "-5m", "12:30", "1.5h", "12345d", "5 m"])
def test_anything_else_is_no_duration(written: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        duration(Item(written, Where(Path("rules/a.yml"), 7)))
    assert str(refused.value) == f"rules/a.yml:7: {written!r} is not a duration; write 0, 30m, 24h or 3d"
