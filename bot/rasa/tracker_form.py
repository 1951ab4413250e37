"""A conversation as Rasa's HTTP API shows it (rasa `shared/core/trackers.py`, `current_state`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.rasa.applied import after_restart, applied

Event = dict[str, Any]

# Which events are shown, by the query's `include_events`.
SHOWN: Mapping[str, Callable[[Sequence[Event]], list[Event] | None]] = {
    "NONE": lambda _: None,
    "APPLIED": applied,
    "AFTER_RESTART": after_restart,
    "ALL": list,
}
NO_MESSAGE: dict[str, Any] = {"intent": {}, "entities": [], "text": None, "message_id": None, "metadata": {}}


def tracker_form(sender: str, snapshot: Mapping[str, Any], events: Sequence[Event], shown: str) -> dict[str, Any]:
    """The tracker: `snapshot` is where the conversation stands, `events` all that ever happened in it."""
    chosen = SHOWN[shown](events)
    action = snapshot["action"]
    return {
        "sender_id": sender,
        "slots": snapshot["slots"],
        "latest_message": snapshot["message"] or NO_MESSAGE,
        "latest_event_time": events[-1].get("timestamp") if events else None,
        "followup_action": snapshot["followup"],
        "paused": snapshot["paused"],
        "events": None if chosen is None else [event_form(event) for event in chosen],
        "latest_input_channel": latest_channel(events),
        "active_loop": snapshot["loop"] or {},
        "latest_action": {"action_name": action} if action else {},
        "latest_action_name": action,
    }


def event_form(event: Event) -> Event:
    """One event with every field Rasa gives it."""
    defaults: Event = {"metadata": {}}
    if event["event"] == "action":
        defaults |= {"policy": None, "confidence": None, "action_text": None, "hide_rule_turn": False}
    return {**defaults, **event}


def latest_channel(events: Sequence[Event]) -> str | None:
    """Where the latest message came from."""
    return next((event.get("input_channel") for event in reversed(events) if event["event"] == "user"), None)
