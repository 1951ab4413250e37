"""Moves an action proposes; the turn alone applies them (`bot/turns/applying.py`)."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.types import DomainDict

Events = list[dict[str, Any]]
Domain = DomainDict


def propose(tracker: Tracker, *moves: str) -> Events:
    """The event that adds `moves`, or none, to those already proposed in this turn, e.g. `["card_shown", "send"]`."""
    return [SlotSet("moves", [*(tracker.get_slot("moves") or []), *moves])]
