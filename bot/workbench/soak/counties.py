"""Real counties with fictional agencies: in each a village worker, a township station and a county centre."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.directory.rows import COLUMNS
from bot.places import Gazetteer, Level, Place

LEVELS = ("village_worker", "township_station", "county_centre")


@dataclass(frozen=True, slots=True)
class County:
    """A county and the township in it where the families of the soak live."""

    place: Place
    township: str

    def agency(self, service: str) -> str:
        """The id of the agency for a service."""
        return f"soak-{self.place.code}-{service}"


def counties(gazetteer: Gazetteer, wanted: int) -> tuple[County, ...]:
    """So many counties, from as many prefectures as there are."""
    found = (
        County(county, townships[0].code)
        for province in gazetteer.children(None)
        for prefecture in gazetteer.children(province.code)
        for county in islice(gazetteer.children(prefecture.code), 1)
        if county.level is Level.COUNTY and (townships := gazetteer.children(county.code))
    )
    return tuple(islice(found, wanted))


def write_directory(folder: Path, where: Sequence[County]) -> None:
    """A directory of these counties' agencies."""
    folder.mkdir()
    with (folder / "agencies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for county in where:
            for level in LEVELS:
                name = f"{county.place.name} {level}"
                writer.writerow([county.agency(level), level, county.place.code, name, name, "0000-000-0000", "yes"])
