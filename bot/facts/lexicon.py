"""Reading facts out of words: cues from `data/lexicon/*.yml`, and what changes their meaning around them (`scope.py`).

A cue that is denied, supposed, past, asked, quoted or somebody else's decides nothing: it makes its facts worth asking.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import UnknownWordError
from bot.facts.ages import ages, band
from bot.facts.document import Item, read
from bot.facts.phrases import blanked, phrases, spelt_out
from bot.facts.scope import Modifier, Scoping, Span
from bot.facts.vocabulary import Vocabulary

_KEYS = ("language", "gap", "words", "idioms", "ages", "cues")
SCOPE = "scope.yml"  # every language's words of scope, beside the languages' own files
AGE = "age"  # the name of the cue by which an age was read


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact read in words: value, cue, where it stands (characters), and whether it is asserted and present.

    A reading that is not certain only makes its fact relevant; its value may be empty. `scope` is why, where words made it so.
    `child` is None: which child is meant is for the conversation to know.
    """

    fact: str
    child: int | None
    value: str
    cue: str
    start: int
    end: int
    certain: bool
    scope: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """What some phrases mean: facts with their values. One that is not `sure` never decides: what it hints at is asked."""

    name: str
    means: Mapping[str, str]
    pattern: re.Pattern[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class Tongue:
    """The cues of one language, what is none (`idioms`), what changes their meaning, and the fact that ages give."""

    cues: tuple[Cue, ...]
    idioms: re.Pattern[str]
    scoping: Scoping
    ages: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every language's cues; they are all tried, since people mix languages."""

    tongues: tuple[Tongue, ...]
    vocabulary: Vocabulary

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> Lexicon:
        """Reads `*.yml` of a folder.

        Raises `RuleFileError` for an unknown fact or value, and for a cue that facts.yml names in vain.
        """
        files = [path for path in sorted(folder.glob("*.yml")) if path.name != SCOPE]
        scopes = read(folder / SCOPE, Path(folder.name) / SCOPE).table if files else {}
        tongues = tuple(_tongue(read(path, Path(folder.name) / path.name), scopes, vocabulary) for path in files)
        names = {cue.name for tongue in tongues for cue in tongue.cues}
        for fact in vocabulary.facts.values():
            for cue in fact.cues:
                if cue not in names:
                    raise UnknownWordError("cue", cue, names, fact.where)
        return cls(tongues, vocabulary)

    def read(self, text: str) -> tuple[Reading, ...]:
        """What a text tells, each fact once, in the order in which it is said. Linear in the text for each cue.

        A fact that is told in two ways is not decided: it is asked.
        """
        found = [reading for tongue in self.tongues for reading in self._cues(text, tongue)]
        found += [reading for tongue in self.tongues[:1] for reading in self._ages(text, tongue)]
        told = _once(_longest(found))
        return tuple(sorted((*told, *self._mentions(told)), key=lambda reading: (reading.start, reading.fact)))

    def _cues(self, text: str, tongue: Tongue) -> Iterator[Reading]:
        masked = blanked(tongue.idioms, text)
        scoped = tongue.scoping.over(masked)
        for cue in tongue.cues:
            for found in cue.pattern.finditer(masked):
                gaps = [found.span(n) for n, gap in enumerate(found.groups(), 1) if gap]
                scope = scoped.around(Span(*found.span(), gaps))
                for fact, value in cue.means.items():
                    yield Reading(
                        fact, None, value, cue.name, *found.span(), certain=cue.sure and not scope, scope=scope
                    )

    def _ages(self, text: str, tongue: Tongue) -> Iterator[Reading]:
        """A minor's age; of several the youngest, which is the most careful."""
        bands = self.vocabulary.facts[tongue.ages].values
        young = [age for age in ages(text) if band(age.years, bands)]
        if young:
            age = min(young)
            value = str(band(age.years, bands))
            scope = tongue.scoping.over(text).around(Span(age.start, age.end))
            yield Reading(tongue.ages, None, value, AGE, age.start, age.end, not scope, scope)

    def _mentions(self, told: Iterable[Reading]) -> list[Reading]:
        """Facts that a cue touches without giving them a value (`mentioned_by: {cue: …}`)."""
        told = tuple(told)
        known = {reading.fact for reading in told}
        cues = {reading.cue: reading for reading in told}
        return [
            replace(cues[cue], fact=fact.name, value="", certain=False)
            for fact in self.vocabulary.facts.values()
            if fact.name not in known
            for cue in [cue for cue in fact.cues if cue in cues][:1]
        ]


def _longest(readings: Iterable[Reading]) -> list[Reading]:
    """Where readings of one fact overlap, the longest phrase counts."""
    kept: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in sorted(readings, key=lambda r: (r.start - r.end, r.start)):
        if not any(r.start < reading.end and reading.start < r.end for r in kept[reading.fact]):
            kept[reading.fact].append(reading)
    return [reading for of_fact in kept.values() for reading in of_fact]


def _once(readings: Iterable[Reading]) -> list[Reading]:
    """One reading a fact: an asserted one before a doubtful one; two different asserted ones make it doubtful."""
    chosen: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda r: (not r.certain, r.start)):
        first = chosen.setdefault(reading.fact, reading)
        if first.certain and reading.certain and first.value != reading.value:
            chosen[reading.fact] = replace(first, certain=False)
    return list(chosen.values())


def _tongue(item: Item, scopes: Mapping[str, Item], vocabulary: Vocabulary) -> Tongue:
    fields = item.fields(_KEYS, required=_KEYS)
    language = fields["language"].known("language of scope.yml", scopes)
    spaced = language != "zh"  # words are set apart by spaces
    gap = fields["gap"].number
    named = fields["words"].table

    def written(items: Iterable[Item]) -> re.Pattern[str]:
        return phrases(spelt_out(items, named), gap, spaced=spaced)

    return Tongue(
        cues=tuple(_cue(name, cue, vocabulary, written) for name, cue in fields["cues"].table.items()),
        idioms=written(fields["idioms"].items),
        scoping=Scoping.of(scopes[language], gap, spaced=spaced),
        ages=fields["ages"].known("fact", vocabulary.facts),
    )


def _cue(name: str, item: Item, vocabulary: Vocabulary, written: Callable[[Iterable[Item]], re.Pattern[str]]) -> Cue:
    fields = item.fields(("means", "says", "sure"), required=("means", "says"))
    means = {}
    for fact, value in fields["means"].table.items():
        known = vocabulary.facts[Item(fact, value.where).known("fact", vocabulary.facts)]
        means[fact] = value.known(f"value of {fact}", known.values)
    sure = "sure" not in fields or fields["sure"].known("answer", ("yes", "no")) == "yes"
    return Cue(name, means, written(fields["says"].items), sure)
