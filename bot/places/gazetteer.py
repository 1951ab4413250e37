"""All divisions in memory, and finding one in what somebody wrote.

Opening reads 42,000 names (about 0.2 s, 20 MB); finding a place compares the text only with names that begin as
something in it does: well below 0.1 ms for a sentence.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.errors import DirectoryError, Where
from bot.places.boundaries import Boundaries, Outline
from bot.places.names import SHORTEST, short
from bot.places.place import Level, Place

# Words around a bare name that still leave it the whole of the answer: "在扬中", "扬中这边".
AROUND = 4
# Characters by which names are looked up; no name above the township is shorter.
BEGINNING = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text: which place, where, and whether it was written in full."""

    place: Place
    start: int
    end: int
    whole: bool


@dataclass(frozen=True)
class Gazetteer:
    """Places by code, and below one another."""

    places: Mapping[str, Place]
    former: Mapping[str, tuple[str, ...]]
    folder: Path
    below: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Gazetteer:
        """Reads `divisions.tsv.gz`; raises `DirectoryError` when it is missing or broken."""
        file = folder / "divisions.tsv.gz"
        try:
            lines = gzip.decompress(file.read_bytes()).decode().split("\n")
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise DirectoryError(f"cannot be read: {error}", Where(file)) from error
        places: dict[str, Place] = {}
        former: dict[str, tuple[str, ...]] = {}
        below: dict[str | None, list[str]] = {}
        for number, line in enumerate(lines, 1):
            code, _, names = line.partition("\t")
            if not names or not code.isdecimal() or len(code) not in tuple(Level):
                raise DirectoryError("a line is: code, tab, name", Where(file, number))
            name, _, old = names.partition("\t")
            parent = _parent(code, places)
            places[code] = Place(code, name, (places[parent].full_name if parent else "") + name, parent)
            below.setdefault(parent, []).append(code)
            if old:
                former[code] = tuple(old.split("|"))
        return cls(places, former, folder, {parent: tuple(codes) for parent, codes in below.items()})

    def get(self, code: str) -> Place | None:
        """The place of this code."""
        return self.places.get(code)

    def children(self, code: str | None) -> tuple[Place, ...]:
        """The divisions directly below; the provinces for None."""
        return tuple(self.places[c] for c in self.below.get(code, ()))

    def county_of(self, place: Place) -> Place | None:
        """The county a place lies in; None for a province or prefecture."""
        return self.places.get(place.code[:6]) if place.level >= Level.COUNTY else None

    def locate(self, latitude: float, longitude: float) -> Place | None:
        """The county of a pin, None outside the mainland's counties. The first call reads the outlines (about half a second)."""
        code = self._boundaries.county(latitude, longitude)
        return self.places.get(code) if code else None

    def outlines(self, provinces: Collection[str]) -> tuple[Outline, ...]:
        """The outlines of the counties of these provinces (two digits each), to be drawn."""
        return self._boundaries.of(provinces) if provinces else ()

    def find(self, text: str, within: Place | None = None) -> tuple[Place, ...]:
        """The places a text names: none, one (the deepest the words support), or several when they are ambiguous.

        `within` is what is known already: its townships may be named alone.
        """
        counties = self._counties(text)
        if counties:
            found = [self._deeper(_without(text, m), m.place) or (m.place,) for m in counties]
            deeper = [places for places in found if places[0].level > Level.COUNTY] or found
            return tuple(dict.fromkeys(place for places in deeper for place in places))
        county = self.county_of(within) if within else None
        return self._deeper(text, county) if county else self._larger(text)

    @cached_property
    def _boundaries(self) -> Boundaries:
        return Boundaries.open(self.folder / "boundaries.txt.gz")

    @cached_property
    def _names(self) -> Mapping[Level, Mapping[str, tuple[tuple[str, bool, Place], ...]]]:
        """For each level above the township, by how it begins: every name, whether it is whole, and whose."""
        named: dict[Level, dict[str, list[tuple[str, bool, Place]]]] = {}
        for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY):
            beginnings = named.setdefault(level, {})
            for called in self._called(p for p in self.places.values() if p.level is level):
                beginnings.setdefault(called[0][:BEGINNING], []).append(called)
        return {level: {begin: tuple(all_) for begin, all_ in names.items()} for level, names in named.items()}

    def _called(self, places: Iterator[Place]) -> Iterator[tuple[str, bool, Place]]:
        for place in places:
            for name in (place.name, *self.former.get(place.code, ())):
                yield name, len(name) > SHORTEST, place
                if (brief := short(name)) != name:
                    yield brief, False, place

    def _matches(self, text: str, level: Level) -> list[Match]:
        """Names of one level in the text, each where it stands first; a name inside a longer one does not count."""
        names = self._names[level]
        found: dict[tuple[str, str], Match] = {}
        for start in range(len(text)):
            for name, whole, place in names.get(text[start : start + BEGINNING], ()):
                if text.startswith(name, start):
                    found.setdefault((name, place.code), Match(place, start, start + len(name), whole))
        return [m for m in found.values() if not any(_inside(m, other) for other in found.values())]

    def _counties(self, text: str) -> tuple[Match, ...]:
        """The counties named. A short name counts with its province or prefecture beside it, or as the whole answer."""
        found = self._matches(text, Level.COUNTY)
        above = {m.place.code: m for level in (Level.PROVINCE, Level.PREFECTURE) for m in self._matches(text, level)}
        placed = [m for m in found if self._beside(m, above)]
        alone = [m for m in found if m.whole or len(text.strip()) <= m.end - m.start + AROUND]
        best = placed or ([] if self._elsewhere(found, above) else alone)
        return tuple({m.place.code: m for m in reversed(_fullest(best))}.values())[::-1]

    @staticmethod
    def _beside(match: Match, above: Mapping[str, Match]) -> bool:
        """Whether a county's own province or prefecture stands in the text too, in other words than the county's."""
        around = (above.get(match.place.code[:4]), above.get(match.place.code[:2]))
        return any(a and (a.end <= match.start or match.end <= a.start) for a in around)

    @staticmethod
    def _elsewhere(found: Sequence[Match], above: Mapping[str, Match]) -> bool:
        """Whether the text names a province or prefecture that none of the counties found lies in."""
        names = [(m.start, m.end) for m in found]
        return any(a.whole and not any(s <= a.start and a.end <= e for s, e in names) for a in above.values())

    def _larger(self, text: str) -> tuple[Place, ...]:
        """The prefecture or province a text names when it names no county."""
        prefectures = self._matches(text, Level.PREFECTURE)
        provinces = {m.place.code for m in self._matches(text, Level.PROVINCE)}
        inside = [m for m in prefectures if m.place.code[:2] in provinces]
        brief = len(text.strip())
        chosen = inside or [m for m in prefectures if m.whole or brief <= m.end - m.start + AROUND]
        named = tuple(m.place for m in chosen) or tuple(self.places[code] for code in sorted(provinces))
        return named if chosen or brief <= 2 * AROUND + SHORTEST else ()

    def _deeper(self, text: str, county: Place) -> tuple[Place, ...]:
        """The townships of a county that the text names, or the villages below them where those are known and named."""
        townships = self._among(text, self.children(county.code))
        if not townships:
            everywhere = [village for t in self.children(county.code) for village in self.children(t.code)]
            return tuple(m.place for m in self._among(text, everywhere))
        found = [self._among(_without(text, m), self.children(m.place.code)) for m in townships]
        return tuple(m.place for ms in found for m in ms) or tuple(m.place for m in townships)

    def _among(self, text: str, places: Sequence[Place]) -> list[Match]:
        """Which of these places the text names, the fullest names only, each place once."""
        found = [
            Match(place, start, start + len(name), whole)
            for name, whole, place in self._called(iter(places))
            if (start := text.rfind(name)) >= 0
        ]
        best = _fullest([m for m in found if not any(_inside(m, other) for other in found)])
        return list({m.place.code: m for m in best}.values())


def _without(text: str, match: Match) -> str:
    """The text with a name blanked, so that 新坝 in 新坝镇 is not taken for a village of that name as well."""
    return text[: match.start] + "\u3000" * (match.end - match.start) + text[match.end :]


def _inside(match: Match, other: Match) -> bool:
    """Whether a match lies within a longer one."""
    return other.start <= match.start and match.end <= other.end and other.end - other.start > match.end - match.start


def _fullest(matches: Sequence[Match]) -> list[Match]:
    """Matches written in full outweigh short ones."""
    return [m for m in matches if m.whole] or list(matches)


def _parent(code: str, places: Mapping[str, Place]) -> str | None:
    """The division above: a county of a municipality, or one administered directly, stands below its province."""
    return next((code[:digits] for digits in (9, 6, 4, 2) if digits < len(code) and code[:digits] in places), None)
