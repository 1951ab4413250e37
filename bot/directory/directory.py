"""The directory: agencies from CSV files, the nearest one for a service, and the chain above it. It never ends in nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.directory.agency import Agency, Door
from bot.directory.postbox import check_postbox
from bot.errors import DirectoryError, Where, did_you_mean
from bot.places import Gazetteer, Place

CHAIN = ("village_worker", "township_station", "county_centre", "prefecture_institution", "operator")
COLUMNS = ("id", "service", "place", "name_zh", "name_en", "phone", "fictional")
# A file may have these as well: how an agency is written to whose people are not on Telegram.
POSTBOX = ("email", "webhook")


@dataclass(frozen=True, slots=True)
class Directory:
    """Agencies by id, and by (service, place)."""

    by_id: Mapping[str, Agency]
    by_place: Mapping[tuple[str, str], Agency]

    @classmethod
    def open(cls, folder: Path, national: Path, gazetteer: Gazetteer, services: Iterable[str]) -> Directory:
        """Reads `national` and every `*.csv` of `folder`. Raises `DirectoryError` with file, line and the nearest right word."""
        known = tuple(services)
        agencies: dict[str, Agency] = {}
        files = [national, *sorted(folder.glob("*.csv"))]
        if len(files) == 1:
            raise DirectoryError("holds no CSV file of agencies", Where(folder))
        for file in files:
            for agency, where in _rows(file, gazetteer, known):
                if agency.id in agencies:
                    raise DirectoryError(f"agency {agency.id!r} is there twice", where)
                agencies[agency.id] = agency
        found = _of(agencies)
        if (CHAIN[-1], "") not in found.by_place:
            raise DirectoryError(f"has no {CHAIN[-1]} for everywhere, where every chain ends", Where(national))
        return found

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Every agency."""
        return tuple(self.by_id.values())

    @property
    def invented(self) -> bool:
        """Whether any agency is fictional: this is a demonstration then."""
        return any(agency.fictional for agency in self.by_id.values())

    def agency(self, agency_id: str) -> Agency:
        """The agency of this id; one that was taken out of the directory is answered by the duty post for everywhere."""
        return self.by_id.get(agency_id) or self.by_place[CHAIN[-1], ""]

    def serving(self, service: str, place: Place | None, at: datetime) -> Door:  # noqa: ARG002 – hours and rotas come with `at`
        """Who offers `service` at `place`: the nearest, else one level up the chain, at last the duty post with a telephone.

        Without a place only what serves everywhere is found. Cost: a few look-ups.
        """
        fell_back: list[str] = []
        for step in (service, *above(service)):
            if agency := self._nearest(step, place):
                return Door(agency, tuple(fell_back))
            fell_back.append(step)
        return Door(self.by_place[CHAIN[-1], ""], tuple(fell_back))

    def above(self, level: str, place: Place | None, at: datetime) -> tuple[str, Door]:
        """One level up from a service: the level reached and its door. The top is the duty post, above which is itself."""
        door = self.serving(next(iter(above(level)), CHAIN[-1]), place, at)
        return door.agency.service, door

    def with_row(self, row: Mapping[str, str], gazetteer: Gazetteer, services: Iterable[str]) -> Directory:
        """The directory with one agency more, or another in place of the one of this id. Raises `DirectoryError` as for a file.

        How an agency is written to by machines stays as its file says.
        """
        agency = _agency(row, Where(f"agency {row.get('id', '')}"), gazetteer, tuple(services))
        before = self.by_id.get(agency.id)
        if before:
            agency = replace(agency, email=before.email, webhook=before.webhook)
        return _of({**self.by_id, agency.id: agency})

    def without(self, agency_id: str) -> Directory:
        """The directory without one agency. Raises `DirectoryError` where every chain would end in nothing."""
        left = _of({each: agency for each, agency in self.by_id.items() if each != agency_id})
        if (CHAIN[-1], "") not in left.by_place:
            raise DirectoryError(f"there must be a {CHAIN[-1]} for everywhere, where every chain ends")
        return left

    def gaps(self, county: str, services: Iterable[str]) -> tuple[str, ...]:
        """The services nobody in this county (or above it, or everywhere) offers."""
        inside = {a.service for a in self.agencies if a.place.startswith(county) or county.startswith(a.place)}
        return tuple(service for service in services if service not in inside)

    def _nearest(self, service: str, place: Place | None) -> Agency | None:
        code = place.code if place else ""
        codes = (code[:digits] for digits in (12, 9, 6, 4, 2, 0) if digits <= len(code))
        return next((agency for c in codes if (agency := self.by_place.get((service, c)))), None)


def _of(agencies: Mapping[str, Agency]) -> Directory:
    """Where two serve the same place, the one that was there first."""
    return Directory(agencies, {(a.service, a.place): a for a in reversed(tuple(agencies.values()))})


def above(level: str) -> tuple[str, ...]:
    """The levels above a service, nearest first: the village chain, or for any other service the county centre and what follows."""
    return CHAIN[CHAIN.index(level) + 1 :] if level in CHAIN else CHAIN[CHAIN.index("county_centre") :]


def _rows(file: Path, gazetteer: Gazetteer, services: tuple[str, ...]) -> Iterable[tuple[Agency, Where]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            if tuple(reader.fieldnames or ()) not in (COLUMNS, COLUMNS + POSTBOX):
                raise DirectoryError(
                    f"the columns are {', '.join(COLUMNS)}; or {', '.join(POSTBOX)} too", Where(file, 1)
                )
            for row in reader:
                where = Where(file, reader.line_num)
                yield _agency(row, where, gazetteer, services), where
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DirectoryError(f"cannot be read: {error}", Where(file)) from error


def _agency(row: Mapping[str, str | None], where: Where, gazetteer: Gazetteer, services: tuple[str, ...]) -> Agency:
    given = {column: (row.get(column) or "").strip() for column in COLUMNS + POSTBOX}
    for column in ("id", "service", "name_zh", "name_en", "phone"):
        if not given[column]:
            raise DirectoryError(f"{column} is empty", where)
    if given["service"] not in services:
        raise DirectoryError(f"unknown service {given['service']!r}{did_you_mean(given['service'], services)}", where)
    if given["place"] and gazetteer.get(given["place"]) is None:
        raise DirectoryError(f"no division has the code {given['place']!r}", where)
    if given["fictional"] not in ("yes", "no"):
        raise DirectoryError(f"fictional is yes or no, not {given['fictional']!r}", where)
    check_postbox(given["email"], given["webhook"], where)
    return Agency(
        id=given["id"],
        service=given["service"],
        place=given["place"],
        name={"zh": given["name_zh"], "en": given["name_en"]},
        phone=given["phone"],
        fictional=given["fictional"] == "yes",
        email=given["email"],
        webhook=given["webhook"],
    )
