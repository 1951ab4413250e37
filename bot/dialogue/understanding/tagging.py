"""Entities by what is learned from marked examples: each word is given a tag, knowing its neighbours and the tag before.

The stand-in for the part of DIETClassifier that finds entities. A tag is `O` (nothing), `I` (the entity before goes on), or
entity, role and group of one that begins. Rasa's form of the result: `nlu/extractors/extractor.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.understanding.parsed import Entity
from bot.dialogue.understanding.reading import Features, Matching, Reading
from bot.dialogue.understanding.tokens import Token
from bot.dialogue.understanding.training import Annotation, Example
from bot.dialogue.understanding.weights import Weights
from bot.dialogue.understanding.words import READ_AT_MOST

NONE, GOES_ON = "O", "I"
EXTRACTOR = "DIETClassifier"
# Words of one entity stand this far apart at most (rasa `_check_is_single_entity`).
APART = 1


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known about the words of a text; `numbers` are those seen in examples."""

    reading: Reading
    numbers: dict[str, int]

    @classmethod
    def seen(cls, reading: Reading, examples: Iterable[Example]) -> Traits:
        """The traits of the words of these examples."""
        found = cls(reading, {})
        for example in examples:
            tags = tags_of(example, reading.tokens(example.text))
            for traits, before in zip(found.of(example.text), [NONE, *tags], strict=False):
                for trait in (*traits, f"before {before}"):
                    found.numbers.setdefault(trait, len(found.numbers))
        return found

    def of(self, text: str) -> list[list[str]]:
        """The traits of each word, its neighbours' among them."""
        tokens = self.reading.tokens(text)
        own = [list(_own(token)) for token in tokens]
        for matching in (one for one in self.reading.featurizers if isinstance(one, Matching)):
            for traits, names in zip(own, matching.names(text[:READ_AT_MOST], tokens), strict=True):
                traits += [f"matches {name}" for name in sorted(names)]
        words = ["", "", *(token.text.lower() for token in tokens), "", ""]
        for at, traits in enumerate(own):
            before2, before, _, after, after2 = words[at : at + 5]
            traits += [f"-1 {before}", f"+1 {after}", f"-2 {before2} {before}", f"+2 {after} {after2}"]
        return own

    def features(self, traits: Iterable[str], before: str) -> Features:
        """The known ones among these traits, and the tag of the word before, by number."""
        numbers = [n for trait in (*traits, f"before {before}") if (n := self.numbers.get(trait)) is not None]
        return numbers, [1.0] * len(numbers)


def _own(token: Token) -> Iterator[str]:
    word = token.text.lower()
    yield f"is {word}"
    yield from (f"starts {word[:length]}" for length in (1, 3) if len(word) > length)
    yield from (f"ends {word[-length:]}" for length in (1, 3) if len(word) > length)
    yield (
        "digits" if word.isdigit() else "title" if token.text.istitle() else "upper" if token.text.isupper() else "low"
    )


def tags_of(example: Example, tokens: Sequence[Token]) -> list[str]:
    """The tag of each word; a mark that does not end where words end marks the words within it."""
    tags = [NONE] * len(tokens)
    for marked in example.entities:
        within = [at for at, token in enumerate(tokens) if marked.start <= token.start and token.end <= marked.end]
        for at in within:
            tags[at] = _begins(marked) if at == within[0] else GOES_ON
    return tags


def _begins(marked: Annotation) -> str:
    return json.dumps([marked.entity, marked.role, marked.group], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Tagger:
    """Tags the words of a text from left to right, and reads entities off the tags."""

    traits: Traits
    weights: Weights

    def entities(self, text: str) -> list[Entity]:
        """The entities, in Rasa's form."""
        found: list[dict[str, Any]] = []
        before = NONE
        for token, traits in zip(self.traits.reading.tokens(text), self.traits.of(text), strict=True):
            apart = before == NONE or token.start - found[-1]["end"] > APART
            likely = self.weights.likelihoods(self.traits.features(traits, before))
            tag, likelihood = next(pair for pair in likely if not (apart and pair[0] == GOES_ON))
            if tag == GOES_ON:
                _go_on(found[-1], token, likelihood)
            elif tag != NONE:
                found.append(_begun(json.loads(tag), token, likelihood))
            before = tag
        return [{**entity, "value": text[entity["start"] : entity["end"]], "extractor": EXTRACTOR} for entity in found]


def _begun(tag: Sequence[str | None], token: Token, likelihood: float) -> dict[str, Any]:
    entity, role, group = tag
    begun: dict[str, Any] = {"entity": entity, "start": token.start, "end": token.end, "confidence_entity": likelihood}
    for key, value in (("role", role), ("group", group)):
        if value is not None:
            begun |= {key: value, f"confidence_{key}": likelihood}
    return begun


def _go_on(entity: dict[str, Any], token: Token, likelihood: float) -> None:
    """As far as the least sure of its words is sure."""
    entity["end"] = token.end
    for key in [key for key in entity if key.startswith("confidence_")]:
        entity[key] = min(entity[key], likelihood)
