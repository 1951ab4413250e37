"""Disclosure: what each text tells (`data/disclosure.yml`) reaches no reader who may not know it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UnknownWordError
from bot.facts.document import Item, read
from bot.workbench.check.finding import Finding

_FILLED = re.compile(r"\{([a-z_]+)\}")
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What each word in braces tells, who reads what, what they may read, and which texts must tell nothing."""

    words: Mapping[str, str]
    readers: Mapping[str, str]
    may_read: Mapping[str, frozenset[str]]
    silent: Mapping[str, Item]

    @classmethod
    def load(cls, project: Path) -> Disclosure:
        """Raises `RuleFileError` with file and line."""
        keys = ("words", "readers", "may_read", "silent")
        fields = read(project / "data" / "disclosure.yml", Path("data") / "disclosure.yml").fields(keys, required=keys)
        may_read = {who: frozenset(w.word for w in told.words) for who, told in fields["may_read"].table.items()}
        readers = {start: who.known("reader", may_read) for start, who in fields["readers"].table.items()}
        words = {word: tells.word for word, tells in fields["words"].table.items()}
        return cls(words, readers, may_read, {item.word: item for item in fields["silent"].words})

    def reader(self, response: str) -> str:
        """Who reads a response."""
        return self.readers[max((start for start in self.readers if response.startswith(start)), key=len)]


def disclosures(project: Path) -> Iterator[Finding]:
    """Texts that tell somebody what they may not know, and such as must tell nothing and do."""
    rules = Disclosure.load(project)
    found: set[str] = set()
    for path in sorted((project / "data" / "domain").glob("*.yml")):
        responses = read(path, Path("data") / "domain" / path.name).table.get("responses")
        for name, response in responses.table.items() if responses else ():
            found.add(name)
            yield from _response(name, response, rules)
    for name, item in rules.silent.items():
        if name not in found:
            raise UnknownWordError("response", name, found, item.where)


def _response(name: str, response: Item, rules: Disclosure) -> Iterator[Finding]:
    reader = rules.reader(name)
    for text in _texts(response):
        for word in _FILLED.findall(text.word):
            tells = rules.words.get(word)
            if tells is None:
                yield Finding(
                    "disclosure", text.where, f"{name}: nobody has said what {{{word}}} tells (data/disclosure.yml)"
                )
            elif tells != NOTHING and tells not in rules.may_read[reader]:
                yield Finding("disclosure", text.where, f"{name} tells the {reader} the {tells} ({{{word}}})")
            elif tells != NOTHING and name in rules.silent:
                yield Finding("disclosure", text.where, f"{name} must tell nothing, and tells the {tells} ({{{word}}})")


def _texts(item: Item) -> Iterator[Item]:
    """Every text in a response: its own and its buttons'."""
    if isinstance(item.value, str):
        if item.value:
            yield item
    elif isinstance(item.value, tuple):
        for member in item.value:
            yield from _texts(member)
    else:
        for key, member in item.value.items():
            if key in ("text", "title", "buttons") or isinstance(member.value, Mapping):
                yield from _texts(member)
