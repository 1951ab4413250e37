"""Safety, people and privacy: the emergency card, a human, status, news, erasing."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.moves import Domain, Events, propose


class ActionEmergency(Action):
    """The emergency card, before anything else in the reply (pre-empts every form, see config.yml)."""

    def name(self) -> str:
        """The name config.yml pre-empts with."""
        return "action_emergency"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Numbers to call now; the case is sent at once, whatever is still to be asked."""
        minor = tracker.get_slot("minor_writes")
        dispatcher.utter_message(response="utter_emergency_card_minor" if minor else "utter_emergency_card")
        return propose(tracker, "card_shown", "send")


class ActionWelcome(Action):
    """Whatever somebody sends first, the emergency line and what this service is come before the answer (config.yml)."""

    def name(self) -> str:
        """The name config.yml pre-empts with."""
        return "action_welcome"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """The greeting; after the emergency card, without the numbers once more."""
        carded = tracker.get_slot("card_due")
        dispatcher.utter_message(response="utter_greet_briefly" if carded else "utter_greet")
        return []


class ActionHuman(Action):
    """Somebody asks for a person: the operator on duty gets a task."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_human"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Says by when a person will answer."""
        dispatcher.utter_message(response="utter_human", by=tracker.get_slot("human_by"))
        return propose(tracker, "human")


class ActionStatus(Action):
    """How things stand, for whoever holds the receipt code."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_status"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`status` is `{"known", "guarded", "lines": [{"response", …words}]}`; guarded names no agency, place or acceptance."""
        status: dict[str, Any] = tracker.get_slot("status") or {"known": False}
        if status.get("locked"):
            dispatcher.utter_message(response="utter_receipt_locked")
        elif not status["known"]:
            dispatcher.utter_message(response="utter_receipt_unknown")
        elif status["guarded"]:
            dispatcher.utter_message(response="utter_status_guarded")
        else:
            for line in status["lines"]:
                dispatcher.utter_message(**line)
        return []


class ActionShow(Action):
    """Opens what a neutral notice announced."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_show"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`news` is a list of `{"response", …words}`."""
        news: list[dict[str, Any]] = tracker.get_slot("news") or [{"response": "utter_news_none"}]
        for item in news:
            dispatcher.utter_message(**item)
        return propose(tracker, "news_read")


class ActionErase(Action):
    """Deletes, or says honestly that a part concerning a child is kept until a supervisor decides."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_erase"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`erasable` is the turn's answer to whether an open part at medium or above concerns a child."""
        dispatcher.utter_message(response="utter_erased" if tracker.get_slot("erasable") else "utter_erase_kept")
        return propose(tracker, "erase")


class ActionWithdraw(Action):
    """Stops what is the family's to stop, and says honestly what goes on."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_withdraw"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`withdrawal` is `all`, `some`, `none` or `nothing`; None: a human decides, since others may hold the phone."""
        what = tracker.get_slot("withdrawal")
        if what is None:
            dispatcher.utter_message(response="utter_human", by=tracker.get_slot("human_by"))
            return propose(tracker, "human")
        dispatcher.utter_message(response=f"utter_withdrawn_{what}")
        return propose(tracker, "withdraw")
