"""Entities that need no learning: by pattern, by lookup table, and what their synonyms mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.dialogue.understanding.parsed import Entity, Parsed
from bot.dialogue.understanding.training import TrainingData
from bot.dialogue.understanding.words import READ_AT_MOST, bounded


@dataclass(frozen=True, slots=True)
class PatternSettings:
    """Which patterns are looked for, and how (rasa `nlu/utils/pattern_utils.py`)."""

    case_sensitive: bool = True
    use_word_boundaries: bool = True
    use_regexes: bool = True
    use_lookup_tables: bool = True


def compiled(data: TrainingData, settings: PatternSettings) -> list[tuple[str, re.Pattern[str]]]:
    """Patterns first, then tables, each in the order they are written."""
    flags = 0 if settings.case_sensitive else re.IGNORECASE
    mark = bounded if settings.use_word_boundaries else re.escape
    written = list(data.patterns) if settings.use_regexes else []
    if settings.use_lookup_tables:
        written += [(name, f"({'|'.join(map(mark, words))})") for name, words in data.tables]
    return [(name, re.compile(pattern, flags)) for name, pattern in written]


@dataclass(frozen=True, slots=True)
class RegexEntityExtractor:
    """Finds entities by pattern and by lookup table (rasa `nlu/extractors/regex_entity_extractor.py`)."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def trained(cls, data: TrainingData, settings: PatternSettings) -> RegexEntityExtractor:
        """Learns the patterns and tables of the entities that some example marks."""
        return cls(tuple(found for found in compiled(data, settings) if found[0] in data.annotated))

    def __call__(self, message: Parsed) -> Parsed:
        """With the entities found added."""
        return replace(message, entities=(*message.entities, *self._found(message.text[:READ_AT_MOST])))

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
        return replace(message, entities=tuple(self._mapped(entity) for entity in message.entities))

    def _mapped(self, entity: Entity) -> Entity:
        meaning = self.synonyms.get(str(entity["value"]).lower())
        if meaning is None:
            return entity
        return {**entity, "value": meaning, "processors": [*entity.get("processors", ()), "EntitySynonymMapper"]}
