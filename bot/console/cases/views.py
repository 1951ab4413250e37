"""What the pages of cases show: plain words and numbers, put together by `office.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One part in a list; `risk` is its word for style, `weight` for order, `late` whether its deadline has passed.

    `township` is a division's code (the county's where no more is known), `agency` an id.
    """

    case: str
    part: str
    risk: str
    weight: int
    risk_label: str
    place: str
    for_whom: str
    asked: str
    by: str
    late: bool
    deadline: datetime
    state: str
    owner: str
    township: str
    agency: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A move that can be made: with a reason of these, to one of these, with words."""

    move: str
    reasons: Mapping[str, str]
    whom: Mapping[str, str]
    wordy: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of somebody's first case: what to do, where (a path of the console), and whether they have done it."""

    text: str
    to: str
    done: bool


@dataclass(frozen=True, slots=True)
class HeldView:
    """A move of whoever looks that can still be undone, and for how many seconds."""

    move: str
    seconds: int


@dataclass(frozen=True, slots=True)
class PartView:
    """One part on a case's page; `seen` is the version that its forms send back."""

    line: Line
    seen: int
    open: bool
    choices: tuple[Choice, ...]
    visits: tuple[Visiting, ...] = ()
    held: HeldView | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known, about which child (None: the family), how, and since when."""

    title: str
    child: int | None
    source: str
    when: str


@dataclass(frozen=True, slots=True)
class Visiting:
    """One visit or call of a follow-up plan: when, how, and what was found once it was made."""

    when: str
    how: str
    found: str
    owed: bool
    late: bool
    case: str
    place: str
    day: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    when: str
    who: str
    what: str
    reason: str
    said: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. Facts, contact and words are there only when they were asked for (`shown`)."""

    id: str
    place: str
    risk: str
    risk_label: str
    parts: tuple[PartView, ...]
    facts: tuple[Fact, ...]
    contact: str
    because: tuple[str, ...]
    basis: tuple[str, ...]
    rows: tuple[str, ...]
    happened: tuple[Happening, ...]
    shown: bool
