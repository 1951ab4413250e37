"""The components a pipeline may name. Each takes what is understood so far and returns what is understood after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.dialogue.model.names import FALLBACK_INTENT
from bot.dialogue.understanding.parsed import Entity, Parsed
from bot.dialogue.understanding.training import TrainingData
from bot.dialogue.understanding.words import bounded


class Component(Protocol):
    """One part of the pipeline."""

    def __call__(self, message: Parsed) -> Parsed:
        """The message, understood a little further."""
        ...


@dataclass(frozen=True, slots=True)
class KeywordIntentClassifier:
    """A message that holds an example of an intent has that intent; the longest example wins, then the first written.

    rasa `nlu/classifiers/keyword_intent_classifier.py`; there the first written wins, and Chinese is never found.
    """

    keywords: tuple[tuple[str, re.Pattern[str], str], ...]
    case_sensitive: bool

    @classmethod
    def trained(cls, data: TrainingData, *, case_sensitive: bool) -> KeywordIntentClassifier:
        """Learns the examples; one that stands under two intents tells nothing and is left out."""
        intents: dict[str, set[str]] = {}
        for text, intent in data.examples:
            intents.setdefault(text if case_sensitive else text.lower(), set()).add(intent)
        clear = [(text, next(iter(named))) for text, named in intents.items() if text and len(named) == 1]
        clear.sort(key=lambda pair: -len(pair[0]))
        return cls(tuple((text, re.compile(bounded(text)), intent) for text, intent in clear), case_sensitive)

    def __call__(self, message: Parsed) -> Parsed:
        """With the intent found, if any."""
        text = message.text if self.case_sensitive else message.text.lower()
        for keyword, pattern, intent in self.keywords:
            if keyword in text and pattern.search(text):
                return replace(message, intent=intent, confidence=1.0)
        return message


@dataclass(frozen=True, slots=True)
class RegexEntityExtractor:
    """Finds entities by pattern and by lookup table (rasa `nlu/extractors/regex_entity_extractor.py`)."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def trained(
        cls, data: TrainingData, *, case_sensitive: bool, boundaries: bool, regexes: bool, tables: bool
    ) -> RegexEntityExtractor:
        """Learns patterns first, then tables, of the entities that some example marks."""
        flags = 0 if case_sensitive else re.IGNORECASE
        written = list(data.patterns) if regexes else []
        mark = bounded if boundaries else re.escape
        written += [(name, f"({'|'.join(map(mark, words))})") for name, words in data.tables.items() if tables]
        known = [(name, re.compile(pattern, flags)) for name, pattern in written if name in data.annotated]
        return cls(tuple(known))

    def __call__(self, message: Parsed) -> Parsed:
        """With the entities found added."""
        found = tuple(self._found(message.text))
        return replace(message, entities=(*message.entities, *found)) if found else message

    def _found(self, text: str) -> Iterator[Entity]:
        for name, pattern in self.patterns:
            for match in pattern.finditer(text):
                yield {
                    "entity": name,
                    "start": match.start(),
                    "end": match.end(),
                    "value": match[0],
                    "extractor": "RegexEntityExtractor",
                }


@dataclass(frozen=True, slots=True)
class EntitySynonymMapper:
    """Replaces an entity's value by what it is a synonym of (rasa `nlu/extractors/entity_synonyms.py`)."""

    synonyms: Mapping[str, str]

    def __call__(self, message: Parsed) -> Parsed:
        """With the values replaced."""
        if not message.entities:
            return message
        return replace(message, entities=tuple(self._mapped(entity) for entity in message.entities))

    def _mapped(self, entity: Entity) -> Entity:
        meaning = self.synonyms.get(str(entity["value"]).lower())
        if meaning is None:
            return entity
        return {**entity, "value": meaning, "processors": [*entity.get("processors", ()), "EntitySynonymMapper"]}


@dataclass(frozen=True, slots=True)
class FallbackClassifier:
    """`nlu_fallback` when no intent is certain enough, or two are about as likely (rasa `fallback_classifier.py`)."""

    threshold: float
    ambiguity: float

    def __call__(self, message: Parsed) -> Parsed:
        """With the fallback intent, ranked first, when nothing better is known."""
        unsure = message.confidence < self.threshold
        if not unsure and not self._ambiguous(message):
            return message
        ranking = ((FALLBACK_INTENT, self.threshold), *message.ranking)
        return replace(message, intent=FALLBACK_INTENT, confidence=self.threshold, ranking=ranking)

    def _ambiguous(self, message: Parsed) -> bool:
        return len(message.ranking) > 1 and message.ranking[0][1] - message.ranking[1][1] < self.ambiguity
