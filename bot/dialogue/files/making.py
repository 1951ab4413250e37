"""Each component from its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.files.node import Node
from bot.dialogue.understanding.components import Component
from bot.dialogue.understanding.counting import CountSettings
from bot.dialogue.understanding.doubt import FallbackClassifier
from bot.dialogue.understanding.entities import EntitySynonymMapper, PatternSettings, RegexEntityExtractor
from bot.dialogue.understanding.keywords import KeywordIntentClassifier
from bot.dialogue.understanding.lessons import School, TokenizerSettings
from bot.dialogue.understanding.weights import Learning

Settings = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where components are made: what they learn from, and the `folder` in which paths begin."""

    school: School
    folder: Path


def _tokenizer(workshop: Workshop, item: Node, settings: Settings) -> None:
    lines: tuple[str, ...] = ()
    if settings.get("dictionary_path"):
        lines = tuple(_dictionary(item.child("dictionary_path"), workshop.folder / settings["dictionary_path"]))
    name = item.child("name").word().rsplit(".", 1)[-1]
    workshop.school.tokenizer = TokenizerSettings(name, settings["token_pattern"], lines)


def _dictionary(node: Node, folder: Path) -> Iterator[str]:
    """The lines of all files in jieba's folder of words."""
    if not folder.is_dir():
        raise node.refuse(f"there is no folder of words {node.value!r}")
    for file in sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")):
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise node.refuse(f"{file.name} cannot be read: {error}") from error
        yield from (line.strip() for line in text.splitlines() if line.strip())


def _count(workshop: Workshop, item: Node, settings: Settings) -> None:
    if settings["min_ngram"] > settings["max_ngram"]:
        low, high = settings["min_ngram"], settings["max_ngram"]
        raise item.refuse(f"`min_ngram` ({low}) is more than `max_ngram` ({high})")
    named = {key.lower(): value for key, value in settings.items()}
    workshop.school.featurizers += (CountSettings(**named),)


def _match(workshop: Workshop, _: Node, settings: Settings) -> None:
    workshop.school.featurizers += (PatternSettings(**settings),)


def _lexical(_: Workshop, __: Node, ___: Settings) -> None:
    """It finds features of words only; what classifies whole texts makes no use of them, in Rasa either."""


def _logistic(workshop: Workshop, item: Node, settings: Settings) -> Component:
    intents = {example.intent for example in workshop.school.data.examples}
    if len(intents) == 1:
        raise item.child("name").refuse(
            f"LogisticRegressionClassifier needs examples of two intents at least; there are those of {intents.pop()!r}"
        )
    length = settings.pop("ranking_length")
    return workshop.school.classifier(Learning(**settings), length)


def _diet(workshop: Workshop, _: Node, settings: Settings) -> Component:
    intents, entities = settings["intent_classification"], settings["entity_recognition"]
    return workshop.school.diet(settings["ranking_length"], intents=intents, entities=entities)


def _selector(workshop: Workshop, item: Node, settings: Settings) -> Component:
    wanted = settings["retrieval_intent"]
    retrieval = sorted({example.intent for example in workshop.school.data.examples if example.response})
    if wanted is not None and wanted not in retrieval:
        raise item.child("retrieval_intent").unknown("retrieval intent", retrieval)
    return workshop.school.selector(wanted, settings["ranking_length"])


def _keywords(workshop: Workshop, _: Node, settings: Settings) -> Component:
    return KeywordIntentClassifier.trained(workshop.school.data, **settings)


def _regexes(workshop: Workshop, _: Node, settings: Settings) -> Component:
    return RegexEntityExtractor.trained(workshop.school.data, PatternSettings(**settings))


def _synonyms(workshop: Workshop, _: Node, __: Settings) -> Component:
    return EntitySynonymMapper(workshop.school.data.synonyms)


def _fallback(_: Workshop, __: Node, settings: Settings) -> Component:
    return FallbackClassifier(**settings)


MAKERS: Mapping[str, Callable[[Workshop, Node, Settings], Component | None]] = {
    "WhitespaceTokenizer": _tokenizer,
    "JiebaTokenizer": _tokenizer,
    "RegexFeaturizer": _match,
    "LexicalSyntacticFeaturizer": _lexical,
    "CountVectorsFeaturizer": _count,
    "LogisticRegressionClassifier": _logistic,
    "KeywordIntentClassifier": _keywords,
    "DIETClassifier": _diet,
    "ResponseSelector": _selector,
    "FallbackClassifier": _fallback,
    "RegexEntityExtractor": _regexes,
    "EntitySynonymMapper": _synonyms,
}
