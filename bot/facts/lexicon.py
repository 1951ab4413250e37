"""Reading facts out of words: cues from `data/lexicon/*.yml`, and the little that changes their meaning around them.

A cue that is denied, supposed, past, asked or somebody else's decides nothing: it makes its facts worth asking. The idea is that
of the ConText algorithm (Harkema et al. 2009), reduced to the clause a cue stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import UnknownWordError
from bot.facts.ages import ages, band
from bot.facts.document import Item, read
from bot.facts.vocabulary import Vocabulary

_CLAUSE = re.compile(r"[^，。！？；,.!?;\n]+[，。！？；,.!?;\n]*")
_BREAKS = "，。！？；,.!?;\n"
_KEYS = (
    "language",
    "gap",
    "idioms",
    "denied",
    "reach",
    "supposed",
    "past",
    "asked",
    "others",
    "seeking",
    "ages",
    "cues",
)
AGE = "age"  # the name of the cue by which an age was read


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact read in words: value, cue, where it stands (characters), and whether it is asserted and present.

    A reading that is not certain only makes its fact relevant; its value may be empty. `child` is None: which child is meant
    is for the conversation to know.
    """

    fact: str
    child: int | None
    value: str
    cue: str
    start: int
    end: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """What some phrases mean: facts with their values."""

    name: str
    means: Mapping[str, str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Tongue:
    """The cues of one language and the words that change their meaning.

    `denied` reaches `reach` characters ahead of a cue, `doubtful` (supposed, past, asked, others') its whole clause; a question
    mark asks, unless one of `seeking` says that the question is what to do.
    """

    cues: tuple[Cue, ...]
    idioms: re.Pattern[str] | None
    denied: re.Pattern[str]
    reach: int
    doubtful: re.Pattern[str]
    seeking: re.Pattern[str]
    ages: str

    def certain(self, text: str, start: int, end: int, gaps: str = "") -> bool:
        """Whether what stands at `start` to `end` is asserted and present; `gaps` is what stood in the gaps of the phrase."""
        clause = next(c for c in _CLAUSE.finditer(text) if c.start() <= start < c.end())
        before = text[max(clause.start(), start - self.reach) : start] + " " + gaps
        around = text[clause.start() : start] + f" {gaps} " + text[end : clause.end()]
        asks = clause[0].rstrip().endswith(("?", "？")) and not self.seeking.search(clause[0])
        return not (self.denied.search(before) or self.doubtful.search(around) or asks)


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
        tongues = tuple(
            _tongue(read(path, Path(folder.name) / path.name), vocabulary) for path in sorted(folder.glob("*.yml"))
        )
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
        masked = tongue.idioms.sub(lambda idiom: "＿" * len(idiom[0]), text) if tongue.idioms else text
        for cue in tongue.cues:
            for found in cue.pattern.finditer(masked):
                certain = tongue.certain(masked, *found.span(), " ".join(gap for gap in found.groups() if gap))
                for fact, value in cue.means.items():
                    yield Reading(fact, None, value, cue.name, *found.span(), certain=certain)

    def _ages(self, text: str, tongue: Tongue) -> Iterator[Reading]:
        """A minor's age; of several the youngest, which is the most careful."""
        bands = self.vocabulary.facts[tongue.ages].values
        young = [age for age in ages(text) if band(age.years, bands)]
        if young:
            age = min(young)
            value = str(band(age.years, bands))
            yield Reading(tongue.ages, None, value, AGE, age.start, age.end, tongue.certain(text, age.start, age.end))

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
    kept: list[Reading] = []
    for reading in sorted(readings, key=lambda r: (r.start - r.end, r.start)):
        if not any(r.fact == reading.fact and r.start < reading.end and reading.start < r.end for r in kept):
            kept.append(reading)
    return kept


def _once(readings: Iterable[Reading]) -> list[Reading]:
    """One reading a fact: an asserted one before a doubtful one; two different asserted ones make it doubtful."""
    chosen: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda r: (not r.certain, r.start)):
        first = chosen.setdefault(reading.fact, reading)
        if first.certain and reading.certain and first.value != reading.value:
            chosen[reading.fact] = replace(first, certain=False)
    return list(chosen.values())


def _tongue(item: Item, vocabulary: Vocabulary) -> Tongue:
    fields = item.fields(_KEYS, required=_KEYS)
    spaced = fields["language"].word != "zh"  # words are set apart by spaces
    gap = fields["gap"].number
    idioms = [_pattern(phrase.word, gap, spaced=spaced) for phrase in fields["idioms"].items]
    doubtful = [word for key in ("supposed", "past", "asked", "others") for word in fields[key].items]
    return Tongue(
        cues=tuple(_cue(name, cue, vocabulary, gap, spaced=spaced) for name, cue in fields["cues"].table.items()),
        idioms=_any(idioms),
        denied=_words(fields["denied"].items, spaced=spaced),
        reach=fields["reach"].number,
        doubtful=_words(doubtful, spaced=spaced),
        seeking=_words(fields["seeking"].items, spaced=spaced),
        ages=fields["ages"].known("fact", vocabulary.facts),
    )


def _cue(name: str, item: Item, vocabulary: Vocabulary, gap: int, *, spaced: bool) -> Cue:
    fields = item.fields(("means", "says"), required=("means", "says"))
    means = {}
    for fact, value in fields["means"].table.items():
        known = vocabulary.facts[Item(fact, value.where).known("fact", vocabulary.facts)]
        means[fact] = value.known(f"value of {fact}", known.values)
    return Cue(name, means, _any([_pattern(phrase.word, gap, spaced=spaced) for phrase in fields["says"].items]))


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _words(items: Iterable[Item], *, spaced: bool) -> re.Pattern[str]:
    """One of these words, whole where words are set apart by spaces (`n't` hangs on to the word before it)."""
    edge = r"(?<![a-z])" if spaced else ""
    return _any(
        (edge if item.word[0].isalpha() and item.word != "n't" else "")
        + re.escape(item.word)
        + (r"\b" if spaced else "")
        for item in items
    )


def _pattern(phrase: str, gap: int, *, spaced: bool) -> str:
    """A phrase as a regular expression: `(a/b)` is one of them, a bracket before `?` may be missing, `…` is a gap in the clause."""
    written = "".join(_piece(piece, gap) for piece in re.findall(r"\([^()]*\)\??|…|.\?|.", phrase))
    return rf"\b{written}\b" if spaced else written


def _piece(piece: str, gap: int) -> str:
    if piece == "…":
        return rf"([^{_BREAKS}]{{0,{gap}}}?)"
    if piece.startswith("("):
        inner = piece.rstrip("?")[1:-1].split("/")
        choices = "|".join(re.escape(word) for word in sorted(inner, key=len, reverse=True))
        return f"(?:{choices}){'?' if piece.endswith('?') else ''}"
    if len(piece) > 1:
        return re.escape(piece[0]) + "?"
    return r"\s+" if piece == " " else re.escape(piece)
