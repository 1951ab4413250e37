"""Which county a pin lies in: outlines of all counties and the even-odd rule."""

from __future__ import annotations

import gzip
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from bot.errors import DirectoryError, Where

SCALE = 1000  # the file counts thousandths of a degree


@dataclass(frozen=True, slots=True)
class Ring:
    """One outline: the county's code, its bounding box, and its points (x is longitude, y latitude)."""

    code: str
    west: int
    south: int
    east: int
    north: int
    xs: array[int]
    ys: array[int]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside: a ray from it crosses the outline an odd number of times."""
        if not (self.west <= x <= self.east and self.south <= y <= self.north):
            return False
        inside = False
        before_x, before_y = self.xs[-1], self.ys[-1]
        for at_x, at_y in zip(self.xs, self.ys, strict=True):
            if (at_y > y) != (before_y > y) and x < (before_x - at_x) * (y - at_y) / (before_y - at_y) + at_x:
                inside = not inside
            before_x, before_y = at_x, at_y
        return inside


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline of a county to be drawn: (longitude, latitude) in degrees."""

    code: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """All outlines. Cost of a look-up: one bounding box a ring, then a few hundred points."""

    rings: tuple[Ring, ...]

    @classmethod
    def open(cls, file: Path) -> Boundaries:
        """Reads the file `data/divisions/derive.py` made; raises `DirectoryError` when it is missing or broken."""
        try:
            lines = gzip.decompress(file.read_bytes()).decode().splitlines()
            return cls(tuple(ring for line in lines for ring in _rings(line)))
        except (OSError, EOFError, ValueError) as error:
            raise DirectoryError(f"cannot be read: {error}", Where(file)) from error

    def of(self, provinces: Collection[str]) -> tuple[Outline, ...]:
        """The outlines of every county of these provinces (two digits each)."""
        rings = (ring for ring in self.rings if ring.code[:2] in provinces)
        return tuple(
            Outline(ring.code, tuple((x / SCALE, y / SCALE) for x, y in zip(ring.xs, ring.ys, strict=True)))
            for ring in rings
        )

    def county(self, latitude: float, longitude: float) -> str | None:
        """The code of the county a pin lies in; the smallest where simplified outlines overlap."""
        x, y = longitude * SCALE, latitude * SCALE
        found = [ring for ring in self.rings if ring.holds(x, y)]
        return min(found, key=lambda r: (r.east - r.west) * (r.north - r.south)).code if found else None


def _rings(line: str) -> Iterator[Ring]:
    code, _, rings = line.partition("\t")
    for ring in rings.split(";"):
        steps = [int(step) for step in ring.split()]
        xs, ys = array("i", accumulate(steps[::2])), array("i", accumulate(steps[1::2]))
        yield Ring(code, min(xs), min(ys), max(xs), max(ys), xs, ys)
