"""Reading facts out of words: cues from `data/lexicon/*.yml`, and what changes their meaning around them (`scope.py`).

A cue that is denied, supposed, past, asked, quoted or somebody else's decides nothing: it makes its facts worth asking.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import UnknownWordError
from bot.facts.ages import ages, band
from bot.facts.document import Item, read
from bot.facts.finding import Finder
from bot.facts.matters import Judged, Matters
from bot.facts.phrases import Phrase, phrase, spelt_out
from bot.facts.scope import KINDS, Modifier, Scope, Scoped, Span
from bot.facts.spelling import Plain, Spelling
from bot.facts.vocabulary import Vocabulary

_KEYS = ("language", "gap", "words", "idioms", "ages", "cues")
SCOPE = "scope.yml"  # every language's words of scope, beside the languages' own files
SPELLING = "spelling.yml"  # what is written otherwise than it is meant
MATTERS = "matters.yml"  # what a message is about
AGE = "age"  # the name of the cue by which an age was read
_BLANK = "＿"


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
    """What some phrases mean: facts with their values. One that is not `sure` never decides: what it hints at is asked.

    One that is `general` counts only where nothing more exact is asserted of the same fact: 离婚, beside 离婚两年了.

    `despite` are the scopes in which it counts all the same: who asks what becomes of a divorce wants one.
    """

    name: str
    means: Mapping[str, str]
    sure: bool
    general: bool = False
    despite: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """One language's cues, how far its denials reach (characters), and the fact that ages give."""

    language: str
    cues: tuple[Cue, ...]
    reach: int
    ages: str


# An age stays one in a question.
_AGE = Cue(AGE, {}, sure=True, despite=frozenset({Scope.ASKED}))
Mark = tuple[Tongue, Cue | str]  # what a phrase is: a cue, or a word of one of the KINDS of scope


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every language's cues; they are all tried, since people mix languages. Nothing inside `idioms` is read."""

    tongues: tuple[Tongue, ...]
    vocabulary: Vocabulary
    spelling: Spelling
    idioms: Finder[None]
    marks: Finder[Mark]
    matters: Matters | None

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> Lexicon:
        """Reads `*.yml` of a folder.

        Raises `RuleFileError` for an unknown fact or value, and for a cue that facts.yml names in vain.
        """
        shown = Path(folder.name)
        files = [path for path in sorted(folder.glob("*.yml")) if path.name not in (SCOPE, SPELLING, MATTERS)]
        scopes = read(folder / SCOPE, shown / SCOPE).table if files else {}
        written = [_written(read(path, shown / path.name), scopes, vocabulary) for path in files]
        names = {cue.name for tongue, _, _ in written for cue in tongue.cues}
        for fact in vocabulary.facts.values():
            for cue in fact.cues:
                if cue not in names:
                    raise UnknownWordError("cue", cue, names, fact.where)
        spelling, matters = folder / SPELLING, folder / MATTERS
        return cls(
            tuple(tongue for tongue, _, _ in written),
            vocabulary,
            Spelling.load(spelling, shown / SPELLING) if spelling.exists() else Spelling({}),
            Finder((phrase, None) for _, idioms, _ in written for phrase in idioms),
            Finder((phrase, (tongue, what)) for tongue, _, marks in written for phrase, what in marks),
            Matters.load(matters, shown / MATTERS, vocabulary) if matters.exists() else None,
        )

    def read(self, text: str, year: int | None = None) -> tuple[Reading, ...]:
        """What a text tells, each fact once, in the order in which it is said. Linear in the text, whatever the number of cues.

        A fact that is told in two ways is not decided: it is asked. Years of birth are read when it is known which `year` it is.
        """
        plain = self.spelling.plain(text)
        told = _once(self._readings(plain.text, year))
        readings = sorted((*told, *self._mentions(told)), key=lambda reading: (reading.start, reading.fact))
        return tuple(_as_typed(reading, plain) for reading in readings)

    def judge(self, plain: str, readings: Iterable[Reading]) -> Judged | None:
        """What a text is about (written plainly), of which these readings were made; None where there are no signs."""
        if self.matters is None:
            return None
        readings = tuple(readings)
        told = {reading.fact for reading in readings if reading.certain and reading.value}
        return self.matters.judge(plain, told, {reading.fact for reading in readings})

    def harmless(self, readings: Iterable[Reading]) -> bool:
        """Whether nothing was read, for certain or not, but what adults without children tell too."""
        return self.matters is None or all(reading.fact in self.matters.neutral for reading in readings)

    def _readings(self, text: str, year: int | None) -> Iterator[Reading]:
        """Every cue and age in a text that is written plainly, with its scope."""
        masked = _blanked(text, (found.span() for _, found in self.idioms.find(text)))
        hits: list[_Hit] = []
        marks: defaultdict[Tongue, defaultdict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for (tongue, what), found in self.marks.find(masked):
            if isinstance(what, Cue):
                hits += _hits(tongue, what, found)
            else:
                marks[tongue][what].append(found.span())
        hits += [hit for tongue in self.tongues[:1] for hit in self._ages(text, tongue, year)]
        scoped = {tongue: Scoped.of(masked, tongue.reach, marks[tongue]) for tongue in self.tongues}
        around: dict[tuple[Tongue, Span], tuple[Modifier, ...]] = {}
        general: list[Reading] = []
        exact: set[str] = set()  # facts
        for hit in _longest(hits):
            where = (hit.tongue, hit.span)
            if where not in around:
                around[where] = scoped[hit.tongue].around(hit.span)
            scope = tuple(each for each in around[where] if not hit.stands(each))
            span = (hit.span.start, hit.span.end)
            reading = Reading(hit.fact, None, hit.value, hit.cue.name, *span, hit.cue.sure and not scope, scope)
            if hit.cue.general:
                general.append(reading)
                continue
            exact.update([hit.fact] if reading.certain else [])
            yield reading
        yield from (reading for reading in general if reading.fact not in exact)

    def _ages(self, text: str, tongue: Tongue, year: int | None) -> Iterator[_Hit]:
        """A minor's age; of several the youngest, which is the most careful."""
        bands = self.vocabulary.facts[tongue.ages].values
        young = [age for age in ages(text, year) if band(age.years, bands)]
        if young:
            age = min(young)
            yield _Hit(tongue, _AGE, tongue.ages, str(band(age.years, bands)), Span(age.start, age.end))

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


def _blanked(text: str, runs: Iterable[tuple[int, int]]) -> str:
    """The text with some parts made unreadable; every other character stays where it was."""
    for start, end in runs:
        text = text[:start] + _BLANK * (end - start) + text[end:]
    return text


def _as_typed(reading: Reading, plain: Plain) -> Reading:
    """A reading of the plain text, with its places in what was typed."""
    if plain.at is None:
        return reading
    start, end = plain.typed(reading.start, reading.end)
    scope = tuple(Modifier(each.scope, *plain.typed(each.start, each.end)) for each in reading.scope)
    return replace(reading, start=start, end=end, scope=scope)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A phrase that was found, and one fact of what it means."""

    tongue: Tongue
    cue: Cue
    fact: str
    value: str
    span: Span

    def stands(self, scope: Modifier) -> bool:
        """Whether it counts despite a scope. What is asked in front of it asks for itself: 是不是要离婚."""
        return scope.scope in self.cue.despite and not (scope.scope is Scope.ASKED and scope.start < self.span.start)


def _hits(tongue: Tongue, cue: Cue, found: re.Match[str]) -> Iterator[_Hit]:
    gaps = tuple(found.span(n) for n, gap in enumerate(found.groups(), 1) if gap)
    span = Span(*found.span(), gaps)
    return (_Hit(tongue, cue, fact, value, span) for fact, value in cue.means.items())


def _longest(hits: Iterable[_Hit]) -> list[_Hit]:
    """Where phrases for one fact overlap, a sure one counts, and of those the longest."""
    kept: defaultdict[str, list[_Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: (not hit.cue.sure, hit.span.start - hit.span.end, hit.span.start)):
        others = kept[hit.fact]
        at = bisect_right(others, hit.span.start, key=lambda other: other.span.end)  # the first that ends later
        if at == len(others) or others[at].span.start >= hit.span.end:
            others.insert(at, hit)
    return [hit for of_fact in kept.values() for hit in of_fact]


def _once(readings: Iterable[Reading]) -> list[Reading]:
    """One reading a fact: asserted before one in a scope before a hint; two different asserted ones make it doubtful."""
    chosen: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda r: (not r.certain, not r.scope, r.start)):
        first = chosen.setdefault(reading.fact, reading)
        if first.certain and reading.certain and first.value != reading.value:
            chosen[reading.fact] = replace(first, certain=False)
    return list(chosen.values())


# A language, its idioms, and its phrases with what they are.
_Written = tuple[Tongue, Sequence[Phrase], Sequence[tuple[Phrase, Cue | str]]]


def _written(item: Item, scopes: Mapping[str, Item], vocabulary: Vocabulary) -> _Written:
    """One language's file, and its part of scope.yml."""
    fields = item.fields(_KEYS, required=_KEYS)
    language = fields["language"].known("language of scope.yml", scopes)
    spaced = language != "zh"  # words are set apart by spaces
    gap, named = fields["gap"].number, fields["words"].table
    scope = scopes[language].fields((*KINDS, "reach"), required=(*KINDS, "reach"))

    def ready(items: Iterable[Item]) -> Iterator[Phrase]:
        return (phrase(said, gap, spaced=spaced) for said in spelt_out(items, named))

    cues = [(_cue(name, cue, vocabulary), cue) for name, cue in fields["cues"].table.items()]
    tongue = Tongue(
        language,
        tuple(cue for cue, _ in cues),
        scope["reach"].number,
        fields["ages"].known("fact", vocabulary.facts),
    )
    marks: list[tuple[Phrase, Cue | str]] = [
        (said, cue) for cue, written in cues for said in ready(written.table["says"].items)
    ]
    marks += [(said, str(kind)) for kind in KINDS for said in ready(scope[kind].items)]
    return tongue, tuple(ready(fields["idioms"].items)), marks


def _cue(name: str, item: Item, vocabulary: Vocabulary) -> Cue:
    fields = item.fields(("means", "says", "sure", "despite"), required=("means", "says"))
    means = {}
    for fact, value in fields["means"].table.items():
        known = vocabulary.facts[Item(fact, value.where).known("fact", vocabulary.facts)]
        means[fact] = value.known(f"value of {fact}", known.values)
    sure = fields["sure"].known("answer", ("yes", "no", "alone")) if "sure" in fields else "yes"
    despite = fields["despite"].words if "despite" in fields else ()
    return Cue(
        name, means, sure != "no", sure == "alone", frozenset(word.known("scope", tuple(Scope)) for word in despite)
    )
