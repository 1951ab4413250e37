"""Entities, and which of them each intent lets the rules see (rasa `shared/core/domain.py`, intent properties)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.files.merging import section_items
from bot.dialogue.files.node import Node
from bot.dialogue.model.names import DEFAULT_INTENTS


@dataclass(frozen=True, slots=True)
class Labels:
    """The entities; `parts` holds `entity#role` and `entity#group` labels; `unseen` what rules ignore by default."""

    names: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    unseen: frozenset[str]

    def all_of(self, names: Iterable[str]) -> frozenset[str]:
        """These entities with their roles and groups."""
        return frozenset(label for name in names for label in (name, *self.parts.get(name, ())))

    @property
    def roles_and_groups(self) -> frozenset[str]:
        """Every label of a role or a group; to an intent with properties these stay visible (rasa does not say why)."""
        return frozenset(label for labels in self.parts.values() for label in labels)


def read_entities(files: Sequence[Node]) -> Labels:
    """The `entities` sections."""
    parts: dict[str, tuple[str, ...]] = {}
    unseen: set[str] = set()
    for name, entry in section_items(files, "entities"):
        parts[name] = ()
        if isinstance(entry.value, dict):
            entry.reads(("roles", "groups", "influence_conversation"))
            parts[name] = tuple(f"{name}#{p.word()}" for key in ("roles", "groups") for p in entry.child(key).items())
            if not entry.child("influence_conversation").flag(default=True):
                unseen.add(name)
    return Labels(tuple(parts), parts, frozenset(unseen))


def read_intents(files: Sequence[Node], labels: Labels) -> dict[str, frozenset[str]]:
    """The `intents` sections: intent → the entity labels rules see with it."""
    usual = labels.all_of(labels.names) - labels.all_of(labels.unseen)
    seen = {name: _seen(entry, labels, usual) for name, entry in section_items(files, "intents")}
    return dict.fromkeys(DEFAULT_INTENTS, usual) | seen


def _seen(entry: Node, labels: Labels, usual: frozenset[str]) -> frozenset[str]:
    if not isinstance(entry.value, dict):
        return usual
    entry.reads(("use_entities", "ignore_entities", "is_retrieval_intent"))
    entry.child("is_retrieval_intent").flag(default=False)  # what Rasa writes of its own accord; the examples tell
    used, ignored = entry.child("use_entities"), entry.child("ignore_entities")
    included = usual | labels.roles_and_groups
    if entry.has("use_entities") and used.value is not True:
        included = labels.all_of(_entities(used, labels) if used.value else ())
    excluded = labels.unseen if ignored.value is None else _entities(ignored, labels)
    return included - labels.all_of(excluded)


def _entities(node: Node, labels: Labels) -> list[str]:
    return [item.known("entity", labels.names) for item in node.items()]
