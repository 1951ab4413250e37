"""Events in Rasa's JSON form, the form action servers speak (rasa `shared/core/events.py`).

    {"event": "slot", "timestamp": 1764000000.0, "name": "county", "value": "泸溪县"}

An event is one plain dictionary everywhere: in a rule, from an action, in the tracker, in the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.plain import Plain

Event = dict[str, Any]

# Everything an action may return. The second row changes nothing here: it is kept in the record for whoever reads it.
KNOWN = frozenset({
    "action", "user", "bot", "slot", "reset_slots", "active_loop", "form", "loop_interrupted", "form_validation",
    "action_execution_rejected", "followup", "pause", "resume", "restart", "session_started", "rewind", "undo",
    "user_featurization", "entities", "reminder", "cancel_reminder", "export", "agent",
})  # fmt: skip


def action_executed(name: str, policy: str | None = None, confidence: float | None = None) -> Event:
    """An action ran. `policy` says who chose it."""
    return {"event": "action", "name": name, "policy": policy, "confidence": confidence}


def slot_set(name: str, value: Plain) -> Event:
    """A slot takes a value."""
    return {"event": "slot", "name": name, "value": value}


def active_loop(name: str | None) -> Event:
    """A loop (a form) becomes active; None: the active one ends."""
    return {"event": "active_loop", "name": name}


def rejected(name: str) -> Event:
    """An action declined to run, so that a rule may answer instead."""
    return {"event": "action_execution_rejected", "name": name, "policy": None, "confidence": None}


def followup(name: str) -> Event:
    """The next action, whatever the rules say."""
    return {"event": "followup", "name": name}


def user_uttered(parse_data: Mapping[str, Any], channel: str | None) -> Event:
    """Somebody wrote; `data` is Rasa's `{"text", "intent": {"name", "confidence"}, "entities", …}`."""
    return {
        "event": "user",
        "text": parse_data["text"],
        "parse_data": dict(parse_data),
        "input_channel": channel,
        "message_id": parse_data.get("message_id"),
        "metadata": parse_data.get("metadata") or {},
    }


def bot_uttered(message: Mapping[str, Any]) -> Event:
    """The bot said something; what is not part of a message proper becomes metadata (rasa `create_bot_utterance`)."""
    data = {key: message.get(key) for key in ("elements", "quick_replies", "buttons", "attachment", "image", "custom")}
    metadata = {key: value for key, value in message.items() if key not in data and key != "text"}
    return {"event": "bot", "text": message.get("text"), "data": data, "metadata": metadata}


def action_failed(name: str, reason: str) -> Event:
    """An action raised or returned garbage. Not one of Rasa's events: Rasa only writes a log line and goes on."""
    return {"event": "action_execution_failed", "name": name, "reason": reason}


def preempted(name: str) -> Event:
    """A safety action ran before everything else, and left form and rules as they were. Not one of Rasa's events."""
    return {"event": "preempted", "name": name}


def action_limit_reached(name: str) -> Event:
    """The turn was cut off before `name`, because it ran too many actions. Not one of Rasa's events."""
    return {"event": "action_limit_reached", "name": name}


SESSION_STARTED: Event = {"event": "session_started"}
RESTARTED: Event = {"event": "restart"}
USER_UTTERANCE_REVERTED: Event = {"event": "rewind"}
