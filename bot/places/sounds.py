"""How place names sound: what was typed by ear, in pinyin or in English letters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.places.files import rows
from bot.places.names import short
from bot.places.place import Level, Place

# Differences that many do not hear: zh and z, ng and n, l and n, hu and f.
_LOOSE = ((r"^zh", "z"), (r"^ch", "c"), (r"^sh", "s"), (r"ng$", "n"), (r"^l", "n"), (r"^hu(?=[aeio])", "f"))
_WORD = re.compile(r"[a-zü]+(?:'[a-z]+)*")
_MOST_WORDS = 4  # of one name
_FIRST = 0xE000  # where characters stand that mean a sound


@dataclass(frozen=True)
class Sounds:
    """`of` is a character's sound (pinyin without tone), `read` a place's name where that is not read character by character."""

    of: Mapping[str, str]
    read: Mapping[str, tuple[str, ...]]

    @classmethod
    def open(cls, folder: Path) -> Sounds:
        """Reads `sounds.tsv.gz`; raises `DirectoryError` when it is missing or broken."""
        of, read = {}, {}
        for what, sound in rows(folder / "sounds.tsv.gz", 2):
            if what.isdecimal():
                read[what] = tuple(sound.split())
            else:
                of[what] = sound
        return cls(of, read)

    def folded(self, text: str) -> str:
        """A text in which whatever sounds the same is the same, character for character."""
        return "".join(self._exact.get(character, character) for character in text)

    def folded_loosely(self, text: str) -> str:
        """The same, and what many do not tell apart is the same as well."""
        return "".join(self._loose.get(character, character) for character in text)

    def spelt(self, place: Place) -> set[str]:
        """A place's name in letters, whole and without its kind: {"yangzhongshi", "yangzhong"}."""
        sounds = self.read.get(place.code) or tuple(self.of.get(character, "") for character in place.name)
        return {"".join(sounds), "".join(sounds[: len(short(place.name))])}

    @cached_property
    def _exact(self) -> Mapping[str, str]:
        return _as_characters(self.of)

    @cached_property
    def _loose(self) -> Mapping[str, str]:
        return _as_characters({character: loosely(sound) for character, sound in self.of.items()})


def loosely(sound: str) -> str:
    """A sound as those hear it who do not tell zh from z or ng from n."""
    for pattern, instead in _LOOSE:
        sound = re.sub(pattern, instead, sound)
    return sound


def _as_characters(sounds: Mapping[str, str]) -> Mapping[str, str]:
    numbered = {sound: chr(_FIRST + number) for number, sound in enumerate(sorted(set(sounds.values())))}
    return {character: numbered[sound] for character, sound in sounds.items()}


@dataclass(frozen=True)
class Spellings:
    """Names in letters, of counties and above."""

    sounds: Sounds
    by_letters: Mapping[str, tuple[Place, ...]]
    kinds: frozenset[str]

    @classmethod
    def of(cls, places: Mapping[str, Place], sounds: Sounds, english: Path) -> Spellings:
        """Every county, prefecture and province, and what English calls some of them; words without a code name nothing."""
        words = [(name, code) for name, code in rows(english, 2)]
        letters: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places.values():
            if place.level <= Level.COUNTY:
                for name in sounds.spelt(place):
                    letters[name].append(place)
        for name, code in words:
            if code:
                letters[name.replace(" ", "")].append(places[code])
        found = {name: tuple(dict.fromkeys(named)) for name, named in letters.items()}
        return cls(sounds, found, frozenset(name for name, code in words if not code))

    def find(self, text: str, townships: Iterable[Place] = ()) -> tuple[Place, ...]:
        """Places that a text names in letters: the deepest whose province or prefecture is named too, else all.

        `townships` are those of a county that is known already.
        """
        words = [word.replace("'", "") for word in _WORD.findall(text.lower()) if word not in self.kinds]
        runs = {"".join(words[at : at + many]) for many in range(1, _MOST_WORDS + 1) for at in range(len(words))}
        here = {place for place in townships if self.sounds.spelt(place) & runs}
        if here:
            return tuple(sorted(here, key=lambda place: place.code))
        named = {place for run in runs for place in self.by_letters.get(run, ())}
        codes = {place.code for place in named}
        inside = {p for p in named if any(p.code[:n] in codes for n in (2, 4) if n < len(p.code))}
        chosen = inside or named
        deepest = max((place.level for place in chosen), default=None)
        return tuple(sorted((p for p in chosen if p.level is deepest), key=lambda place: place.code))
