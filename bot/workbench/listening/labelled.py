"""Labelled messages: `tests/understanding/*.yml` of a project, and the corpora that some of them are about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import InputError
from bot.facts.document import Item, read
from bot.facts.matters import NAMES, Matter

FOLDER = Path("tests") / "understanding"


@dataclass(frozen=True, slots=True)
class Message:
    """One message with what is true of it. `held`: it was not looked at while cues were written. None: not labelled.

    `facts` are those it asserts as present, `free` those that may be read or not.
    """

    text: str
    source: str
    held: bool
    matter: Matter | None = None
    danger: bool | None = None
    facts: Mapping[str, str] | None = None
    free: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Labels:
    """Everything there is to measure with; what needs the corpora is missing without them."""

    messages: tuple[Message, ...]
    negatives: tuple[Message, ...]
    examples: tuple[Message, ...] = field(default=())

    @classmethod
    def load(cls, project: Path, corpora: Path | None) -> Labels:
        """Reads the labels. Raises `InputError` when a project has none, `RuleFileError` for one that is wrong."""
        folder = project / FOLDER
        if not (folder / "own.yml").is_file():
            raise InputError(f"there are no labelled messages in {FOLDER}; write own.yml as docs/understanding.md says")
        messages = [*_own(_table(folder, "own.yml")), *_danger(_table(folder, "danger.yml"))]
        examples = list(_examples(_table(folder, "matters.yml")))
        negatives: list[Message] = []
        if corpora:
            texts = dict(_lines(corpora / "consult.jsonl"))
            labels = _table(folder, "consult.yml")
            messages += _consult(labels["labelled"].table, texts)
            examples += _tuning(labels["tuning"].table, texts)
            every = enumerate(text for _, text in _lines(corpora / "negatives.jsonl"))
            negatives += (
                Message(text, "negatives", held=number % 2 == 0, matter=Matter.ELSEWHERE, danger=False)
                for number, text in every
            )
        return cls(tuple(messages), tuple(negatives), tuple(examples))


def _table(folder: Path, name: str) -> Mapping[str, Item]:
    return read(folder / name, FOLDER / name).table


def _own(groups: Mapping[str, Item]) -> Iterator[Message]:
    number = 0
    for name, items in groups.items():
        for item in items.items:
            fields = item.fields(("says", "danger", "facts", "free"), required=("says",))
            yield _message(fields["says"].word, name, fields, held=bool(number % 2))
            number += 1


def _consult(labels: Mapping[str, Item], texts: Mapping[str, str]) -> Iterator[Message]:
    for number, (name, item) in enumerate(labels.items()):
        fields = item.fields(("matter", "danger", "facts", "open"), required=("matter",))
        text = texts[_known(name, item, texts)]
        yield _message(text, "consult", fields, held=bool(number % 2))


def _known(name: str, item: Item, texts: Mapping[str, str]) -> str:
    """An id that the corpus has. Raises `UnknownWordError`."""
    return Item(name, item.where).known("id of consult.jsonl", texts)


def _message(text: str, source: str, fields: Mapping[str, Item], *, held: bool) -> Message:
    free = fields.get("open") or fields.get("free")
    return Message(
        text,
        source,
        held,
        NAMES[fields["matter"].known("matter", NAMES)] if "matter" in fields else None,
        danger="danger" in fields,
        facts={fact: value.word for fact, value in fields["facts"].table.items()} if "facts" in fields else {},
        free=frozenset(word.word for word in free.items) if free else frozenset(),
    )


def _danger(kinds: Mapping[str, Item]) -> Iterator[Message]:
    for kind, item in kinds.items():
        fields = item.fields(("facts", "texts"), required=("facts", "texts"))
        for number, text in enumerate(fields["texts"].items):
            free = frozenset(word.word for word in fields["facts"].words)
            yield Message(text.word, kind, held=bool(number % 2), danger=True, free=free)


def _examples(groups: Mapping[str, Item]) -> Iterator[Message]:
    for name, items in groups.items():
        matter = NAMES[Item(name, items.where).known("matter", NAMES)]
        yield from (Message(item.word, "matters", held=False, matter=matter) for item in items.items)


def _tuning(groups: Mapping[str, Item], texts: Mapping[str, str]) -> Iterator[Message]:
    for name, items in groups.items():
        matter = NAMES[Item(name, items.where).known("matter", NAMES)]
        for item in items.items:
            yield Message(texts[f"consult-{item.word}"], "tuning", held=False, matter=matter)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    if not path.is_file():
        raise InputError(f"{path} is not there; --corpora names the folder with consult.jsonl and negatives.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["id"], row["text"]
