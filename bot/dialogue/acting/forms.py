"""Forms: asking for one slot after another (rasa `core/actions/forms.py`, `loops.py`).

A form run is built from small steps that each return events; only when all of them worked do the events happen. The
names follow Rasa's: activate, validate, request the next slot, and done when nothing is left to ask or a validation
said so.
"""

from __future__ import annotations

from typing import Any

from bot.dialogue.acting.extraction import extract_slots
from bot.dialogue.acting.remote import run_remote
from bot.dialogue.acting.stage import Stage
from bot.dialogue.acting.view import View
from bot.dialogue.actions import ActionRejected
from bot.dialogue.memory.events import Event, action_executed, active_loop, bot_uttered, slot_set
from bot.dialogue.model.forms import Form
from bot.dialogue.model.names import LISTEN, REQUESTED_SLOT, UTTER


class FormRun:
    """One execution of one form. `interrupted`: something else answered the message, so it is no answer to the form."""

    def __init__(self, stage: Stage, form: Form, *, interrupted: bool) -> None:
        self._stage, self._form, self._interrupted = stage, form, interrupted
        self._tracker = stage.tracker
        self._validation = f"validate_{form.name}"

    def events(self) -> list[Event]:
        """What happens. Raises `ActionRejected` when the message answers nothing the form asked."""
        events: list[Event] = []
        if self._tracker.loop_name != self._form.name:
            events += self._activate()
        if not _done(events):
            events += self._go_on(events)
        return [*events, active_loop(None)] if _done(events) else events

    def _activate(self) -> list[Event]:
        """Starts the form: slots are extracted once more, now inside it, and what is there already is validated."""
        start = active_loop(self._form.name)
        extracted = extract_slots(self._stage, [start])
        view = View.of(self._tracker, [start, *extracted])
        slots = [event for event in extracted if event["event"] == "slot"]
        if self._validation not in self._stage.domain.custom:
            return [start, *slots]
        there = {name: view.slots[name] for name in self._form.required_slots if view.slots.get(name) is not None}
        validated = self._validate(there, [start, *extracted])
        named = {event["name"] for event in validated if event["event"] == "slot"}
        return [start, *validated, *(event for event in slots if event["name"] not in named)]

    def _go_on(self, before: list[Event]) -> list[Event]:
        """Validates what was answered, then asks for what is missing. `before` is what activation did."""
        events = [] if any(event["event"] != "active_loop" for event in before) else self._answered()
        if any(event["event"] == "action_execution_rejected" for event in events):
            return events
        return [*events, *self._request([*before, *events])]

    def _answered(self) -> list[Event]:
        """The validated answers of the latest message; nothing to validate when it was not an answer."""
        listening = self._tracker.action == LISTEN and not self._interrupted
        if self._tracker.loop and not listening:
            return self._validate({}, [])
        answers = self._extracted()
        events = self._validate(answers, [])
        validated = any(event["event"] == "slot" and event["name"] != REQUESTED_SLOT for event in events)
        declined = any(event["event"] == "action_execution_rejected" for event in events)
        if self._asked() and not answers and not validated and not declined:
            raise ActionRejected(self._form.name)
        return events

    def _extracted(self) -> dict[str, Any]:
        """The slots of this form that the latest message filled."""
        wanted = {*self._form.required_slots, self._asked()}
        return {e["name"]: e["value"] for e in self._stage.slots_set_since_message() if e["name"] in wanted}

    def _asked(self) -> str | None:
        """The slot this form asked for; another form's question does not count."""
        mine = self._tracker.loop_name == self._form.name
        asked: str | None = self._tracker.slots.get(REQUESTED_SLOT) if mine else None
        return asked

    def _validate(self, candidates: dict[str, Any], before: list[Event]) -> list[Event]:
        """What `validate_<form>` makes of the candidates; without such an action they stand as they are."""
        if self._validation not in self._stage.domain.custom:
            return []
        trial = self._trial(before, [slot_set(name, value) for name, value in candidates.items()])
        return run_remote(self._stage, self._validation, View.of(self._tracker, trial), trial)

    def _trial(self, before: list[Event], after: list[Event]) -> list[Event]:
        """The events an action of the form sees on top: what was asked, the form's own run, what it tries out."""
        view = View.of(self._tracker, before)
        asked = view.slots.get(REQUESTED_SLOT) if view.loop_name == self._form.name else None
        return [*before, slot_set(REQUESTED_SLOT, asked), action_executed(self._form.name), *after]

    def _request(self, events: list[Event]) -> list[Event]:
        """Asks for the next slot: the one validation chose, else the first that is empty."""
        if _done(events):
            return [slot_set(REQUESTED_SLOT, None)]
        chosen = next((e["value"] for e in events if _asks(e)), None)
        trial = self._trial([], events)
        view = View.of(self._tracker, trial)
        wanted = chosen or next((name for name in self._form.required_slots if view.slots.get(name) is None), None)
        if wanted is None:
            return [slot_set(REQUESTED_SLOT, None)]
        asking = self._ask(wanted, view, trial)
        return asking if chosen else [slot_set(REQUESTED_SLOT, wanted), *asking]

    def _ask(self, slot: str, view: View, trial: list[Event]) -> list[Event]:
        """The question for a slot: an action or a response, the form's own before the slot's."""
        domain = self._stage.domain
        for own in (f"{self._form.name}_{slot}", slot):
            if f"action_ask_{own}" in domain.custom:
                return run_remote(self._stage, f"action_ask_{own}", view, trial)
            if f"{UTTER}ask_{own}" in domain.responses:
                message = self._stage.say(f"{UTTER}ask_{own}", view.slots)
                return [bot_uttered({**message, "utter_action": f"{UTTER}ask_{own}"})] if message else []
        return []


def _asks(event: Event) -> bool:
    return bool(event["event"] == "slot" and event["name"] == REQUESTED_SLOT)


def _done(events: list[Event]) -> bool:
    """Whether the form has ended: the last word on the requested slot, or on the loop, is that there is none."""
    if any(event["event"] == "action_execution_rejected" for event in events):
        return False
    asked = next((event for event in reversed(events) if _asks(event)), None)
    loop = next((event for event in reversed(events) if event["event"] == "active_loop"), None)
    return (asked is not None and asked["value"] is None) or (loop is not None and loop["name"] is None)
