"""What the pages of calls show: plain words and numbers, put together by `sheet.py`."""

from __future__ import annotations

from dataclasses import dataclass


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
