"""Ages in words, Chinese and English: 五岁, 5岁, 两岁半, 十二岁, 8个月, five-year-old, 5 years old, 18 months old."""

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
_CHINESE = re.compile(rf"({_NUMBER})\s*(周岁|岁|个多月|个月|月龄)")
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


def ages(text: str) -> Iterator[Age]:
    """Every age said in a text, adults' too."""
    for found in _CHINESE.finditer(text):
        number = chinese_number(found[1])
        yield Age(number if "岁" in found[2] else number // 12, *found.span())
    for found in _ENGLISH.finditer(text):
        number = _english_number(found[1] or found[3])
        yield Age(number if (found[2] or "year").lower().startswith("y") else number // 12, *found.span())
    for found in _NEWBORN.finditer(text):
        yield Age(0, *found.span())


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
