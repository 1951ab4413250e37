"""What a message was understood as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.plain import Plain

Entity = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One message: `text`, its intent with a confidence from 0 to 1, entities in Rasa's form, intents by rank."""

    text: str
    intent: str | None = None
    confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str | None, float], ...] = ()

    @classmethod
    def of(cls, intent: str, **entities: Plain) -> Parsed:
        """A message known to have this intent, as a button's payload is."""
        found = tuple({"entity": name, "value": value} for name, value in entities.items())
        return cls(f"/{intent}", intent, 1.0, found, ((intent, 1.0),))

    def data(self) -> dict[str, Any]:
        """Rasa's parse data, as events carry it."""
        ranking = [{"name": name, "confidence": confidence} for name, confidence in self.ranking]
        return {
            "text": self.text,
            "intent": {"name": self.intent, "confidence": self.confidence},
            "entities": [dict(entity) for entity in self.entities],
            **({"intent_ranking": ranking} if ranking else {}),
        }
