"""Telling the family who will help, why, and by when."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.moves import Domain, Events, propose


class ActionRefer(Action):
    """Says what the turn has planned (`referral` slot) and proposes to send it.

    The slot holds `{"state": "ready"|"sent"|"takeover", "doors": [{"response", …words}], "because", "receipt", "by"}`.
    Words and commit belong to one turn: nothing is said that is not kept.
    """

    def name(self) -> str:
        """The name the rules call."""
        return "action_refer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """One message a door, then why, then the receipt code."""
        referral: dict[str, Any] = tracker.get_slot("referral") or {}
        if referral.get("state") == "takeover":
            dispatcher.utter_message(response="utter_takeover", by=referral["by"])
            return propose(tracker, "take_over", "send")
        if referral.get("state") == "sent":
            dispatcher.utter_message(response="utter_referred_already")
            return propose(tracker, "send")
        for door in referral.get("doors", []):
            dispatcher.utter_message(**door)
        if referral.get("because"):
            dispatcher.utter_message(response="utter_because", because=referral["because"])
        dispatcher.utter_message(response="utter_receipt", receipt=referral["receipt"])
        return propose(tracker, "send", "told")
