"""ResponseSelector: which response of a retrieval intent answers a message (rasa `nlu/selectors/response_selector.py`).

Rasa compares embeddings; here a logistic regression over the examples of the retrieval intent stands in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.model.names import UTTER
from bot.dialogue.understanding.parsed import Parsed
from bot.dialogue.understanding.reading import Reading
from bot.dialogue.understanding.weights import Weights

# What a selector for all retrieval intents is called.
EVERY = "default"
Responses = Mapping[str, Sequence[Mapping[str, object]]]


def chosen(responses: Responses, ranking: Sequence[tuple[str, float]], kept: int) -> dict[str, Any]:
    """A choice in Rasa's form: the first of the ranking, and the ranking."""
    key, confidence = ranking[0] if ranking else (None, 0.0)
    return {
        "response": {
            "responses": [dict(said) for said in responses.get(key, ())] if key else None,
            "confidence": confidence,
            "intent_response_key": key,
            "utter_action": f"{UTTER}{key}",
        },
        "ranking": [{"confidence": c, "intent_response_key": k} for k, c in (ranking[:kept] if kept > 0 else ranking)],
    }


@dataclass(frozen=True, slots=True)
class ResponseSelector:
    """Chooses for one retrieval intent, or for all (`retrieval_intent` is None); `weights` is None where there is none."""

    reading: Reading
    weights: Weights | None
    responses: Responses
    every: tuple[str, ...]
    retrieval_intent: str | None = None
    ranking_length: int = 10

    def __call__(self, message: Parsed) -> Parsed:
        """With the choice, whatever the intent: a rule may ask for it."""
        ranking = self.weights.likelihoods(self.reading.features(message.text)) if self.weights else []
        choice = chosen(self.responses, ranking, self.ranking_length)
        others = message.selected or {}
        found = {**others, "all_retrieval_intents": list(self.every), self.retrieval_intent or EVERY: choice}
        return replace(message, selected=found)
