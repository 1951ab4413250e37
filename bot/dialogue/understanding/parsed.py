"""What a message was understood as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.plain import Plain

Entity = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One message: `text`, its intent with a confidence from 0 to 1, entities in Rasa's form, intents by rank.

    `selected` is what response selectors chose, in Rasa's form (`response_selector`); None where there are none.
    """

    text: str
    intent: str | None = None
    confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str | None, float], ...] = ()
    selected: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, intent: str, **entities: Plain) -> Parsed:
        """A message known to have this intent, as a button's payload is."""
        found = tuple({"entity": name, "value": value} for name, value in entities.items())
        return cls(f"/{intent}", intent, 1.0, found, ((intent, 1.0),))

    def data(self) -> dict[str, Any]:
        """Rasa's parse data, as events carry it."""
        ranking = [{"name": name, "confidence": confidence} for name, confidence in self.ranking]
        data: dict[str, Any] = {
            "text": self.text,
            "intent": {"name": self.intent, "confidence": self.confidence},
            "entities": [dict(entity) for entity in self.entities],
            **({"intent_ranking": ranking} if ranking else {}),
        }
        if self.selected is None:
            return data
        if self.intent is not None and self.intent in self.selected["all_retrieval_intents"]:
            chosen = self.selected.get(self.intent, {}).get("response", {})
            data["intent"]["full_retrieval_intent_name"] = chosen.get("intent_response_key")
        return data | {"response_selector": dict(self.selected)}
