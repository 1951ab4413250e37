"""nlu.yml into training data (rasa `shared/nlu/training_data/formats/rasa_yaml.py`, `entities_parser.py`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.files.node import Node
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import SUB_INTENT, UTTER
from bot.dialogue.model.responses import Variation
from bot.dialogue.understanding.training import Annotation, Example, TrainingData
from bot.errors import did_you_mean

# [泸溪](county), [泸溪](county:泸溪县), [泸溪]{"entity": "county", "value": "泸溪县"}, [泸溪][{"entity": …}, {"entity": …}]
ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?:\:(?P<value>[^)]+))?\)|(?P<json>{[^}]+?})|\[(?P<several>.*?)\])"
)
ONE_OF_SEVERAL = re.compile(r"{[^}]+?}")
STRIPPED = " \n\r\t"


def retrieval_intents(files: Iterable[Node]) -> frozenset[str]:
    """The intents with several responses to choose from: those whose examples stand under `faq/ask_hours`."""
    items = (item.child("intent") for file in files for item in file.child("nlu").items() if item.has("intent"))
    names = (str(item.value) for item in items)
    return frozenset(name.split(SUB_INTENT)[0].strip() for name in names if SUB_INTENT in name)


def read_nlu(files: Iterable[Node], domain: Domain) -> TrainingData:
    """Everything under `nlu:` in all files."""
    reader = _Reader(domain)
    for file in files:
        reader.tables.append({})
        for item in file.child("nlu").items():
            reader.read(item)
    return TrainingData(
        examples=tuple(reader.examples),
        patterns=tuple(reader.patterns),
        tables=tuple((name, tuple(words)) for tables in reader.tables for name, words in tables.items()),
        synonyms=reader.meanings(),
        annotated=frozenset(marked.entity for example in reader.examples for marked in example.entities),
        responses={
            name.removeprefix(UTTER): tuple(_plain(variation) for variation in variations)
            for name, variations in domain.responses.items()
            if SUB_INTENT in name
        },
    )


def _plain(variation: Variation) -> Mapping[str, object]:
    """A variation as Rasa's response selector shows it."""
    return {**variation.content, **({"channel": variation.channel} if variation.channel else {})}


@dataclass(slots=True)
class _Reader:
    """Collects what the items teach; `examples` in order and each once, `tables` file by file."""

    domain: Domain
    examples: dict[Example, None] = field(default_factory=dict)
    patterns: list[tuple[str, str]] = field(default_factory=list)
    tables: list[dict[str, list[str]]] = field(default_factory=list)
    synonyms: dict[str, str] = field(default_factory=dict)

    def read(self, item: Node) -> None:
        """One item: examples of an intent, a synonym, a pattern or a lookup table."""
        item.only(("intent", "synonym", "regex", "lookup", "examples", "metadata"))
        if item.has("intent"):
            self._intent(item)
        elif item.has("synonym"):
            self.synonyms |= dict.fromkeys(_examples(item), item.child("synonym").word())
        elif item.has("regex"):
            self.patterns += [(item.child("regex").word(), _compiled(example, item)) for example in _examples(item)]
        elif item.has("lookup"):
            words = [word for word in _examples(item) if word]
            if words:
                self.tables[-1].setdefault(item.child("lookup").word(), []).extend(words)
        else:
            raise item.refuse("an item of `nlu` starts with intent, synonym, regex or lookup")

    def _intent(self, item: Node) -> None:
        intent, response = self._named(item.child("intent"))
        for written in _examples(item):
            text = ANNOTATION.sub(lambda match: match["text"], written)
            marked = tuple(self._marked(written, item))
            self.synonyms |= {text[m.start : m.end]: m.value for m in marked if text[m.start : m.end] != m.value}
            if text:
                self.examples[Example(text, intent, response, marked)] = None

    def _named(self, node: Node) -> tuple[str, str | None]:
        """The intent, and in `faq/ask_hours` the response as well."""
        name = node.word().strip()
        intent, *parts = name.split(SUB_INTENT)
        if intent not in self.domain.intents:
            node.named("intent", self.domain.intents)
        if len(parts) > 1:
            raise node.refuse(f"{name!r} has more than one {SUB_INTENT!r}")
        if parts and UTTER + name not in self.domain.responses:
            guess = did_you_mean(UTTER + name, self.domain.responses)
            raise node.refuse(f"nothing is said to {name!r}: there is no response {UTTER + name!r}{guess}")
        return intent, name if parts else None

    def _marked(self, written: str, item: Node) -> Iterator[Annotation]:
        """What an example marks; the places are those in the text without marks."""
        gone = 0
        for match in ANNOTATION.finditer(written):
            start = match.start() - gone
            gone += len(match[0]) - len(match["text"])
            for marked in _entities(match, item):
                entity = str(marked["entity"])
                if entity not in self.domain.entities:
                    guess = did_you_mean(entity, self.domain.entities)
                    with item.skipping or Skipping():
                        message = f"unknown entity {entity!r} in {match[0]!r}{guess}"
                        raise item.child("examples").unsupported(message)
                value = str(marked.get("value", match["text"]))
                end = start + len(match["text"])
                role, group = (None if marked.get(key) is None else str(marked[key]) for key in ("role", "group"))
                yield Annotation(start, end, entity, value, role, group)

    def meanings(self) -> dict[str, str]:
        """What each word in lower case means; what examples mark has the last word."""
        found: dict[str, str] = {}
        spelt = [
            (example.text[marked.start : marked.end], marked.value)
            for example in self.examples
            for marked in example.entities
        ]
        for word, meaning in (*self.synonyms.items(), *spelt):
            if word != meaning:
                found[word.lower()] = meaning
            found.setdefault(meaning.lower(), meaning)
        return found


def _entities(match: re.Match[str], item: Node) -> Iterator[dict[str, Any]]:
    """What is said about one marked stretch: an entity, or several."""
    if match["entity"]:
        yield {"entity": match["entity"], **({"value": match["value"]} if match["value"] else {})}
        return
    for written in [match["json"]] if match["json"] else ONE_OF_SEVERAL.findall(match["several"]):
        try:
            marked = json.loads(written)
            yield {**marked, "entity": marked["entity"]}
        except (ValueError, KeyError, TypeError) as error:
            raise item.child("examples").refuse(
                f"{match[0]!r} is not an entity: write [text](entity) or JSON with an `entity`"
            ) from error


def _examples(item: Node) -> Iterator[str]:
    """The examples: a block of lines that start with a dash (or with # for a remark), or a list of mappings with `text`."""
    node = item.child("examples")
    if isinstance(node.value, list):
        for example in node.items():
            yield example.child("text").text().strip(STRIPPED)
        return
    for line in (node.text() if node.value is not None else "").splitlines():
        if line.startswith("-"):
            yield line[1:].strip(STRIPPED)
        elif line.strip() and not line.strip().startswith("#"):
            raise node.refuse(f"an example starts with a dash: {line!r}")


def _compiled(pattern: str, item: Node) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise item.child("examples").refuse(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern
