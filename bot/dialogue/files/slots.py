"""One slot of a domain file, with its mappings."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from bot.dialogue.files.node import Node
from bot.dialogue.model import mappings
from bot.dialogue.model.mappings import Condition, Mapping
from bot.dialogue.model.names import OTHER_VALUE
from bot.dialogue.model.slots import KINDS, Slot

KEYS = (
    "type",
    "initial_value",
    "influence_conversation",
    "mappings",
    "values",
    "min_value",
    "max_value",
    "value_reset_delay",
)
MAPPING_KEYS = ("type", "entity", "role", "group", "intent", "not_intent", "value", "conditions", "action")


@dataclass(frozen=True, slots=True)
class Known:
    """The names a slot's mappings may use."""

    entities: Collection[str]
    intents: Collection[str]
    forms: Collection[str]
    actions: Collection[str]
    slots: Collection[str] = ()


def read_slot(name: str, node: Node, known: Known) -> Slot:
    """A slot as declared."""
    kind = node.only(KEYS).child("type").known("slot type", KINDS)
    influences = node.child("influence_conversation").flag(default=kind != "any")
    if kind == "any" and influences:
        raise node.child("influence_conversation").refuse(
            f"slot `{name}` is of type any, which cannot influence the conversation"
        )
    if not node.has("mappings"):
        raise node.refuse(
            f"slot `{name}` has no `mappings` (a slot that only actions set has `mappings: [{{type: custom}}]`)"
        )
    low, high = node.child("min_value").number(0.0), node.child("max_value").number(1.0)
    if kind == "float" and low >= high:
        raise node.refuse(f"slot `{name}`: min_value {low:g} is not below max_value {high:g}")
    return Slot(
        name=name,
        kind=kind,
        initial=node.child("initial_value").value,
        influences=influences,
        mappings=tuple(_mapping(item, known) for item in node.child("mappings").items()),
        values=_values(node.child("values")) if kind == "categorical" else (),
        low=low,
        high=high,
    )


def _values(node: Node) -> tuple[str, ...]:
    """Categories in lower case, and the one that stands for any other value."""
    named = [str(item.value).lower() for item in node.items() if item.value is not None]
    return (*named, *(() if OTHER_VALUE in named else (OTHER_VALUE,)))


def _mapping(node: Node, known: Known) -> Mapping:
    kind = node.reads(MAPPING_KEYS).child("type").known("mapping type", mappings.KINDS)
    if kind == "from_entity":
        node.child("entity").named("entity", known.entities)
    if kind in {"from_intent", "from_trigger_intent"} and node.child("value").value is None:
        raise node.refuse(f"a {kind} mapping needs a `value`")
    action = node.child("action")
    return Mapping(
        kind=kind,
        entity=node.child("entity").value,
        role=node.child("role").value,
        group=node.child("group").value,
        intents=tuple(item.named("intent", known.intents) for item in node.child("intent").item_or_items()),
        not_intents=tuple(item.named("intent", known.intents) for item in node.child("not_intent").item_or_items()),
        conditions=tuple(_condition(item, known) for item in node.child("conditions").items()),
        value=node.child("value").value,
        action=None if action.value is None else action.named("action", known.actions),
        plain=json.dumps(node.value, sort_keys=True),
    )


def _condition(node: Node, known: Known) -> Condition:
    node.only(("active_loop", "requested_slot"))
    loop, asked = node.child("active_loop"), node.child("requested_slot")
    return Condition(
        None if loop.value is None else loop.named("form", known.forms),
        None if asked.value is None else asked.named("slot", known.slots),
    )
