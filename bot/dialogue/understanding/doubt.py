"""FallbackClassifier: saying that a message was not understood (rasa `nlu/classifiers/fallback_classifier.py`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue.model.names import FALLBACK_INTENT
from bot.dialogue.understanding.parsed import Parsed


@dataclass(frozen=True, slots=True)
class FallbackClassifier:
    """`nlu_fallback` when no intent is certain enough, or two are about as likely."""

    threshold: float = 0.3
    ambiguity_threshold: float = 0.1

    def __call__(self, message: Parsed) -> Parsed:
        """With the fallback intent, ranked first, when nothing better is known."""
        unsure = message.confidence < self.threshold
        if not unsure and not self._ambiguous(message):
            return message
        ranking = ((FALLBACK_INTENT, self.threshold), *message.ranking)
        return replace(message, intent=FALLBACK_INTENT, confidence=self.threshold, ranking=ranking)

    def _ambiguous(self, message: Parsed) -> bool:
        return len(message.ranking) > 1 and message.ranking[0][1] - message.ranking[1][1] < self.ambiguity_threshold
