"""A domain in several files, put together; what is declared twice is refused with both places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.dialogue.files.node import Node
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.plain import Plain

DOMAIN_KEYS = (
    "intents",
    "entities",
    "slots",
    "forms",
    "actions",
    "responses",
    "session_config",
    "config",
    "e2e_actions",
)
TRAINING_KEYS = ("nlu", "rules", "stories")
# Rasa reads every file up to its own format as one of that format, and passes over those of a later one.
VERSION = re.compile(r"[012](\.\d+)*|3(\.[01](\.\d+)*)?")


def checked(file: Node, skipping: Skipping) -> Node:
    """A file of domain or training data, refused when its version or one of its top-level keys is unknown.

    Where that is skipped, a file of another version is read as if it were of this one (as Rasa does with older ones).
    """
    version = file.child("version")
    with skipping:
        if version.value is not None and not VERSION.fullmatch(str(version.value)):
            known = "this engine reads 3.1 and what is older"
            raise version.unsupported(f"training data format {version.value!r} is not supported; {known}")
    return file.reads(("version", *DOMAIN_KEYS, *TRAINING_KEYS))


def section_pairs(files: Iterable[Node], key: str) -> Iterator[tuple[str, Node]]:
    """The entries of one mapping section over all files."""
    seen: dict[str, Node] = {}
    for file in files:
        for name, entry in file.child(key).pairs():
            if name in seen:
                raise entry.refuse(f"`{name}` is declared twice; the other one is in {seen[name].where}")
            seen[name] = entry
            yield name, entry


def section_items(files: Iterable[Node], key: str) -> Iterator[tuple[str, Node]]:
    """The entries of one list section over all files: a name, or a name with properties.

    A name may be listed again, in one file only as it was before: properties are said once.
    """
    known: set[str] = set()
    for file in files:
        here: dict[str, Plain] = {}
        for item in file.child(key).items():
            name, entry = _named(item)
            if here.setdefault(name, item.value) != item.value:
                raise item.refuse(f"`{name}` is listed twice under `{key}`")
            if name not in known:
                known.add(name)
                yield name, entry


def _named(item: Node) -> tuple[str, Node]:
    if not isinstance(item.value, dict):
        return item.word(), item
    pairs = list(item.pairs())
    if len(pairs) != 1 or not isinstance(pairs[0][1].value, dict):
        raise item.refuse(f"an entry of `{item.name}` is a name, or one name with properties under it")
    return pairs[0]


def merged(files: Iterable[Node]) -> dict[str, Any]:
    """The whole domain as plain data, as an action server receives it (rasa `Domain.as_dict`)."""
    plain: dict[str, Any] = {"version": "3.1"}
    for file in files:
        for key, section in file.pairs():
            if key not in DOMAIN_KEYS or not section.value:
                continue
            if isinstance(section.value, list):
                before = plain.setdefault(key, [])
                before += [item for item in section.value if item not in before]
            else:
                plain[key] = {**plain.get(key, {}), **section.value}
    return plain
