"""Words for whoever helps, passed on without anybody's number."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.moves import Domain, Events, propose


class ActionMessage(Action):
    """Asks for a message to whoever helps, or says that it was passed on."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_message"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`letter` is `{"state", "buttons"?}`: `none`, `choose` (for whom), `write`, `passed`, or `full` (a human comes)."""
        letter: dict[str, Any] = tracker.get_slot("letter") or {"state": "none"}
        if letter["state"] == "full":
            dispatcher.utter_message(response="utter_human", by=tracker.get_slot("human_by"))
            return propose(tracker, "human")
        dispatcher.utter_message(response=f"utter_message_{letter['state']}", buttons=letter.get("buttons"))
        return propose(tracker, *{"write": ["write"], "passed": ["letter"]}.get(letter["state"], []))
