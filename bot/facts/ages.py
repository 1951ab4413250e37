"""Ages in words, Chinese and English: 五岁, 两岁半, 虚岁六岁, 孩子8个月, 二年级, 15年出生的, five-year-old, 18 months old.

Months, school years and years of birth are ages only where a child is spoken of: 怀孕五个月 and 分居九个月 are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen",
)  # fmt: skip
_NUMBER = r"\d{1,2}|[零〇一二两三四五六七八九十]{1,3}"
_KID = (
    "孩子|小孩|宝宝|娃|女儿|儿子|闺女|丫头|女孩|男孩|婴儿|孙子|孙女|外孙女?|侄女|侄子|外甥女?|弟弟|妹妹"
    "|老大|老二|老三|大的|小的|最小"
)
_CHINESE = re.compile(rf"(?<!\d)(虚岁)?({_NUMBER})(?:周岁|岁)(?!以上)")
_MONTHS = re.compile(
    rf"(?:{_KID})(?:现在|才|刚刚?|已经|还不到|有)?({_NUMBER})个多?月(?!没|不)"
    rf"|({_NUMBER})个多?月大|({_NUMBER})个多?月的(?:{_KID})"
)
# The age at which a school year begins; a child of the first one is six or seven.
_YEARS = {"小学": 5, "初": 11, "高": 14}
_GRADE = re.compile(
    r"(?:上|读|念|在读)(?:小学)?([一二三四五六])年级|(?:上|读|念|才|刚)?(初|高)([一二三])(?![0-9一二三四五六七八九十月号])"
)
_KINDERGARTEN = re.compile(r"(?:上|读)(?:幼儿园)?(小班|中班|大班)")
_CLASSES = {"小班": 3, "中班": 4, "大班": 5}
_BORN = re.compile(r"(20[012]\d|[012]\d)年(?:\d{1,2}月)?(?:出?生)的?")
_ENGLISH = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_WORDS)})[\s-]*(years?|yrs?|months?|weeks?)[\s-]*old\b"
    rf"|\b(?:aged?|is)\s+(\d{{1,2}}|{'|'.join(_WORDS[3:])})\b(?!\s*(?:%|km|years? ago|of\b|o'clock))",
    re.IGNORECASE,
)
# The first words of a life, in years.
_NEWBORN = re.compile(r"刚出生|新生儿|刚生|满月|newborn|new-born", re.IGNORECASE)


class Age(NamedTuple):
    """An age in full years, and where it stands."""

    years: int
    start: int
    end: int


def ages(text: str, this_year: int | None = None) -> Iterator[Age]:
    """Every age said in a text, adults' too. A year of birth needs `this_year`."""
    for found in _CHINESE.finditer(text):
        years = chinese_number(found[2])
        # 虚岁 counts the year of birth as one: a year or two more than the full years.
        yield Age(max(0, years - 1) if found[1] else years, *found.span())
    for found in _MONTHS.finditer(text):
        yield Age(chinese_number(found[1] or found[2] or found[3]) // 12, *found.span())
    yield from _at_school(text)
    if this_year is not None:
        yield from _born(text, this_year)
    for found in _ENGLISH.finditer(text):
        number = _english_number(found[1] or found[3])
        yield Age(number if (found[2] or "year").lower().startswith("y") else number // 12, *found.span())
    for found in _NEWBORN.finditer(text):
        yield Age(0, *found.span())


def _at_school(text: str) -> Iterator[Age]:
    for found in _GRADE.finditer(text):
        stage, year = (found[2], found[3]) if found[2] else ("小学", found[1])
        yield Age(_YEARS[stage] + chinese_number(year), *found.span())
    for found in _KINDERGARTEN.finditer(text):
        yield Age(_CLASSES[found[1]], *found.span())


def _born(text: str, this_year: int) -> Iterator[Age]:
    """05年生: counted to the end of last year, the younger of the two ages it can be."""
    for found in _BORN.finditer(text):
        year = int(found[1]) + (2000 if len(found[1]) < len("2000") else 0)
        if year <= this_year:
            yield Age(max(0, this_year - year - 1), *found.span())


def chinese_number(said: str) -> int:
    """五 → 5, 十二 → 12, 二十五 → 25, 12 → 12."""
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + sum(_DIGITS.get(digit, 0) for digit in ones[-1:])


def _english_number(said: str) -> int:
    return int(said) if said.isdecimal() else _WORDS.index(said.lower())


def band(years: int, values: Iterable[str]) -> str | None:
    """The value that covers an age, among bands written `under2`, `2to4`, `5to7` …; None when none does."""
    for value in values:
        found = re.fullmatch(r"under(\d+)|(\d+)to(\d+)", value)
        if found and (years < int(found[1]) if found[1] else int(found[2]) <= years <= int(found[3])):
            return value
    return None
