"""All divisions, and finding one in what somebody wrote.

Opening reads 45,000 names and maps 620,000 villages (about 0.3 s, 35 MB); finding a place compares the text only with names
that begin as something in it does: well below 0.1 ms for a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.errors import DirectoryError, Where
from bot.places.boundaries import Boundaries, Outline
from bot.places.files import rows
from bot.places.finding import Finder, Named, called
from bot.places.former import Former, Formerly
from bot.places.names import SHORTEST, short
from bot.places.place import Level, Place
from bot.places.sounds import Sounds, Spellings
from bot.places.villages import Villages

# A misspelt place is short: longer texts are stories, in which everything sounds like something.
MISSPELT = 14  # characters
MOST_GUESSES = 8
AROUND_A_GUESS = 2  # characters that may stand around what sounds like a name
# How a township's name ends that may be named without its county; 农场 and 劳教所 are words.
_TOWNSHIPS = ("镇", "乡", "街道", "苏木")
# What many cities called one of their districts once.
_NO_NAME = frozenset(
    {"新区", "郊区", "城区", "矿区", "市区", "东区", "西区", "南区", "北区", "中区", "近郊区", "向阳区"}
)


@dataclass(frozen=True)
class Gazetteer:
    """Places by code, and below one another; villages are read when they are asked for."""

    places: Mapping[str, Place]
    formerly: Formerly
    folder: Path
    below: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Gazetteer:
        """Reads `divisions.tsv.gz` and what stands beside it; raises `DirectoryError` for a file that is missing or broken."""
        places: dict[str, Place] = {}
        below: dict[str | None, list[str]] = {}
        file = folder / "divisions.tsv.gz"
        for number, (code, name) in enumerate(rows(file, 2), 1):
            if not name or not code.isdecimal() or len(code) not in tuple(Level):
                raise DirectoryError("a line is: code, tab, name", Where(file, number))
            parent = _parent(code, places)
            places[code] = Place(code, name, _full(name, places[parent] if parent else None), parent)
            below.setdefault(parent, []).append(code)
        found = cls(places, Formerly.open(folder), folder, {parent: tuple(codes) for parent, codes in below.items()})
        found._villages, found._sounds, found._alike, found._outside  # noqa: B018 – a broken file is refused here and not in a turn
        return found

    @property
    def villages(self) -> int:
        """How many villages there are."""
        return len(self._villages)

    def get(self, code: str) -> Place | None:
        """The place of this code."""
        if len(code) == Level.VILLAGE and code.isdecimal():
            return next((village for village in self.children(code[: Level.TOWNSHIP]) if village.code == code), None)
        return self.places.get(code)

    def today(self, code: str) -> Place | None:
        """The place that has this code, or had it before, or has it in the Bureau of Statistics' list."""
        return self.get(code) or self.get(self.formerly.today(code) or "")

    def children(self, code: str | None) -> tuple[Place, ...]:
        """The divisions directly below; the provinces for None."""
        township = self.places.get(code) if code and len(code) == Level.TOWNSHIP else None
        if township:
            below = self._villages.of(township.code)
            return tuple(Place(each, name, township.full_name + name, township.code) for each, name in below)
        return tuple(self.places[c] for c in self.below.get(code, ()))

    def county_of(self, place: Place) -> Place | None:
        """The county a place lies in; None for a province or prefecture."""
        return self.places.get(place.code[:6]) if place.level >= Level.COUNTY else None

    def outside(self, text: str) -> str | None:
        """Whether a text names a place we do not serve: hongkong, macao, taiwan or abroad, the last one named; None otherwise."""
        found = {text.lower().rfind(word): kind for word, kind in self._outside}
        return found[max(found)] if found and max(found) >= 0 else None

    def locate(self, latitude: float, longitude: float) -> Place | None:
        """The county of a pin, None outside the mainland's counties. The first call reads the outlines (about half a second)."""
        code = self._boundaries.county(latitude, longitude)
        return self.places.get(code) if code else None

    def outlines(self, provinces: Collection[str]) -> tuple[Outline, ...]:
        """The outlines of the counties of these provinces (two digits each), to be drawn."""
        return self._boundaries.of(provinces) if provinces else ()

    def make_ready(self) -> None:
        """Makes the index that the first `find` would wait for (about a quarter of a second)."""
        self._written.find("")

    def find(self, text: str, within: Place | None = None) -> tuple[Place, ...]:
        """The places a text names: none, one (the deepest the words support), or several when they are ambiguous.

        `within` is what is known already: its townships may be named alone.
        """
        return self._written.find(text, self.county_of(within) if within else None)

    def guess(self, text: str, within: Place | None = None) -> tuple[Place, ...]:
        """Places that a text may mean which names none as it is written: in letters, by ear, or a slip of the pen.

        They are to be asked back, even a single one. Costs milliseconds: for where a place was asked for.
        """
        county = self.county_of(within) if within else None
        townships = self.children(county.code) if county else ()
        if found := self._spellings.find(text, townships):
            return found[:MOST_GUESSES]
        if len(text) > MISSPELT:
            return ()
        for finder in (self._heard, self._misheard):
            if found := finder.find(text, county):
                return found[:MOST_GUESSES]
        slips = (place for other in self._slips(text) for place in self._written.find(other, county))
        found = tuple(dict.fromkeys(place for place in slips if county or place.level >= Level.PREFECTURE))
        return found[:MOST_GUESSES]

    def became(self, text: str, place: Place) -> Former | None:
        """What a place was called before, where the text says that and not what it is called now."""
        now = next((p for code in (place.code[:6], place.code[:4]) if (p := self.places.get(code))), place)
        old = sorted(self.formerly.by_today.get(now.code, ()), key=lambda former: -former.until)
        if now.name in text:
            return None
        names = (str, short) if short(now.name) not in text else (str,)
        return next((former for name in names for former in old if name(former.name) in text), None)

    @cached_property
    def _boundaries(self) -> Boundaries:
        return Boundaries.open(self.folder / "boundaries.txt.gz")

    @cached_property
    def _outside(self) -> tuple[tuple[str, str], ...]:
        return tuple((word, kind) for word, kind in rows(self.folder / "outside.tsv", 2))

    @cached_property
    def _villages(self) -> Villages:
        return Villages.open(self.folder / "villages.bin")

    @cached_property
    def _sounds(self) -> Sounds:
        return Sounds.open(self.folder)

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings.of(self.places, self._sounds, self.folder / "english.tsv")

    @cached_property
    def _alike(self) -> Mapping[str, str]:
        return dict(row for row in rows(self.folder / "alike.tsv.gz", 2))

    @cached_property
    def _written(self) -> Finder:
        return Finder(self._names, self.places, self.children, self._called, str)

    @cached_property
    def _heard(self) -> Finder:
        return self._finder(self._sounds.folded)

    @cached_property
    def _misheard(self) -> Finder:
        return self._finder(self._sounds.folded_loosely)

    def _finder(self, fold: Callable[[str], str]) -> Finder:
        """By ear: a township only counts below a county, since there are too many that sound alike."""
        names = self._names | {Level.TOWNSHIP: ()}
        return Finder(names, self.places, self.children, lambda *_: (), fold, AROUND_A_GUESS)

    @cached_property
    def _names(self) -> dict[Level, tuple[Named, ...]]:
        """Names by level: of today, and of before where nothing is called so today. Townships in full only."""
        names: dict[Level, list[Named]] = {level: [] for level in Level}
        for place in self.places.values():
            if place.level is Level.TOWNSHIP:
                if len(place.name) > SHORTEST and place.name.endswith(_TOWNSHIPS):
                    names[place.level].append((place.name, True, place))
            else:
                names[place.level] += called((place,))
        taken = {name for level in names.values() for name, _, _ in level}
        others: dict[Named, None] = {}  # some were called so twice
        for name, place in self._other_names():
            if name not in taken:
                others[name, len(name) > SHORTEST, place] = None
                if (brief := short(name)) != name and brief not in taken:
                    others[brief, False, place] = None
        for named in others:
            names[named[2].level].append(named)
        return {level: tuple(all_) for level, all_ in names.items()}

    def _other_names(self) -> Iterator[tuple[str, Place]]:
        former = ((former.name, former.today) for all_ in self.formerly.by_today.values() for former in all_)
        also = ((name, code) for name, codes in self.formerly.called.items() for code in codes)
        for name, code in (*former, *also):
            if (place := self.places.get(code)) and len(name) >= SHORTEST and name not in _NO_NAME:
                yield name, place

    def _called(self, name: str, within: str) -> tuple[Place, ...]:
        """Villages called exactly so, with or without the word village, within a division's code."""
        found = (self.get(code) for code in self._villages.called(name, within))
        return tuple(place for place in found if place and short(place.name).removesuffix("村") == name)

    def _slips(self, text: str) -> Iterator[str]:
        """The text with one character like another, left out, or changed with its neighbour."""
        for at, character in enumerate(text):
            for other in self._alike.get(character, ""):
                yield text[:at] + other + text[at + 1 :]
        for at in range(len(text)):
            yield text[:at] + text[at + 1 :]
            if at + 1 < len(text):
                yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _full(name: str, above: Place | None) -> str:
    """The name with everything above it in front; a city without counties is its own county, and is named once."""
    return (above.full_name if above else "") + (name.removeprefix(above.name) if above else name)


def _parent(code: str, places: Mapping[str, Place]) -> str | None:
    """The division above: a county of a municipality, or one administered directly, stands below its province."""
    return next((code[:digits] for digits in (9, 6, 4, 2) if digits < len(code) and code[:digits] in places), None)
