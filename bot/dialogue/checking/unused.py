"""Names that are declared and never used: often the other half of a misspelling (rasa `validator.py`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from bot.dialogue.checking.material import Material, told
from bot.dialogue.files.node import Node
from bot.dialogue.findings import SHOWN, Finding
from bot.dialogue.model.names import DEFAULT_ACTIONS, DEFAULT_INTENTS, REQUESTED_SLOT, VALIDATE_SLOTS

# What Rasa's own actions say, if somebody wrote it.
SAID_BY_RASA = ("utter_restart", "utter_default", "utter_ask_rephrase", "utter_session_start", "utter_back")
_PAYLOAD = re.compile(r"^/([^@{\s]+)")


def unused_intents(material: Material) -> Iterator[Finding]:
    """Intents no rule, mapping, form or button knows."""
    used = {event["parse_data"]["intent"]["name"] for event in material.events("user")} | set(DEFAULT_INTENTS)
    used |= {intent for m in material.mappings() for intent in (*m.intents, *m.not_intents)}
    used |= {intent for form in material.domain.forms.values() for intent in form.ignored_intents}
    used |= {p.intent for p in material.preemptions if p.intent} | set(_intents_of_buttons(material))
    for name, node in material.declared("intents"):
        if name not in used:
            yield told(node, f"intent `{name}` is used by no rule and no mapping")


def _intents_of_buttons(material: Material) -> Iterator[str]:
    for variations in material.domain.responses.values():
        for button in (button for v in variations for button in v.content.get("buttons") or ()):
            if match := _PAYLOAD.match(str(button.get("payload", ""))):
                yield match[1]


def unused_entities(material: Material) -> Iterator[Finding]:
    """Entities that fill no slot and stand in no rule."""
    used = {mapping.entity for mapping in material.mappings()}
    used |= {entity["entity"] for event in material.events("user") for entity in event["parse_data"]["entities"]}
    for name, node in material.declared("entities"):
        if name not in used:
            yield told(node, f"entity `{name}` fills no slot and stands in no rule")


def unused_responses(material: Material) -> Iterator[Finding]:
    """Responses that no rule says and no form asks, of each file in one line: an action may say many."""
    used = {*material.actions_of_rules(), *SAID_BY_RASA, *_questions(material, "utter_ask")}
    unsaid: dict[Path | str, list[tuple[str, Node]]] = {}
    for name, node in material.declared("responses"):
        if name.split("/")[0] not in used:
            unsaid.setdefault(node.where.file, []).append((name, node))
    for found in unsaid.values():
        names = ", ".join(f"`{name}`" for name, _ in found[:SHOWN])
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        yield told(found[0][1], f"said by no rule and no form (perhaps by an action): {names}{more}")


def unused_actions(material: Material) -> Iterator[Finding]:
    """Actions that no rule runs and no form calls."""
    used = {*material.actions_of_rules(), *DEFAULT_ACTIONS, VALIDATE_SLOTS, *_questions(material, "action_ask")}
    used |= {mapping.action for mapping in material.mappings() if mapping.action}
    used |= {f"validate_{form}" for form in material.domain.forms} | set(material.domain.forms)
    for name, node in material.declared("actions"):
        if name not in used and name not in material.domain.responses:
            yield told(node, f"action `{name}` is run by no rule and no form (perhaps as a follow-up)")


def _questions(material: Material, prefix: str) -> Iterator[str]:
    """What forms may ask with. A form with a validation action may ask for any slot."""
    for form in material.domain.forms.values():
        slots = (
            material.domain.slots.slots if f"validate_{form.name}" in material.domain.custom else form.required_slots
        )
        for slot in slots:
            yield from (f"{prefix}_{form.name}_{slot}", f"{prefix}_{slot}")


def unset_slots(material: Material) -> Iterator[Finding]:
    """Slots that nothing can fill: no mapping, no initial value, and no action that could."""
    if material.domain.custom:
        return
    for name, node in material.declared("slots"):
        slot = material.domain.slots.slots[name]
        filled = slot.initial is not None or name == REQUESTED_SLOT or any(m.kind != "custom" for m in slot.mappings)
        if not filled:
            yield told(node, f"slot `{name}` is set by no mapping, and there is no action that could set it")


def unfound_entities(material: Material) -> Iterator[Finding]:
    """Slots filled from an entity that no example, pattern or table shows (a payload may still bring it)."""
    data = material.data
    found = {*data.annotated, *(name for name, _ in data.tables), *(name for name, _ in data.patterns)}
    if not found and not data.examples:
        return
    for name, node in material.declared("slots"):
        wanted = {m.entity for m in material.domain.slots.slots[name].mappings if m.kind == "from_entity" and m.entity}
        for entity in sorted(wanted - found):
            yield told(
                node, f"slot `{name}` is filled from entity `{entity}`, which no example, pattern or table shows"
            )


def repeated_examples(material: Material) -> Iterator[Finding]:
    """Examples that teach two intents."""
    intents: dict[str, set[str]] = {}
    for text, intent in ((example.text, example.intent) for example in material.data.examples):
        intents.setdefault(text, set()).add(intent)
    places = dict(material.declared("intents"))
    for text, named in intents.items():
        if len(named) > 1 and (node := places.get(min(named))):
            both = " and ".join(f"`{name}`" for name in sorted(named))
            yield told(node, f"the example {json.dumps(text, ensure_ascii=False)} teaches both {both}")
