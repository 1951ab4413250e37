"""Reading facts out of words: cues from `data/lexicon/*.yml`, with the little that changes their meaning around them.

A cue that is negated, supposed, asked or past does not decide anything: it makes its fact worth asking (`certain` is False).
After the ConText idea (Harkema et al. 2009), reduced to words before and after a cue in the same clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.facts.vocabulary import Vocabulary
from bot.rulefile import Node

_CLAUSE = re.compile(r"[^，。！？；,.!?;\n]+[，。！？；,.!?;\n]*")
_GAP = "_"  # in a cue: up to eight characters of anything within the clause
_NUMBERS = {"零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact read in words: its value, the cue, where it stands (characters), and whether it is asserted and present."""

    fact: str
    child: int | None
    value: str
    cue: str
    start: int
    end: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase and what it says."""

    phrase: str
    pattern: re.Pattern[str]
    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All cues; `doubts` are words that make the cue in their clause uncertain; `idioms` are not what they seem.

    Cost: one pass over the text for each cue (a few hundred); issue 7 makes one automaton of them.
    """

    cues: tuple[Cue, ...]
    doubts: re.Pattern[str]
    idioms: re.Pattern[str]
    ages: tuple[tuple[str, int, int], ...]
    age_fact: str

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> Lexicon:
        """Reads every `*.yml` of the folder; raises `RuleFileError` for a fact or value nobody declared."""
        cues: list[Cue] = []
        doubts: list[str] = []
        idioms: list[str] = []
        ages: list[tuple[str, int, int]] = []
        age_fact = ""
        for path in sorted(folder.glob("*.yml")):
            file = Node.read(path)
            file.only("part of a lexicon", ("cues", "doubts", "idioms", "ages"))
            cues += list(_cues(file.get("cues"), vocabulary))
            doubts += [d.text() for d in _each(file.get("doubts"))]
            idioms += [i.text() for i in _each(file.get("idioms"))]
            if found := file.get("ages"):
                age_fact = found.need("fact").word("fact", vocabulary.facts)
                ages += [_band(age_fact, value, node, vocabulary) for value, node in found.need("bands").items()]
        return cls(tuple(cues), _any(doubts), _any(idioms), tuple(ages), age_fact)

    def read(self, text: str) -> tuple[Reading, ...]:
        """Every fact the words tell, in the order of the text; a certain reading outweighs doubtful ones of the same fact."""
        plain = self.idioms.sub(lambda m: "\u3000" * len(m.group()), text.lower())
        found: list[Reading] = []
        for clause in _CLAUSE.finditer(plain):
            found += self._clause(clause.group(), clause.start())
        certain = {r.fact for r in found if r.certain}
        return tuple(r for r in sorted(found, key=lambda r: r.start) if r.certain or r.fact not in certain)

    def _clause(self, clause: str, offset: int) -> Iterator[Reading]:
        taken: list[tuple[int, int]] = []
        for cue in self.cues:
            for match in cue.pattern.finditer(clause):
                rest = clause[: match.start()] + "\u3000" + clause[match.end() :]
                certain = not self.doubts.search(rest)
                if not any(a <= match.start() and match.end() <= b and (a, b) != match.span() for a, b in taken):
                    taken.append(match.span())
                    start, end = offset + match.start(), offset + match.end()
                    yield Reading(cue.fact, None, cue.value, cue.phrase, start, end, certain)
        yield from self._ages(clause, offset)

    def _ages(self, clause: str, offset: int) -> Iterator[Reading]:
        for match, age in ages_in(clause):
            band = next((value for value, least, most in self.ages if least <= age <= most), None)
            if band:
                yield Reading(self.age_fact, None, band, match.group(), offset + match.start(), offset + match.end(), certain=True)


def ages_in(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Ages in years: 五岁, 5岁, 两岁半, 十二岁, 8个月大, five-year-old, 5 years old. What is under one year counts as 0."""
    for match in re.finditer(r"([零一二两俩三四五六七八九十]{1,3}|\d{1,2})\s*(?:周?岁|歲)", text):
        yield match, _number(match[1])
    for match in re.finditer(r"(?:[一二两三四五六七八九十]{1,2}|\d{1,2})个月大", text):
        yield match, 0
    words = "|".join(_ENGLISH)
    for match in re.finditer(rf"\b({words}|\d{{1,2}})[ -]?(?:years?[ -]old|yo\b)", text):
        yield match, int(match[1]) if match[1].isdigit() else _ENGLISH.index(match[1])


def _number(word: str) -> int:
    """`5`, `五`, `十二`, `二十五` as a number."""
    if word.isdigit():
        return int(word)
    tens, ten, units = word.rpartition("十")
    if not ten:
        return _NUMBERS[word[-1]]
    return (_NUMBERS[tens[-1]] if tens else 1) * 10 + (_NUMBERS[units] if units else 0)


def _cues(node: Node | None, vocabulary: Vocabulary) -> Iterator[Cue]:
    for fact, values in node.items() if node else ():
        values.only("value", vocabulary.facts[fact].values) if fact in vocabulary.facts else vocabulary.value(fact, "", values.where)
        for value, phrases in values.items():
            for phrase in phrases.each():
                yield Cue(phrase.text(), _pattern(phrase.text().lower()), fact, value)


def _pattern(phrase: str) -> re.Pattern[str]:
    """A cue's phrase as a pattern; Latin words are matched whole, `_` stands for a gap."""
    body = f".{{0,8}}?".join(re.escape(piece) for piece in phrase.split(_GAP))
    latin = r"\b" if phrase[0].isascii() else "", r"\b" if phrase[-1].isascii() else ""
    return re.compile(latin[0] + body + latin[1])


def _each(node: Node | None) -> Iterator[Node]:
    return node.each() if node else iter(())


def _any(words: list[str]) -> re.Pattern[str]:
    """A pattern for any of the words; Latin ones whole. Without words it matches nothing."""
    parts = [rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in sorted(words, key=len, reverse=True)]
    return re.compile("|".join(parts) or r"(?!)")


def _band(fact: str, value: str, node: Node, vocabulary: Vocabulary) -> tuple[str, int, int]:
    """`5to7: [5, 7]`: the ages, in years, that a value covers."""
    vocabulary.value(fact, value, node.where)
    least, most = (int(bound.text()) for bound in node.each())
    return value, least, most
