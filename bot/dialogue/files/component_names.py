"""The components a pipeline may name, what each needs before it, and what to do instead of those that are not supported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOKENIZER, FEATURIZER, CLASSIFIER, EXTRACTOR = "tokenizer", "featurizer", "intent classifier", "entity extractor"
KINDS: Mapping[str, str] = {
    "WhitespaceTokenizer": TOKENIZER,
    "JiebaTokenizer": TOKENIZER,
    "RegexFeaturizer": FEATURIZER,
    "LexicalSyntacticFeaturizer": FEATURIZER,
    "CountVectorsFeaturizer": FEATURIZER,
    "LogisticRegressionClassifier": CLASSIFIER,
    "KeywordIntentClassifier": CLASSIFIER,
    "DIETClassifier": CLASSIFIER,
    "ResponseSelector": CLASSIFIER,
    "FallbackClassifier": CLASSIFIER,
    "RegexEntityExtractor": EXTRACTOR,
    "EntitySynonymMapper": EXTRACTOR,
}
# What must stand somewhere before a component.
NEEDS: Mapping[str, str] = {
    "RegexFeaturizer": TOKENIZER,
    "LexicalSyntacticFeaturizer": TOKENIZER,
    "CountVectorsFeaturizer": TOKENIZER,
    "LogisticRegressionClassifier": FEATURIZER,
    "DIETClassifier": FEATURIZER,
    "ResponseSelector": FEATURIZER,
    "FallbackClassifier": CLASSIFIER,
}
# Whitespace tells no words apart in these languages; jieba knows one language.
UNSPACED = ("zh", "ja", "th")
# What to do instead of Rasa's components that bring a model or a server of their own.
INSTEAD: Mapping[str, str] = {
    "CRFEntityExtractor": "use RegexEntityExtractor, or DIETClassifier, whose stand-in learns from marked examples",
    "DucklingEntityExtractor": "write patterns (regex) for RegexEntityExtractor, or read the text in an action",
    "MitieEntityExtractor": "use RegexEntityExtractor or DIETClassifier",
    "SpacyEntityExtractor": "use RegexEntityExtractor or DIETClassifier",
    "MitieIntentClassifier": "use LogisticRegressionClassifier",
    "SklearnIntentClassifier": "use LogisticRegressionClassifier",
    "MitieNLP": "remove it: nothing here needs a language model",
    "SpacyNLP": "remove it: nothing here needs a language model",
    "MitieTokenizer": "use WhitespaceTokenizer, or JiebaTokenizer for Chinese",
    "SpacyTokenizer": "use WhitespaceTokenizer, or JiebaTokenizer for Chinese",
    "MitieFeaturizer": "use CountVectorsFeaturizer",
    "SpacyFeaturizer": "use CountVectorsFeaturizer",
    "ConveRTFeaturizer": "use CountVectorsFeaturizer",
    "LanguageModelFeaturizer": "use CountVectorsFeaturizer",
}
# What Rasa takes where config.yml has no pipeline (rasa `engine/recipes/config_files/default_config.yml`).
USUAL: tuple[dict[str, Any], ...] = (
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "max_ngram": 4},
    {"name": "DIETClassifier"},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector"},
    {"name": "FallbackClassifier"},
)
