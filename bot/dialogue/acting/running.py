"""Running whatever action comes next, by its name (rasa `core/actions/action.py`, `action_for_name_or_text`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dialogue.acting.extraction import extract_slots
from bot.dialogue.acting.forms import FormRun
from bot.dialogue.acting.remote import run_remote
from bot.dialogue.acting.stage import Stage
from bot.dialogue.acting.two_stage import ask_affirmation, fall_back_in_two_stages
from bot.dialogue.acting.view import View
from bot.dialogue.memory.events import (
    RESTARTED,
    SESSION_STARTED,
    USER_UTTERANCE_REVERTED,
    Event,
    action_executed,
    active_loop,
    bot_uttered,
    slot_set,
)
from bot.dialogue.model import names
from bot.dialogue.understanding.selecting import EVERY


def run_action(stage: Stage, name: str, *, interrupted: bool = False) -> list[Event]:
    """The events of one action; a project's own action of the same name replaces Rasa's, or a form.

    Raises `ActionRejected` when it declines, `ActionFailedError` when it failed.
    """
    if name in stage.domain.choices:
        return _utter_selected(stage, name)
    if name in stage.domain.custom and not name.startswith(names.UTTER):
        return run_remote(stage, name, View.of(stage.tracker))
    if name in DEFAULTS:
        return DEFAULTS[name](stage)
    if name in stage.domain.forms:
        return FormRun(stage, stage.domain.forms[name], interrupted=interrupted).events()
    return utter(stage, name)


def utter(stage: Stage, response: str) -> list[Event]:
    """Says a response; nothing when nobody wrote it, or no variation fits."""
    message = stage.say(response, stage.tracker.slots)
    return [bot_uttered({**message, "utter_action": response})] if message else []


def _utter_selected(stage: Stage, action: str) -> list[Event]:
    """Says the response that a selector chose for the latest message; nothing where none did (a payload `/faq`)."""
    selected = (stage.tracker.message or {}).get("response_selector", {})
    choice = selected.get(action.removeprefix(names.UTTER)) or selected.get(EVERY)
    return utter(stage, choice["response"]["utter_action"]) if choice else []


def _nothing(_: Stage) -> list[Event]:
    return []


def _restart(stage: Stage) -> list[Event]:
    return [*utter(stage, "utter_restart"), RESTARTED]


def start_session(stage: Stage) -> list[Event]:
    """A new session. What slots hold now is carried over; what was cleared stays cleared (Rasa would set it again)."""
    initial = stage.tracker.frame.initial
    kept = {name: value for name, value in stage.tracker.slots.items() if value != initial.get(name)}
    carried = [slot_set(name, value) for name, value in kept.items()] if stage.domain.session.carry_over else []
    return [SESSION_STARTED, *carried, action_executed(names.LISTEN)]


def _fall_back(stage: Stage) -> list[Event]:
    return [*utter(stage, "utter_default"), USER_UTTERANCE_REVERTED]


def _deactivate(_: Stage) -> list[Event]:
    return [active_loop(None), slot_set(names.REQUESTED_SLOT, None)]


def _back(stage: Stage) -> list[Event]:
    return [*utter(stage, "utter_back"), USER_UTTERANCE_REVERTED, USER_UTTERANCE_REVERTED]


def _extract(stage: Stage) -> list[Event]:
    return extract_slots(stage)


def _ask_rephrase(stage: Stage) -> list[Event]:
    return utter(stage, "utter_ask_rephrase")


def _two_stages(stage: Stage) -> list[Event]:
    return fall_back_in_two_stages(stage, run_action)


DEFAULTS: Mapping[str, Callable[[Stage], list[Event]]] = {
    names.LISTEN: _nothing,
    names.RESTART: _restart,
    names.SESSION_START: start_session,
    names.DEFAULT_FALLBACK: _fall_back,
    names.DEACTIVATE_LOOP: _deactivate,
    names.BACK: _back,
    names.EXTRACT_SLOTS: _extract,
    names.UNLIKELY_INTENT: _nothing,
    names.ASK_REPHRASE: _ask_rephrase,
    names.ASK_AFFIRMATION: ask_affirmation,
    names.TWO_STAGE_FALLBACK: _two_stages,
    names.REVERT_FALLBACK: _nothing,
}
