"""Forms that can never finish, or never begin.

Refused is only what could never finish whatever anybody says or does: a slot is required that no mapping fills, that
starts empty, in a project without any action that could set it. Everything else is a warning, because an action can set
slots, ask for others and end the form.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.checking.material import Material, told
from bot.dialogue.files.node import Node
from bot.dialogue.findings import Finding, refuse
from bot.dialogue.model.forms import Form
from bot.dialogue.model.mappings import Condition, Mapping


def refuse_endless_forms(material: Material) -> None:
    """Raises `ProjectFileError` for every form that can never finish."""
    if not material.domain.custom:
        refuse(finding for form, node in _forms(material) for finding in _endless(material, form, node))


def _forms(material: Material) -> Iterator[tuple[Form, Node]]:
    for name, node in material.declared("forms"):
        yield material.domain.forms[name], node


def _endless(material: Material, form: Form, node: Node) -> Iterator[Finding]:
    for name in form.required_slots:
        slot = material.domain.slots.slots[name]
        if slot.initial is None and all(mapping.kind == "custom" for mapping in slot.mappings):
            message = f"form `{form.name}` can never finish: no mapping fills `{name}`, and no action could"
            yield told(node, f"{message}; give `{name}` a mapping, or list the action that sets it")


def form_warnings(material: Material) -> Iterator[Finding]:
    """Slots that a form cannot fill while it is active, or has no question for; forms that no rule begins."""
    ran = {event["name"] for event in material.events("action")}
    for form, node in _forms(material):
        if form.name not in ran:
            yield told(node, f"form `{form.name}` is begun by no rule (perhaps by an action)")
        if f"validate_{form.name}" in material.domain.custom:
            continue  # it may set slots, and ask for others
        for slot in form.required_slots:
            yield from (told(node, what) for what in _about_slot(material, form, slot))


def _about_slot(material: Material, form: Form, slot: str) -> Iterator[str]:
    mappings = material.domain.slots.slots[slot].mappings
    if not any(_holds_in(mapping, form, slot) for mapping in mappings):
        yield f"form `{form.name}` asks for `{slot}`, but no mapping fills it while the form is active"
    asks = {f"{kind}_ask_{what}" for kind in ("utter", "action") for what in (f"{form.name}_{slot}", slot)}
    if not asks & material.domain.actions:
        yield f"form `{form.name}` has no question for `{slot}`: write `utter_ask_{form.name}_{slot}` or `utter_ask_{slot}`"


def _holds_in(mapping: Mapping, form: Form, slot: str) -> bool:
    """Whether a mapping can fill the slot while the form is active."""
    if mapping.kind == "custom" and mapping.action is None:
        return False
    return not mapping.conditions or any(_is_of(condition, form, slot) for condition in mapping.conditions)


def _is_of(condition: Condition, form: Form, slot: str) -> bool:
    asked = {None, slot, *form.required_slots}
    return condition.active_loop == form.name and condition.requested_slot in asked
