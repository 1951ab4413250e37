"""Who is on duty: a rota of shifts and leave, `duty.csv` in a directory's folder."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.calendar import CHINA
from bot.errors import DirectoryError, Where, did_you_mean

COLUMNS = ("agency", "person", "phone", "from", "to", "kind")
SHIFT, LEAVE = "duty", "leave"


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's time on duty, or an agency's on leave (nobody is there then); `begins` and `ends` are aware."""

    agency: str
    person: str
    phone: str
    begins: datetime
    ends: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Rota:
    """Every agency's shifts in order, and its leave. Finding who is on duty costs a bisection."""

    shifts: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)
    leave: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[Mapping[str, str], Where]], agencies: Iterable[str]) -> Rota:
        """Reads rows. Raises `DirectoryError` for an unknown agency, a wrong time, and two people on duty at once."""
        known = tuple(agencies)
        of: dict[str, defaultdict[str, list[Shift]]] = {SHIFT: defaultdict(list), LEAVE: defaultdict(list)}
        for row, where in rows:
            shift = _shift(row, where, known)
            others = of[shift.kind][shift.agency]
            clash = next((o for o in others if o.begins < shift.ends and shift.begins < o.ends), None)
            if clash:
                raise DirectoryError(f"{clash.person} is on {shift.kind} at {shift.agency} in that time already", where)
            others.append(shift)
        return cls(*({a: tuple(sorted(s, key=lambda s: s.begins)) for a, s in of[k].items()} for k in (SHIFT, LEAVE)))

    def on_duty(self, agency: str, at: datetime) -> Shift | None:
        """Who is on duty there; None when nobody is, or the rota says nothing."""
        return _at(self.shifts.get(agency, ()), at)

    def away(self, agency: str, at: datetime) -> bool:
        """Whether nobody is there though it may be open: on leave, or the rota has no shift at that time."""
        shifts = self.shifts.get(agency, ())
        planned = bool(shifts) and shifts[0].begins <= at < shifts[-1].ends
        return _at(self.leave.get(agency, ()), at) is not None or (planned and _at(shifts, at) is None)


def check_columns(columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Columns that are not those of a rota, in their order."""
    if tuple(columns) != COLUMNS:
        yield "", f"the columns are {', '.join(COLUMNS)}"


def _at(shifts: tuple[Shift, ...], at: datetime) -> Shift | None:
    before = bisect_right(shifts, at, key=lambda shift: shift.begins) - 1
    return shifts[before] if before >= 0 and at < shifts[before].ends else None


def _shift(row: Mapping[str, str], where: Where, agencies: tuple[str, ...]) -> Shift:
    given = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if given["agency"] not in agencies:
        raise DirectoryError(f"unknown agency {given['agency']!r}{did_you_mean(given['agency'], agencies)}", where)
    kind = given["kind"] or SHIFT
    if kind not in (SHIFT, LEAVE):
        raise DirectoryError(f"kind is {SHIFT} or {LEAVE}, not {kind!r}", where)
    if not given["person"]:
        raise DirectoryError("person is empty", where)
    begins, ends = (_moment(given[column], column, where) for column in ("from", "to"))
    if ends <= begins:
        raise DirectoryError(f"ends ({given['to']}) before it begins ({given['from']})", where)
    return Shift(given["agency"], given["person"], given["phone"], begins, ends, kind)


def _moment(text: str, column: str, where: Where) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DirectoryError(f"{column} is a day and time like 2026-12-01 08:30, not {text!r}", where) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
