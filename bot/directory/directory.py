"""The directory: agencies from CSV files, the nearest one for a service, and the chain above it. It never ends in nothing."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.directory import duty
from bot.directory.agency import Agency, Door, Passed
from bot.directory.duty import Rota, Shift
from bot.directory.rows import agency_of, check_columns, row_of
from bot.errors import DirectoryError, Where, did_you_mean
from bot.places import Gazetteer, Place

CHAIN = ("village_worker", "township_station", "county_centre", "prefecture_institution", "operator")
DUTY = "duty.csv"  # the rota, beside the tables of agencies
Check = Callable[[Sequence[str]], Iterable[tuple[str, str]]]
Full = Callable[[Agency], bool]  # whether an agency with a capacity has as many open referrals as it takes
EXPIRED, ENDED, FULL, CLOSED, AWAY = "expired", "ended", "full", "closed", "away"


@dataclass(frozen=True, slots=True)
class Reach:
    """Who can be reached now: the door, who is on duty there (as far as the rota says), the number, and the chain behind."""

    door: Door
    duty: Shift | None
    phone: str
    behind: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """Agencies by id, and by (service, place) in the order of the files; and the rota."""

    by_id: Mapping[str, Agency]
    by_place: Mapping[tuple[str, str], tuple[Agency, ...]]
    rota: Rota = field(default_factory=Rota)
    wearing: tuple[Agency, ...] = ()  # whose entries expire, the first to expire first

    @classmethod
    def open(cls, folder: Path, national: Path, gazetteer: Gazetteer, services: Iterable[str]) -> Directory:
        """Reads `national`, every `*.csv` of `folder`, and its rota.

        Raises `DirectoryError` with file, line and the nearest right word.
        """
        known = tuple(services)
        agencies: dict[str, Agency] = {}
        files = [national, *(file for file in sorted(folder.glob("*.csv")) if file.name != DUTY)]
        if len(files) == 1:
            raise DirectoryError("holds no CSV file of agencies", Where(folder))
        found: dict[str, Where] = {}
        for file in files:
            for row, where in rows(file):
                agency = agency_of(row, where, gazetteer, known)
                if agency.id in agencies:
                    raise DirectoryError(f"agency {agency.id!r} is there twice", where)
                agencies[agency.id], found[agency.id] = agency, where
        rota = folder / DUTY
        return cls.of(agencies, Rota.of(rows(rota, duty.check_columns), agencies) if rota.exists() else Rota(), found)

    @classmethod
    def of(cls, agencies: Mapping[str, Agency], rota: Rota, found: Mapping[str, Where] | None = None) -> Directory:
        """These agencies. Raises `DirectoryError` where every chain would end in nothing, and for lost successors."""
        by_place: defaultdict[tuple[str, str], list[Agency]] = defaultdict(list)
        for agency in agencies.values():
            by_place[agency.service, agency.place].append(agency)
            if agency.successor and agency.successor not in agencies:
                said = f"unknown successor {agency.successor!r}{did_you_mean(agency.successor, agencies)}"
                raise DirectoryError(said, (found or {}).get(agency.id))
        last = by_place.get((CHAIN[-1], ""), ())
        if not any(_always(agency) for agency in last):
            raise DirectoryError(
                f"there must be a {CHAIN[-1]} for everywhere, open round the clock and without an end: every chain ends there"
            )
        wearing = sorted(
            (agency for agency in agencies.values() if agency.kept.expires), key=lambda a: str(a.kept.expires)
        )
        return cls(agencies, {key: tuple(all_) for key, all_ in by_place.items()}, rota, tuple(wearing))

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Every agency."""
        return tuple(self.by_id.values())

    @property
    def invented(self) -> bool:
        """Whether any agency is fictional: this is a demonstration then."""
        return any(agency.fictional for agency in self.by_id.values())

    @property
    def last(self) -> Agency:
        """The duty post for everywhere, where every chain ends."""
        return next(agency for agency in self.by_place[CHAIN[-1], ""] if _always(agency))

    def agency(self, agency_id: str) -> Agency:
        """The agency of this id; one that was taken out of the directory is answered by the duty post for everywhere."""
        return self.by_id.get(agency_id) or self.last

    def serving(self, service: str, place: Place | None, at: datetime, full: Full | None = None) -> Door:
        """Whose matter `service` is at `place`: the nearest whose entry holds, else one level up the chain, at last the duty post.

        Passed over is whoever has ended (its successor is asked), whose entry expired, and who is `full`. Hours do not matter:
        a referral waits until they open. Without a place only what serves everywhere is found. Cost: a few look-ups.
        """
        return self._door(service, place, at, full, now=False)

    def reach(self, service: str, place: Place | None, at: datetime, full: Full | None = None) -> Reach:
        """Who can be reached for `service` at `place` at this moment: as `serving`, and open, and somebody there."""
        door = self._door(service, place, at, full, now=True)
        behind, level = dict[str, Agency](), door.agency.service
        while level != CHAIN[-1]:
            level, higher = self.above(level, place, at)
            if higher.agency.id in behind:  # a successor may be of a lower level
                break
            behind[higher.agency.id] = higher.agency
        shift = self.rota.on_duty(door.agency.id, at)
        return Reach(door, shift, self.number(door.agency, at), tuple(behind.values()))

    def number(self, agency: Agency, at: datetime) -> str:
        """The number to call at an agency: that of who is on duty, where the rota has one."""
        shift = self.rota.on_duty(agency.id, at)
        return (shift.phone if shift else "") or agency.phone

    def absent(self, agency: Agency, at: datetime) -> str | None:
        """Why nobody is there at this moment, `closed` or `away`; None when somebody is."""
        if not agency.hours.open(at):
            return CLOSED
        return AWAY if self.rota.away(agency.id, at) else None

    def above(self, level: str, place: Place | None, at: datetime) -> tuple[str, Door]:
        """One level up from a service: the level reached and its door. The top is the duty post, above which is itself."""
        door = self.serving(next(iter(above(level)), CHAIN[-1]), place, at)
        return door.agency.service, door

    def with_row(self, row: Mapping[str, str], gazetteer: Gazetteer, services: Iterable[str]) -> Directory:
        """The directory with one agency more, or another in place of the one of this id. Raises `DirectoryError` as for a file.

        What the row does not speak of stays as its file says.
        """
        before = self.by_id.get(row.get("id", ""))
        said = {**(row_of(before) if before else {}), **row}
        agency = agency_of(said, Where(f"agency {row.get('id', '')}"), gazetteer, tuple(services))
        return self.of({**self.by_id, agency.id: agency}, self.rota)

    def without(self, agency_id: str) -> Directory:
        """The directory without one agency. Raises `DirectoryError` where every chain would end in nothing."""
        left = {each: replace(agency, successor="") if agency.successor == agency_id else agency
                for each, agency in self.by_id.items() if each != agency_id}  # fmt: skip
        return self.of(left, self.rota)

    def gaps(self, county: str, services: Iterable[str]) -> tuple[str, ...]:
        """The services nobody in this county (or above it, or everywhere) offers."""
        inside = {a.service for a in self.agencies if a.place.startswith(county) or county.startswith(a.place)}
        return tuple(service for service in services if service not in inside)

    def _door(self, service: str, place: Place | None, at: datetime, full: Full | None, *, now: bool) -> Door:
        fell_back: list[str] = []
        passed: list[Passed] = []
        for step in (service, *above(service)):
            for agency in self._near(step, place):
                standing = self._standing(agency, at)
                why = self._hinders(standing, at, full, now=now)
                if why is None:
                    return Door(standing, tuple(fell_back), tuple(passed))
                passed.append(Passed(standing.id, why))
            fell_back.append(step)
        return Door(self.last, tuple(fell_back), tuple(passed))

    def _near(self, service: str, place: Place | None) -> Iterator[Agency]:
        """The agencies of a service whose area holds the place, the smallest area first."""
        code = place.code if place else ""
        for digits in (12, 9, 6, 4, 2, 0):
            if digits <= len(code):
                yield from self.by_place.get((service, code[:digits]), ())

    def _standing(self, agency: Agency, at: datetime) -> Agency:
        """An agency, or whoever succeeded it once its last day is over."""
        seen = {agency.id}
        while agency.ended(at) and agency.successor and agency.successor not in seen:
            agency = self.by_id[agency.successor]
            seen.add(agency.id)
        return agency

    def _hinders(self, agency: Agency, at: datetime, full: Full | None, *, now: bool) -> str | None:
        """What keeps a matter from an agency; None when nothing does."""
        if agency.ended(at):
            return ENDED
        if agency.expired(at):
            return EXPIRED
        if full and agency.capacity is not None and full(agency):
            return FULL
        return self.absent(agency, at) if now else None


def above(level: str) -> tuple[str, ...]:
    """The levels above a service, nearest first: the village chain, or for any other service the county centre and what follows."""
    return CHAIN[CHAIN.index(level) + 1 :] if level in CHAIN else CHAIN[CHAIN.index("county_centre") :]


def rows(file: Path, check: Check = check_columns) -> Iterator[tuple[dict[str, str], Where]]:
    """The rows of a table with where each stands; `check` says what is wrong with its columns.

    Raises `DirectoryError` for wrong columns and what cannot be read.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            for _, said in check(reader.fieldnames or ()):
                raise DirectoryError(said, Where(file, 1))
            for row in reader:
                yield row, Where(file, reader.line_num)
    except UnicodeDecodeError as error:
        raise DirectoryError("is not written in UTF-8; save it as “CSV UTF-8”", Where(file)) from error
    except (OSError, csv.Error) as error:
        raise DirectoryError(f"cannot be read: {error}", Where(file)) from error


def _always(agency: Agency) -> bool:
    """Whether an agency can end a chain: it has no end, no expiry, and no closing time."""
    return agency.until is None and agency.kept.expires is None and not agency.hours.periods
