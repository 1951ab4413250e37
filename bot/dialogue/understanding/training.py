"""What nlu.yml teaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Annotation:
    """A stretch of an example that is marked as an entity, with its value and, if it has one, its role and group."""

    start: int
    end: int
    entity: str
    value: str
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody might write, and its intent. `response` is `faq/ask_hours` where the intent is a retrieval one."""

    text: str
    intent: str
    response: str | None = None
    entities: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What messages are compared with.

    Patterns and lookup tables are (name, what to look for), where the name is mostly an entity's; synonyms lead from a
    lower case word to its meaning. `annotated` are the entities that some example marks; Rasa extracts no others.
    `responses` are what can be said to a retrieval intent, by full name (`faq/ask_hours`).
    """

    examples: tuple[Example, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    annotated: frozenset[str] = frozenset()
    responses: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
