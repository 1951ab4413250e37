"""What nlu.yml teaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What messages are compared with.

    Examples are (text, intent); patterns and lookup tables are (entity, what to look for); synonyms lead from a lower
    case word to its meaning. `annotated` are the entities that some example marks; Rasa looks for no others.
    """

    examples: tuple[tuple[str, str], ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    annotated: frozenset[str] = frozenset()
