"""What pages show: plain words and numbers, put together by `office.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Look:
    """Something personal that was read: to be written down before it is shown."""

    action: str
    subject: str
    county: str | None


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


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call in a list: whose hands it is in, how long it lasts (seconds), and whether it waits."""

    id: str
    who: str
    seconds: int
    held: bool
    mine: bool
    risk: str
    risk_label: str
    weight: int
    place: str


@dataclass(frozen=True, slots=True)
class Danger:
    """One of the dangers that are always in sight: what it is, what was said of it, and whether it is there."""

    title: str
    said: str
    there: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on a key: the key, its words, what pressing it brings."""

    key: str
    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Say:
    """What is read aloud now, why, with what it is answered, and what comes then. `typed` is `place`, `contact` or nothing."""

    text: str
    why: str
    hint: str
    answers: tuple[Answer, ...]
    typed: str
    then: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Something read in a note that waits to be confirmed: its number, what it means, the words it was read in."""

    n: int
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that counts: its words, what puts its question on the table again, and whether it tells of something."""

    title: str
    payload: str
    tells: bool


@dataclass(frozen=True, slots=True)
class Door:
    """One part as it is decided or stands: for whom, who, what first, by when; `call` where somebody must say who called."""

    id: str
    for_whom: str
    who: str
    first_action: str
    by: str
    state: str
    call: bool
    aloud: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is decided by what is known; `others` are answers that would make it graver."""

    risk: str
    risk_label: str
    weight: int
    settled: bool
    doors: tuple[Door, ...]
    because: tuple[str, ...]
    basis: tuple[str, ...]
    rows: tuple[str, ...]
    graver: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallView:
    """One call at the desk. `card` is what is read aloud first in an emergency; `alike` are open cases with the same number."""

    id: str
    seconds: int
    held: bool
    ended: bool
    kind: str
    caller: str
    number: str
    place: str
    silent: bool
    guarded: bool
    dangers: tuple[Danger, ...]
    card: tuple[str, ...]
    say: Say | None
    heard: tuple[Heard, ...]
    notes: tuple[tuple[str, str], ...]
    told: tuple[Told, ...]
    so_far: SoFar
    sent: bool
    case: str
    receipt: str
    alike: tuple[tuple[str, str], ...]
    supposable: tuple[tuple[str, str], ...]
