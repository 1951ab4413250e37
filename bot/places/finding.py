"""Finding the divisions that a text names.

The same search runs on what was written and on what it sounds like: `fold` makes equal what shall count as equal, character
for character. A text is compared only with names that begin as something in it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bot.places.names import SHORTEST, short
from bot.places.place import Level, Place

# Characters around a bare name that still leave it the whole of the answer: "在扬中", "扬中这边".
AROUND = 4
MOST_VILLAGES = 5  # that are looked for in one text
# Characters by which names are looked up; no name above the township is shorter.
BEGINNING = 2
_LARGE = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)
# What makes another name of one before it: 城关 in 城关镇 is not 城关区, 南京 in 南京路 not the city.
_MORE = ("镇", "乡", "街道", "村", "屯", "苏木", "路", "街", "大道", "广场", "小区", "社区")
# What may stand before a name of two characters.
_BEFORE = frozenset("在是到的去回住省市区州从来归")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_VILLAGE = re.compile(r"[\u4e00-\u9fff]{1,8}(?=村|社区|居委会)")

Named = tuple[str, bool, Place]  # a name, whether it is written in full, and whose it is


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text: which place, where, and whether it was written in full."""

    place: Place
    start: int
    end: int
    whole: bool


@dataclass(frozen=True)
class Finder:
    """`names` are the names of each level, `below` the places below one, `villages` those called so within a code."""

    names: Mapping[Level, Sequence[Named]]
    places: Mapping[str, Place]
    below: Callable[[str], tuple[Place, ...]]
    villages: Callable[[str, str], tuple[Place, ...]]
    fold: Callable[[str], str]
    around: int = AROUND

    def find(self, text: str, county: Place | None = None) -> tuple[Place, ...]:
        """The places a text names: none, one (the deepest the words support), or several when they are ambiguous.

        `county` is known already: what lies below it may be named alone.
        """
        written, text = text, self.fold(text)
        larger = [*self._matches(text, Level.PROVINCE), *self._matches(text, Level.PREFECTURE)]
        counties = self._counties(text, larger)
        if counties:
            rest = _without(text, *larger)
            found = [self._deeper(_without(rest, m), m.place) or (m.place,) for m in counties]
            deeper = [places for places in found if places[0].level > Level.COUNTY] or found
            return tuple(dict.fromkeys(place for places in deeper for place in places))
        if county:
            return self._deeper(text, county)
        named = self._larger(text, larger)
        return self._smaller(text, named) or self._by_village(written, named) or named

    @cached_property
    def _index(self) -> Mapping[Level, Mapping[str, tuple[Named, ...]]]:
        """For each level, by how it begins: every name, folded."""
        named: dict[Level, dict[str, list[Named]]] = {}
        for level, names in self.names.items():
            beginnings = named.setdefault(level, {})
            for name, whole, place in names:
                folded = self.fold(name)
                beginnings.setdefault(folded[:BEGINNING], []).append((folded, whole, place))
        return {level: {begin: tuple(all_) for begin, all_ in names.items()} for level, names in named.items()}

    @cached_property
    def _more(self) -> tuple[str, ...]:
        return tuple(map(self.fold, _MORE))

    def _goes_on(self, text: str, at: int) -> bool:
        """Whether what stands here makes a longer name of the one before: 镇 does, and 镇江 does not."""
        if not text.startswith(self._more, at):
            return False
        begin = text[at : at + BEGINNING]
        return not any(
            text.startswith(name, at) for level in _LARGE for name, _, _ in self._index[level].get(begin, ())
        )

    def _matches(self, text: str, level: Level) -> list[Match]:
        """Names of one level in the text, each where it stands first; a name inside a longer one does not count."""
        names = self._index[level]
        found: dict[tuple[str, str], Match] = {}
        for start in range(len(text)):
            for name, whole, place in names.get(text[start : start + BEGINNING], ()):
                if text.startswith(name, start) and (whole or not self._goes_on(text, start + len(name))):
                    found.setdefault((name, place.code), Match(place, start, start + len(name), whole))
        return [m for m in found.values() if not any(_inside(m, other) for other in found.values())]

    def _counties(self, text: str, larger: Sequence[Match]) -> tuple[Match, ...]:
        """The counties named. A short name counts with its province or prefecture beside it, or as the whole answer."""
        above = {m.place.code: m for m in larger}
        found = [m for m in self._matches(text, Level.COUNTY) if _stands(m, text, larger)]
        if any(not m.whole for m in found):
            townships = self._matches(text, Level.TOWNSHIP)
            found = [m for m in found if m.whole or not any(_inside(m, township) for township in townships)]
        placed = [m for m in found if _beside(m, above)]
        brief = [m for m in found if not m.whole and len(text.strip()) <= m.end - m.start + self.around]
        alone = [m for m in found if m.whole] + [m for m in brief if not _part_of_larger(m, above.values())]
        best = placed or ([] if _elsewhere(found, above) else alone)
        return tuple({m.place.code: m for m in reversed(_fullest(best))}.values())[::-1]

    def _larger(self, text: str, larger: Sequence[Match]) -> tuple[Place, ...]:
        """The prefecture or province a text names when it names no county."""
        of = {level: [m for m in larger if m.place.level is level] for level in (Level.PROVINCE, Level.PREFECTURE)}
        provinces = {m.place.code for m in of[Level.PROVINCE]}
        spans = [(m.start, m.end) for m in of[Level.PROVINCE]]
        prefectures = [
            m for m in of[Level.PREFECTURE] if m.whole or not any(s < m.end and m.start < e for s, e in spans)
        ]
        inside = [m for m in prefectures if m.place.code[:2] in provinces]
        brief = len(text.strip())
        chosen = inside or [m for m in prefectures if m.whole or brief <= m.end - m.start + self.around]
        named = tuple(dict.fromkeys(m.place for m in chosen)) or tuple(self.places[code] for code in sorted(provinces))
        return named if chosen or brief <= 2 * self.around + SHORTEST else ()

    def _smaller(self, text: str, larger: Sequence[Place]) -> tuple[Place, ...]:
        """Townships named in full, with no county: within a province or prefecture that is named too, or as the whole answer."""
        found = self._matches(text, Level.TOWNSHIP)
        alone = [m for m in found if len(text.strip()) <= m.end - m.start + self.around]
        inside = [m for m in found if any(m.place.code.startswith(above.code) for above in larger)]
        return tuple(dict.fromkeys(m.place for m in (inside if larger else alone)))

    def _by_village(self, text: str, larger: Sequence[Place]) -> tuple[Place, ...]:
        """Villages of a province or prefecture that is named, when nothing between is."""
        said = islice(_VILLAGE.finditer(text), MOST_VILLAGES)
        names = [m[0][-many:] for m in said for many in range(len(m[0]), 0, -1)]
        for name in (name for name in names if len(name) >= SHORTEST):
            if found := tuple(place for above in larger for place in self.villages(name, above.code)):
                return found
        return ()

    def _deeper(self, text: str, county: Place) -> tuple[Place, ...]:
        """The townships of a county that the text names, or the villages below them where those are known and named."""
        townships = self._among(text, self.below(county.code))
        if not townships:
            everywhere = [village for t in self.below(county.code) for village in self.below(t.code)]
            return tuple(m.place for m in self._among(text, everywhere))
        found = [self._among(_without(text, m), self.below(m.place.code)) for m in townships]
        return tuple(m.place for ms in found for m in ms) or tuple(m.place for m in townships)

    def _among(self, text: str, places: Sequence[Place]) -> list[Match]:
        """Which of these places the text names, the fullest names only, each place once."""
        found = [
            Match(place, start, start + len(name), whole)
            for name, whole, place in called(places)
            if (start := text.rfind(self.fold(name))) >= 0
        ]
        best = _fullest([m for m in found if not any(_inside(m, other) for other in found)])
        return list({m.place.code: m for m in best}.values())


def called(places: Iterable[Place]) -> Iterator[Named]:
    """Every place's name, and what is left of it without its kind."""
    for place in places:
        yield place.name, len(place.name) > SHORTEST, place
        if (brief := short(place.name)) != place.name:
            yield brief, False, place


def _beside(match: Match, above: Mapping[str, Match]) -> bool:
    """Whether a county's own province or prefecture stands in the text too, in other words than the county's."""
    around = (above.get(match.place.code[:4]), above.get(match.place.code[:2]))
    return any(a and (a.end <= match.start or match.end <= a.start) for a in around)


def _part_of_larger(match: Match, above: Iterable[Match]) -> bool:
    """Whether a short name is a province's, or only begins or ends inside a larger place's, or stands beside another province's."""
    return any(
        other.place.level is Level.PROVINCE
        or (
            other.start < match.end and match.start < other.end and (other.start, other.end) != (match.start, match.end)
        )
        for other in above
    )


def _elsewhere(found: Sequence[Match], above: Mapping[str, Match]) -> bool:
    """Whether the text names a province or prefecture that none of the counties found lies in."""
    names = [(m.start, m.end) for m in found]
    return any(a.whole and not any(s <= a.start and a.end <= e for s, e in names) for a in above.values())


def _stands(match: Match, text: str, larger: Sequence[Match]) -> bool:
    """Whether a name of two characters that is whole, like 和县, begins where a name may: 五和县 is another, misspelt."""
    if match.end - match.start > SHORTEST or len(match.place.name) > SHORTEST or match.start == 0:
        return True
    before = text[match.start - 1]
    return before in _BEFORE or not _HAN.match(before) or any(other.end == match.start for other in larger)


def _without(text: str, *matches: Match) -> str:
    """The text with names blanked, so that 新坝 in 新坝镇 is not taken for a village of that name as well."""
    for match in matches:
        text = text[: match.start] + "\u3000" * (match.end - match.start) + text[match.end :]
    return text


def _inside(match: Match, other: Match) -> bool:
    """Whether a match lies within a longer one."""
    return other.start <= match.start and match.end <= other.end and other.end - other.start > match.end - match.start


def _fullest(matches: Sequence[Match]) -> list[Match]:
    """Matches written in full outweigh short ones."""
    return [m for m in matches if m.whole] or list(matches)
