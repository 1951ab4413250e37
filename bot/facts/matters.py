"""What a message is about: a minor, the family but no minor, or something else. Signs with weights, from data/lexicon/matters.yml.

A sum of weights and the likelihoods that come of it (multinomial logistic regression): whoever edits a list sees what each sign
does. Many small hints stand beside them (`fragments.py`). `rightdoor bench nlu --weigh` learns all the weights from labelled
messages (docs/understanding.md).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.facts.document import Item, read
from bot.facts.finding import Finder
from bot.facts.fragments import Fragments
from bot.facts.phrases import phrase, spelt_out
from bot.facts.vocabulary import Vocabulary

FRAGMENTS = "fragments.tsv"  # beside matters.yml
_KEYS = ("gap", "words", "neutral", "start", "told", "signs")


class Matter(StrEnum):
    """Whose matter it is; the names are the intents that the dialogue knows."""

    OURS = "inform"
    NEAR = "near_scope"
    ELSEWHERE = "out_of_scope"


NAMES = {"ours": Matter.OURS, "near": Matter.NEAR, "elsewhere": Matter.ELSEWHERE}
Weights = Mapping[Matter, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """The likeliest matter, how likely it is (0 to 1), and the signs it was judged by."""

    matter: Matter
    likelihood: float
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matters:
    """The signs. `neutral` are facts that adults without children have too; every other fact that is told makes it ours."""

    neutral: frozenset[str]
    weights: Mapping[str, Weights]
    finder: Finder[str]
    fragments: Fragments

    @classmethod
    def load(cls, path: Path, shown: Path, vocabulary: Vocabulary) -> Matters:
        """Reads `matters.yml`, and the fragments beside it, if any.

        Raises `RuleFileError` for an unknown fact, a weight that is no number and a key that is missing.
        """
        fields = read(path, shown).fields(_KEYS, required=_KEYS)
        hints = path.with_name(FRAGMENTS)
        gap, named = fields["gap"].number, fields["words"].table
        signs = {
            name: item.fields(("weighs", "says"), required=("weighs", "says"))
            for name, item in fields["signs"].table.items()
        }
        told = {
            Item(name, item.where).known("fact", vocabulary.facts): item for name, item in fields["told"].table.items()
        }
        return cls(
            frozenset(item.known("fact", vocabulary.facts) for item in fields["neutral"].items),
            {
                "start": _weights(fields["start"]),
                **{name: _weights(item) for name, item in told.items()},
                **{name: _weights(sign["weighs"]) for name, sign in signs.items()},
            },
            Finder(
                (phrase(said, gap, spaced=said.word.isascii()), name)
                for name, sign in signs.items()
                for said in spelt_out(sign["says"].items, named)
            ),
            Fragments.load(hints, shown.with_name(FRAGMENTS), NAMES) if hints.exists() else Fragments(),
        )

    def judge(self, text: str, told: Collection[str], touched: Iterable[str]) -> Judged:
        """The matter of a text that is written plainly, of which the facts `told` were read for certain and `touched` at all."""
        if telling := sorted(fact for fact in told if fact not in self.neutral):
            return Judged(Matter.OURS, 1.0, tuple(telling))
        signs = self.signs(text, touched)
        hints = self.fragments.sums(text)
        sums = {
            matter: sum(self.weights[sign][matter] for sign in ("start", *signs)) + hints.get(name, 0.0)
            for name, matter in NAMES.items()
        }
        best = max(sums, key=lambda matter: sums[matter])
        return Judged(best, 1 / sum(math.exp(each - sums[best]) for each in sums.values()), signs)

    def signs(self, text: str, touched: Iterable[str]) -> tuple[str, ...]:
        """Every sign that a text shows, once."""
        found = {sign for sign, _ in self.finder.find(text)}
        return tuple(sorted(found | (self.weights.keys() & set(touched))))


def _weights(item: Item) -> Weights:
    fields = item.fields(tuple(NAMES), required=tuple(NAMES))
    return {matter: _number(fields[name]) for name, matter in NAMES.items()}


def _number(item: Item) -> float:
    try:
        return float(item.word)
    except ValueError:
        item.fail(f"{item.word!r} is not a number; write a weight like 1.5 or -0.5")
