"""Actions outside the engine, called as Rasa calls its action server (rasa `RemoteAction`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialogue.acting.stage import Stage
from bot.dialogue.acting.view import View
from bot.dialogue.actions import ActionRejected
from bot.dialogue.memory.events import KNOWN, Event, bot_uttered
from bot.dialogue.plain import Plain, copied
from bot.errors import ActionFailedError

# What rasa 3.6.21 would say of itself.
VERSION = "3.6.21"
# How long an answer may be, in bytes of JSON: many times what a conversation can use.
ANSWER_AT_MOST = 1_000_000


def run_remote(stage: Stage, name: str, view: View, trial: Iterable[Event] = ()) -> list[Event]:
    """Runs one action on `view`; `trial` are events the action is to see at the end of the record.

    Raises `ActionRejected` when it declines, `ActionFailedError` when it raised or answered with something that is
    not an answer.
    """
    stage.calling = name
    try:
        answer = stage.run_action(_call(stage, name, view, trial))
    except (ActionRejected, ActionFailedError):
        raise
    except Exception as error:
        raise ActionFailedError(f"{name}: {type(error).__name__}: {error}") from error
    events, responses = _checked(name, answer)
    return [*_messages(stage, responses, view), *events]


def _call(stage: Stage, name: str, view: View, trial: Iterable[Event]) -> dict[str, Any]:
    return {
        "next_action": name,
        "sender_id": stage.sender,
        "tracker": {
            "sender_id": stage.sender,
            "slots": copied(view.slots),
            "latest_message": view.message or {},
            "latest_event_time": stage.now,
            "followup_action": stage.tracker.followup,
            "paused": stage.tracker.paused,
            "events": [*stage.events, *({**event, "timestamp": stage.now} for event in trial)],
            "latest_input_channel": stage.channel,
            "active_loop": view.loop or {},
            "latest_action": {"action_name": view.action} if view.action else {},
            "latest_action_name": view.action,
        },
        "domain": stage.domain.plain,
        "version": VERSION,
    }


def _checked(name: str, answer: Plain) -> tuple[list[Event], list[dict[str, Plain]]]:
    """The events and responses of an answer, refused when it is not what an action server answers."""
    try:
        events, responses = answer.get("events") or [], answer.get("responses") or []
        if all(_usable(event) for event in events) and all(isinstance(response, dict) for response in responses):
            return _as_sent(list(events)), _as_sent(list(responses))
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise ActionFailedError(f"{name}: the answer is not events and responses: {error}") from error
    raise ActionFailedError(f"{name}: the answer holds an event or a response that is none")


def _as_sent(part: list[dict[str, Plain]]) -> list[dict[str, Plain]]:
    """As it arrives from an action server: plain JSON that nobody else holds.

    Raises what `json` raises for what is none, and `ValueError` for what is too long.
    """
    if not part:
        return []
    written = json.dumps(part, ensure_ascii=False, allow_nan=False)
    if len(written) > ANSWER_AT_MOST:
        raise ValueError(f"it is longer than {ANSWER_AT_MOST} characters")
    sent: list[dict[str, Plain]] = json.loads(written)
    return sent


def _usable(event: Mapping[str, Any]) -> bool:
    """Whether an event is one of Rasa's, with what its kind needs."""
    needed = {
        "slot": ("name", "value"),
        "action": ("name",),
        "active_loop": ("name",),
        "form": ("name",),
        "followup": ("name",),
    }
    needed |= {"user": ("parse_data",), "loop_interrupted": ("is_interrupted",), "action_execution_rejected": ("name",)}
    kind = event.get("event")
    return kind in KNOWN and all(key in event for key in needed.get(str(kind), ()))


def _messages(stage: Stage, responses: Iterable[Mapping[str, Any]], view: View) -> list[Event]:
    """What the action said, in words or by the name of a response with words for its placeholders."""
    said: list[Event] = []
    for given in responses:
        response = given.get("response")
        own = {key: value for key, value in given.items() if key != "response"}
        draft: dict[str, Any] = {}
        if response:
            message = stage.say(response, {**view.slots, **own})
            if not message:
                continue
            draft = {**message, "utter_action": response}
        buttons = [*draft.get("buttons", ()), *(own.pop("buttons", None) or ())]
        draft |= {key: value for key, value in own.items() if value}
        said.append(bot_uttered({**draft, "buttons": buttons} if buttons else draft))
    return said
