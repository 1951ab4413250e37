"""Making the components that learn: from examples and settings to weights, remembered by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.dialogue.understanding.cache import Cache
from bot.dialogue.understanding.counting import Counting, CountSettings
from bot.dialogue.understanding.entities import PatternSettings
from bot.dialogue.understanding.intents import STAND_IN, DIETClassifier, LogisticRegressionClassifier
from bot.dialogue.understanding.reading import Featurizer, Matching, Reading
from bot.dialogue.understanding.selecting import ResponseSelector
from bot.dialogue.understanding.tagging import Tagger, Traits, tags_of
from bot.dialogue.understanding.tokens import Cut, by_pattern, jieba, whitespace
from bot.dialogue.understanding.training import Example, TrainingData
from bot.dialogue.understanding.weights import Learning, Lessons, Weights, learned

# What a stand-in counts where the pipeline has no features of whole texts: words, and pieces of words.
OWN_FEATURES = (CountSettings(), CountSettings(analyzer="char_wb", max_ngram=4))


@dataclass(frozen=True, slots=True)
class TokenizerSettings:
    """A tokenizer: `name` says which; `dictionary` are jieba's own words."""

    name: str
    token_pattern: str | None = None
    dictionary: tuple[str, ...] = ()

    def made(self) -> Cut:
        """The function that cuts."""
        return by_pattern(jieba(self.dictionary) if self.name == "JiebaTokenizer" else whitespace(), self.token_pattern)


FeaturizerSettings = CountSettings | PatternSettings


@dataclass
class School:
    """What learning components of one pipeline share: data, cache, and how texts are read at this point of it."""

    data: TrainingData
    cache: Cache
    tokenizer: TokenizerSettings = TokenizerSettings("WhitespaceTokenizer")
    featurizers: tuple[FeaturizerSettings, ...] = ()
    _readings: dict[object, Reading] = field(default_factory=dict)

    def classifier(self, how: Learning, ranking_length: int) -> LogisticRegressionClassifier:
        """LogisticRegressionClassifier on the features so far."""
        reading = self.reading(self.featurizers)
        weights = self._weights(reading, how, [(e, e.intent) for e in self.data.examples])
        return LogisticRegressionClassifier(reading, weights, ranking_length)

    def diet(self, ranking_length: int, *, intents: bool, entities: bool) -> DIETClassifier:
        """The stand-in for DIETClassifier."""
        classifier = None
        if intents:
            reading = self._own_reading()
            labelled = [(e, e.intent) for e in self.data.examples]
            weights = self._weights(reading, Learning(strength=STAND_IN), labelled)
            classifier = LogisticRegressionClassifier(reading, weights, ranking_length)
        return DIETClassifier(classifier, self._tagger() if entities and self.data.annotated else None)

    def selector(self, retrieval_intent: str | None, ranking_length: int) -> ResponseSelector:
        """The stand-in for ResponseSelector."""
        every = dict.fromkeys(e.intent for e in self.data.examples if e.response)
        taught = [(e, e.response) for e in self.data.examples if e.response and retrieval_intent in {None, e.intent}]
        reading = self._own_reading()
        return ResponseSelector(
            reading=reading,
            weights=self._weights(reading, Learning(strength=STAND_IN), taught),
            responses=self.data.responses,
            every=tuple(every),
            retrieval_intent=retrieval_intent,
            ranking_length=ranking_length,
        )

    def reading(self, featurizers: tuple[FeaturizerSettings, ...]) -> Reading:
        """The reading of texts through these featurizers, made and taught once."""
        key = (self.tokenizer, featurizers)
        if key not in self._readings:
            self._readings[key] = self._taught(featurizers)
        return self._readings[key]

    def _taught(self, featurizers: tuple[FeaturizerSettings, ...]) -> Reading:
        cut = self.tokenizer.made()
        texts = [cut(example.text) for example in self.data.examples] if featurizers else []
        made: list[Featurizer] = []
        for settings in featurizers:
            if isinstance(settings, CountSettings):
                made.append(Counting.trained(settings, texts))
            else:
                made.append(Matching.trained(self.data, settings))
        return Reading(cut, tuple(made))

    def _own_reading(self) -> Reading:
        counts = any(isinstance(settings, CountSettings) for settings in self.featurizers)
        return self.reading(self.featurizers if counts else (*self.featurizers, *OWN_FEATURES))

    def _weights(self, reading: Reading, how: Learning, taught: Iterable[tuple[Example, str]]) -> Weights | None:
        taught = list(taught)

        def learn() -> Weights | None:
            lessons = Lessons(reading.size)
            for example, label in taught:
                lessons.add(reading.features(example.text), label)
            return learned(lessons, how)

        return self._remembered(reading, how, [(e.text, label) for e, label in taught], reading.size, learn)

    def _tagger(self) -> Tagger | None:
        reading, how = self._own_reading(), Learning(strength=STAND_IN, balanced=False)
        traits = Traits.seen(reading, self.data.examples)

        def learn() -> Weights | None:
            lessons = Lessons(len(traits.numbers))
            for example in self.data.examples:
                tags = tags_of(example, reading.tokens(example.text))
                for found, before, tag in zip(traits.of(example.text), ["O", *tags], tags, strict=False):
                    lessons.add(traits.features(found, before), tag)
            return learned(lessons, how)

        weights = self._remembered(reading, how, self.data.examples, len(traits.numbers), learn)
        return Tagger(traits, weights) if weights else None

    def _remembered(
        self, reading: Reading, how: Learning, taught: object, size: int, learn: Callable[[], Weights | None]
    ) -> Weights | None:
        ways = next(ways for ways, known in self._readings.items() if known is reading)
        return self.cache.weights([ways, how, taught, self.data.patterns, self.data.tables], size, learn)
