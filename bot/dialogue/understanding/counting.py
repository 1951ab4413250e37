"""Word and character n-grams of a text, as scikit-learn's CountVectorizer counts them, without scikit-learn.

rasa `nlu/featurizers/sparse_featurizer/count_vectors_featurizer.py`; what the settings mean is said there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.dialogue.understanding.tokens import Token

NUMBER = re.compile(r"\b[0-9]+\b")
WORD = re.compile(r"(?u)\b\w+\b")
SPACES = re.compile(r"\s\s+")


@dataclass(frozen=True, slots=True)
class CountSettings:
    """CountVectorsFeaturizer's settings. A whole number of `min_df` and `max_df` counts texts, a fraction is a share."""

    analyzer: str = "word"
    min_ngram: int = 1
    max_ngram: int = 1
    lowercase: bool = True
    strip_accents: str | None = None
    stop_words: tuple[str, ...] = ()
    min_df: int | float = 1
    max_df: int | float = 1.0
    max_features: int | None = None
    oov_token: str | None = None
    oov_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counting:
    """Counts the n-grams of its vocabulary in a text. An empty vocabulary: nothing could be learned."""

    settings: CountSettings
    vocabulary: tuple[str, ...]

    @classmethod
    def trained(cls, settings: CountSettings, texts: Sequence[Sequence[Token]]) -> Counting:
        """Learns the n-grams that are neither too rare nor too frequent."""
        untrained = cls(settings, ())
        counted = [Counter(untrained.ngrams(untrained.cleaned(tokens))) for tokens in texts]
        return cls(settings, tuple(sorted(_kept(counted, settings))))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each n-gram."""
        return {ngram: number for number, ngram in enumerate(self.vocabulary)}

    @property
    def size(self) -> int:
        """How many features there are."""
        return len(self.vocabulary)

    def __call__(self, text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, float]]:  # noqa: ARG002 – see Featurizer
        """How often each known n-gram occurs, as (number, count)."""
        number = self.numbers.get
        found = Counter(number(ngram) for ngram in self.ngrams(self.cleaned(tokens)))
        return ((ngram, float(count)) for ngram, count in found.items() if ngram is not None)

    def cleaned(self, tokens: Sequence[Token]) -> str:
        """The words, numbers made alike, unknown words replaced where the settings say so."""
        words = [NUMBER.sub("__NUMBER__", token.text) if not token.text.isalpha() else token.text for token in tokens]
        if self.settings.lowercase:
            words = [word.lower() for word in words]
        return " ".join(self._known(words))

    def _known(self, words: list[str]) -> list[str]:
        """As in Rasa, the stand-in is spelt as configured once unknown words are listed, else in lower case."""
        settings, lower = self.settings, self.settings.lowercase
        token = settings.oov_token
        if not token or settings.analyzer != "word":
            return words
        listed = [word.lower() if lower else word for word in settings.oov_words]
        if (token if listed or not lower else token.lower()) in self.numbers:
            return [word if word in self.numbers else token for word in words]
        return [token if word in listed else word for word in words]

    def ngrams(self, text: str) -> list[str]:
        """All n-grams of the text, in any order."""
        settings = self.settings
        text = text.lower() if settings.lowercase else text
        text = ACCENTS[settings.strip_accents](text)
        return list(ANALYZERS[settings.analyzer](text, settings))


def _words(text: str, settings: CountSettings) -> Iterator[str]:
    words = [word for word in WORD.findall(text) if word not in settings.stop_words]
    for length in range(settings.min_ngram, min(settings.max_ngram, len(words)) + 1):
        if length == 1:
            yield from words
        else:
            yield from (" ".join(words[at : at + length]) for at in range(len(words) - length + 1))


def _characters(text: str, settings: CountSettings) -> Iterator[str]:
    text = SPACES.sub(" ", text)
    for length in range(settings.min_ngram, min(settings.max_ngram, len(text)) + 1):
        yield from (text[at : at + length] for at in range(len(text) - length + 1))


def _characters_of_words(text: str, settings: CountSettings) -> Iterator[str]:
    """Within words with a space on either side; a word shorter than the n-gram counts once, whole."""
    for word in text.split():
        padded = f" {word} "
        for length in range(settings.min_ngram, settings.max_ngram + 1):
            if length >= len(padded):
                yield padded
                break
            yield from [padded[at : at + length] for at in range(len(padded) - length + 1)]


ANALYZERS: Mapping[str, Callable[[str, CountSettings], Iterator[str]]] = {
    "word": _words,
    "char": _characters,
    "char_wb": _characters_of_words,
}


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _only_ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


ACCENTS: Mapping[str | None, Callable[[str], str]] = {
    None: lambda text: text,
    "unicode": _without_marks,
    "ascii": _only_ascii,
}


def _kept(counted: Sequence[Counter[str]], settings: CountSettings) -> Iterable[str]:
    """The n-grams within the bounds; none at all when the bounds contradict each other, as scikit-learn refuses them."""
    texts = Counter(ngram for counts in counted for ngram in counts)
    low, high = _bound(settings.min_df, len(counted)), _bound(settings.max_df, len(counted))
    kept = sorted(ngram for ngram, count in texts.items() if low <= count <= high) if low <= high else []
    if settings.max_features is None or len(kept) <= settings.max_features:
        return kept
    often = sum(counted, Counter[str]())
    return sorted(kept, key=lambda ngram: -often[ngram])[: settings.max_features]


def _bound(limit: float, count: int) -> float:
    return limit if isinstance(limit, int) else limit * count
