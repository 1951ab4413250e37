"""A text as learning components see it: words, and numbered features of the whole (rasa `nlu/featurizers/`)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Protocol

from bot.dialogue.understanding.entities import PatternSettings, compiled
from bot.dialogue.understanding.tokens import Cut, Token
from bot.dialogue.understanding.training import TrainingData
from bot.dialogue.understanding.words import READ_AT_MOST

# A text's features: their numbers, and how much there is of each.
Features = tuple[list[int], list[float]]


class Featurizer(Protocol):
    """Finds features of a text."""

    @property
    def size(self) -> int:
        """How many features there are."""
        ...

    def __call__(self, text: str, tokens: Sequence[Token]) -> Iterable[tuple[int, float]]:
        """The number and the amount of each feature in this text."""
        ...


@dataclass(frozen=True, slots=True)
class Matching:
    """RegexFeaturizer: which patterns and tables a text matches, somewhere in a word (`regex_featurizer.py`)."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def trained(cls, data: TrainingData, settings: PatternSettings) -> Matching:
        """Learns all patterns and tables, those of no entity as well."""
        return cls(tuple(compiled(data, settings)))

    @property
    def size(self) -> int:
        """How many patterns there are."""
        return len(self.patterns)

    def __call__(self, text: str, tokens: Sequence[Token]) -> Iterable[tuple[int, float]]:
        """The patterns found."""
        for number, (_, pattern) in enumerate(self.patterns):
            if next(_touched(pattern, text, tokens), None) is not None:
                yield number, 1.0

    def names(self, text: str, tokens: Sequence[Token]) -> list[set[str]]:
        """The patterns found in each word."""
        found: list[set[str]] = [set() for _ in tokens]
        for name, pattern in self.patterns:
            for at in _touched(pattern, text, tokens):
                found[at].add(name)
        return found


def _touched(pattern: re.Pattern[str], text: str, tokens: Sequence[Token]) -> Iterator[int]:
    """The numbers of the words in which the pattern is found, in part at least."""
    for match in pattern.finditer(text):
        at = bisect_right(tokens, match.start(), key=attrgetter("end"))
        while at < len(tokens) and tokens[at].start < match.end():
            yield at
            at += 1


@dataclass
class Reading:
    """Reads a text through one tokenizer and some featurizers. Components in a row read the same text, so one is kept."""

    cut: Cut
    featurizers: tuple[Featurizer, ...]
    _last: tuple[str, list[Token], Features] | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """How many features there are."""
        return sum(featurizer.size for featurizer in self.featurizers)

    def tokens(self, text: str) -> list[Token]:
        """The words."""
        return self._read(text)[1]

    def features(self, text: str) -> Features:
        """The features of the whole text; those of each featurizer follow those of the one before."""
        return self._read(text)[2]

    def _read(self, text: str) -> tuple[str, list[Token], Features]:
        last = self._last
        if last is None or last[0] != text:
            seen = text[:READ_AT_MOST]
            tokens = self.cut(seen)
            self._last = last = (text, tokens, self._features(seen, tokens))
        return last

    def _features(self, text: str, tokens: Sequence[Token]) -> Features:
        numbers: list[int] = []
        amounts: list[float] = []
        before = 0
        for featurizer in self.featurizers:
            for number, amount in featurizer(text, tokens):
                numbers.append(before + number)
                amounts.append(amount)
            before += featurizer.size
        return numbers, amounts
