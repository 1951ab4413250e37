"""Filling slots from the latest message (rasa `ActionExtractSlots`, `shared/core/slot_mappings.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.dialogue.acting.remote import run_remote
from bot.dialogue.acting.stage import Stage
from bot.dialogue.acting.view import View
from bot.dialogue.actions import ActionRejected
from bot.dialogue.memory.events import Event, slot_set
from bot.dialogue.model.forms import Form
from bot.dialogue.model.mappings import Condition, Mapping
from bot.dialogue.model.names import REQUESTED_SLOT, VALIDATE_SLOTS
from bot.dialogue.plain import Plain


def extract_slots(stage: Stage, before: Sequence[Event] = ()) -> list[Event]:
    """The slot events for the latest message, validated where the project says how (and what doing so said).

    `before` are events that have not happened yet, but count: a form that is about to start.
    """
    events = list(_Extraction(stage, before).events())
    slots = [event for event in events if event["event"] == "slot"]
    if VALIDATE_SLOTS not in stage.domain.custom:
        return slots
    trial = [*before, *slots]
    checked = _ran(stage, VALIDATE_SLOTS, trial)
    named = {event["name"] for event in checked if event["event"] == "slot"}
    return [*checked, *(event for event in slots if event["name"] not in named)]


def _ran(stage: Stage, action: str, trial: Sequence[Event]) -> list[Event]:
    """The slots an action sets and what it says; nothing when it declines."""
    try:
        events = run_remote(stage, action, View.of(stage.tracker, trial), trial)
    except ActionRejected:
        return []
    return [event for event in events if event["event"] in {"slot", "bot"}]


class _Extraction:
    """One pass over the mappings of all slots."""

    def __init__(self, stage: Stage, before: Sequence[Event]) -> None:
        self._stage, self._before = stage, before
        self._view = View.of(stage.tracker, before)
        self._form = stage.domain.forms.get(self._view.loop_name or "")
        self._ran: set[str] = set()

    def events(self) -> Iterator[Event]:
        """The first mapping of a slot that finds something fills it."""
        stage = self._stage
        for slot, mappings in stage.domain.fillers.of(self._view.loop_name, stage.tracker.intent):
            for mapping in mappings:
                if not self._asked_for(mapping, slot.name) or self._belongs_to_several(mapping, slot.name):
                    continue
                if mapping.kind == "custom":
                    yield from self._custom(mapping)
                elif values := self._values(mapping):
                    value = values if slot.kind == "list" else values[-1]
                    if value is not None or self._view.slots.get(slot.name) is not None:
                        yield slot_set(slot.name, value)
                        break

    def _custom(self, mapping: Mapping) -> list[Event]:
        if mapping.action is None or mapping.action in self._ran:
            return []
        self._ran.add(mapping.action)
        return _ran(self._stage, mapping.action, self._before)

    def _asked_for(self, mapping: Mapping, slot: str) -> bool:
        """Whether the conditions hold as to what is asked for; a form that declined takes no answer to its question."""
        if not mapping.conditions or mapping.kind == "from_trigger_intent":
            return True
        asked, loop = self._view.slots.get(REQUESTED_SLOT), self._view.loop
        if loop and loop["rejected"] and asked == slot:
            return False
        return any(_holds(condition, self._view.loop_name, asked) for condition in mapping.conditions)

    def _belongs_to_several(self, mapping: Mapping, slot: str) -> bool:
        """Whether an entity could fill another slot of the form as well; then it fills only what was asked for."""
        form = self._form
        if mapping.kind != "from_entity" or form is None or self._view.slots.get(REQUESTED_SLOT) == slot:
            return False
        return slot in form.required_slots and self._times_mapped(form, mapping) != 1

    def _times_mapped(self, form: Form, mapping: Mapping) -> int:
        slots = self._stage.domain.slots.slots
        return sum(other.plain == mapping.plain for name in form.required_slots for other in slots[name].mappings)

    def _values(self, mapping: Mapping) -> list[Any]:
        message = self._view.message
        match mapping.kind:
            case "from_entity":
                return [e["value"] for e in (message or {}).get("entities", ()) if _is(e, mapping)]
            case "from_text":
                return [message["text"]] if message else []
            case _:  # from_intent, from_trigger_intent
                return [mapping.value]


def _holds(condition: Condition, loop: str | None, asked: Plain) -> bool:
    if condition.active_loop is None or condition.active_loop != loop:
        return condition.active_loop is None and loop is None
    return condition.requested_slot is None or condition.requested_slot == asked


def _is(entity: dict[str, Any], mapping: Mapping) -> bool:
    found = (entity.get("entity"), entity.get("role"), entity.get("group"))
    return found == (mapping.entity, mapping.role, mapping.group)
