"""A place and its level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """From the country's largest divisions to its smallest; the value is the number of digits of a code."""

    PROVINCE = 2
    PREFECTURE = 4
    COUNTY = 6
    TOWNSHIP = 9
    VILLAGE = 12


@dataclass(frozen=True, slots=True)
class Place:
    """One division; `full_name` begins with its province, `parent` is the code of the division it belongs to."""

    code: str
    name: str
    full_name: str
    parent: str | None

    @property
    def level(self) -> Level:
        """How deep the place is."""
        return Level(len(self.code))
