"""Looking for many phrases at once: one automaton (Aho and Corasick 1975) over a word of each, the phrase where its word stands.

What a text costs depends on its length and on what is found in it, not on how many phrases there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import ahocorasick

from bot.facts.phrases import Phrase

Meaning = TypeVar("Meaning")


class Finder(Generic[Meaning]):
    """Phrases with what each means."""

    def __init__(self, phrases: Iterable[tuple[Phrase, Meaning]]) -> None:
        self._phrases: Sequence[tuple[Phrase, Meaning]] = tuple(phrases)
        of_anchor: defaultdict[str, list[int]] = defaultdict(list)
        for number, (phrase, _) in enumerate(self._phrases):
            for anchor in phrase.anchors:
                of_anchor[anchor].append(number)
        self._automaton = ahocorasick.Automaton()
        for anchor, numbers in of_anchor.items():
            self._automaton.add_word(anchor, (len(anchor), tuple(numbers)))
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[Meaning, re.Match[str]]]:
        """Every phrase that stands in a text (written small); of one phrase those that do not overlap, in order."""
        for number, ends in self._standing(text).items():
            phrase, meaning = self._phrases[number]
            for start, end in _windows(phrase, ends):
                for found in phrase.pattern.finditer(text, start, end):
                    yield meaning, found

    def _standing(self, text: str) -> dict[int, list[tuple[int, int]]]:
        """For each phrase whose anchors stand in the text, where they do."""
        at: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        if self._phrases:
            for last, (length, numbers) in self._automaton.iter(text):
                span = (last + 1 - length, last + 1)
                for number in numbers:
                    at[number].append(span)
        return at


def _windows(phrase: Phrase, anchors: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a text in which a phrase may stand, with the character behind it, which must not be of the same word."""
    start = end = -1
    for first, last in sorted(anchors):
        opens, closes = max(0, first - phrase.before), last + phrase.after + 1
        if opens > end:
            if end > 0:
                yield start, end
            start = opens
        end = closes
    yield start, end
