"""Intents by what is learned from examples: LogisticRegressionClassifier, and the stand-in for DIETClassifier."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue.understanding.parsed import Parsed
from bot.dialogue.understanding.reading import Reading
from bot.dialogue.understanding.tagging import Tagger
from bot.dialogue.understanding.weights import Weights

# How little a stand-in's weights are held back. With Rasa's value for LogisticRegressionClassifier (1) an example is hardly
# surer of its own intent than of others, and thresholds written for DIET would send every message to the fallback.
STAND_IN = 100.0


@dataclass(frozen=True, slots=True)
class LogisticRegressionClassifier:
    """The intents by likelihood (rasa `nlu/classifiers/logistic_regression_classifier.py`).

    `weights` is None when no example was there to learn from: then nothing is said about a message.
    """

    reading: Reading
    weights: Weights | None
    ranking_length: int = 10

    def __call__(self, message: Parsed) -> Parsed:
        """With the likeliest intent, and the ranking."""
        if self.weights is None:
            return message
        ranking = self.weights.likelihoods(self.reading.features(message.text))
        intent, confidence = ranking[0]
        kept = ranking[: self.ranking_length] if self.ranking_length > 0 else ranking
        return replace(message, intent=intent, confidence=confidence, ranking=tuple(kept))


@dataclass(frozen=True, slots=True)
class DIETClassifier:
    """In place of Rasa's: intents by logistic regression, entities word by word; each can be switched off there too."""

    intents: LogisticRegressionClassifier | None
    tagger: Tagger | None

    def __call__(self, message: Parsed) -> Parsed:
        """With the intent, and the entities found added."""
        if self.intents is not None:
            message = self.intents(message)
        if self.tagger is not None:
            message = replace(message, entities=(*message.entities, *self.tagger.entities(message.text)))
        return message
