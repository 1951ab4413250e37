"""nlu.yml into training data (rasa `shared/nlu/training_data/formats/rasa_yaml.py`, `entities_parser.py`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.files.node import Node
from bot.dialogue.model.domain import Domain
from bot.dialogue.understanding.training import TrainingData
from bot.errors import did_you_mean

# [泸溪](county), [泸溪](county:泸溪县), [泸溪]{"entity": "county", "value": "泸溪县"}
ANNOTATION = re.compile(r"\[(?P<text>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?:\:(?P<value>[^)]+))?\)|(?P<json>{[^}]+?}))")
STRIPPED = " \n\r\t"


def read_nlu(files: Iterable[Node], domain: Domain) -> TrainingData:
    """Everything under `nlu:` in all files."""
    reader = _Reader(domain)
    for file in files:
        for item in file.child("nlu").items():
            reader.read(item)
    return TrainingData(
        examples=tuple(reader.examples),
        patterns=tuple(reader.patterns),
        tables={name: tuple(words) for name, words in reader.tables.items()},
        synonyms=reader.synonyms,
        annotated=frozenset(reader.annotated),
    )


@dataclass(slots=True)
class _Reader:
    """Collects what the items teach."""

    domain: Domain
    examples: list[tuple[str, str]] = field(default_factory=list)
    patterns: list[tuple[str, str]] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    annotated: set[str] = field(default_factory=set)

    def read(self, item: Node) -> None:
        """One item: examples of an intent, a synonym, a pattern or a lookup table."""
        item.only(("intent", "synonym", "regex", "lookup", "examples", "metadata"))
        if item.has("intent"):
            self._intent(item)
        elif item.has("synonym"):
            for example in _examples(item):
                self._synonym(example, item.child("synonym").word())
        elif item.has("regex"):
            self.patterns += [(item.child("regex").word(), _compiled(example, item)) for example in _examples(item)]
        elif item.has("lookup"):
            self.tables.setdefault(item.child("lookup").word(), []).extend(_examples(item))
        else:
            raise item.refuse("an item of `nlu` starts with intent, synonym, regex or lookup")

    def _intent(self, item: Node) -> None:
        intent = item.child("intent")
        if intent.word() not in self.domain.intents:
            raise intent.unknown("intent", self.domain.intents)
        for example in _examples(item):
            self.examples.append((ANNOTATION.sub(lambda match: match["text"], example), intent.word()))
            for match in ANNOTATION.finditer(example):
                self._annotation(match, item)

    def _annotation(self, match: re.Match[str], item: Node) -> None:
        marked = _marked(match, item)
        if marked["entity"] not in self.domain.entities:
            guess = did_you_mean(str(marked["entity"]), self.domain.entities)
            raise item.child("examples").refuse(f"unknown entity {marked['entity']!r} in {match[0]!r}{guess}")
        self.annotated.add(marked["entity"])
        self._synonym(match["text"], str(marked.get("value", match["text"])))

    def _synonym(self, word: str, meaning: str) -> None:
        if word != meaning:
            self.synonyms[word.lower()] = meaning
        self.synonyms.setdefault(meaning.lower(), meaning)


def _marked(match: re.Match[str], item: Node) -> dict[str, Any]:
    if match["entity"]:
        return {"entity": match["entity"], **({"value": match["value"]} if match["value"] else {})}
    try:
        marked = json.loads(match["json"])
        return {**marked, "entity": marked["entity"]}
    except (ValueError, KeyError, TypeError) as error:
        raise item.child("examples").refuse(
            f"{match[0]!r} is not an entity: write [text](entity) or JSON with an `entity`"
        ) from error


def _examples(item: Node) -> Iterator[str]:
    """The examples: a block of lines that start with a dash, or a list of mappings with `text`."""
    node = item.child("examples")
    if isinstance(node.value, list):
        for example in node.items():
            yield example.child("text").text().strip(STRIPPED)
        return
    for line in (node.text() if node.value is not None else "").splitlines():
        if line.startswith("-"):
            yield line[1:].strip(STRIPPED)
        elif line.strip():
            raise node.refuse(f"an example starts with a dash: {line!r}")


def _compiled(pattern: str, item: Node) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise item.child("examples").refuse(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern
