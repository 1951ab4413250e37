"""The interview: what was heard, the next question, why it is asked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, ActionExecutionRejection, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.moves import Domain, Events, propose

INTERVIEW = "interview_form"


class ActionHear(Action):
    """Says back what was understood."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_hear"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`utter_heard`, or nothing; the event tells that it ran (Rasa goes on after an action that failed, without a trace)."""
        say_back(dispatcher, tracker)
        return propose(tracker)


class ValidateInterviewForm(FormValidationAction):
    """The interview's next required slot is the next question of the policy, projected as `next_question`.

    An intent that tells nothing (why, a human, custody …) is rejected, so that its own rule answers it and the
    interview returns to the same question (rasa `core/actions/forms.py`, ActionExecutionRejection).
    """

    def name(self) -> str:
        """The name Rasa derives from the form's."""
        return f"validate_{INTERVIEW}"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[str]:
        """The one question to ask now, or none when the interview is done."""
        asked = tracker.get_slot("next_question")
        return [asked] if asked else []

    async def get_extraction_events(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Nothing is extracted here: the fact sheet is the only store of answers, slots are its projection."""
        return []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Rejects an interruption, says back what was read in free words, then validates as Rasa does."""
        if _answers_the_form(tracker):
            # Not `get_intent_of_latest_message`: it looks into a ranking, which an intent that is triggered has not.
            if tracker.latest_message["intent"]["name"] != "inform":
                raise ActionExecutionRejection(self.name(), "not an answer")
            say_back(dispatcher, tracker)
        # Whatever was told answers the form, even when it is not what was asked: without a slot it would be rejected.
        told = SlotSet("interviewing", tracker.get_slot("interviewing"))
        return [*await super().run(dispatcher, tracker, domain), told]


class ActionAskPlace(Action):
    """Asks for the place, with the choices that fit: matches of an ambiguous name, or the next level of a list."""

    def name(self) -> str:
        """The name under which the form looks for the question."""
        return "action_ask_place"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """One button a place, as projected in `place_options`; a location may be shared instead."""
        options: list[dict[str, str]] = tracker.get_slot("place_options") or []
        dispatcher.utter_message(response="utter_ask_place", buttons=options, json_message={"ask_location": True})
        return []


class ActionWhy(Action):
    """Gives the reason for the question on the table."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_why"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`utter_why_<question>`."""
        asked = tracker.get_slot("requested_slot")
        dispatcher.utter_message(response=f"utter_why_{asked}" if asked else "utter_why")
        return []


class ActionNotUnderstood(Action):
    """Asks for other words once or twice, then offers a human instead of repeating itself."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_not_understood"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`misunderstood` counts the messages in a row that nothing could be read from; a person who is there reads along."""
        if tracker.get_slot("with_human"):
            dispatcher.utter_message(response="utter_with_human")
            return []
        patient = (tracker.get_slot("misunderstood") or 0) < 2  # noqa: PLR2004 – VOICE.md: after two of these, a human
        dispatcher.utter_message(response="utter_not_understood" if patient else "utter_offer_human")
        return []


def say_back(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """What was read in somebody's own words, so that it can be corrected; and that another child is meant from here on."""
    renamed: Any = tracker.get_slot("renamed")
    if renamed:
        dispatcher.utter_message(response="utter_place_renamed", **renamed)
    heard: Any = tracker.get_slot("heard")
    if heard:
        dispatcher.utter_message(response="utter_heard", heard=heard)
    if tracker.get_slot("about_sibling"):
        dispatcher.utter_message(response="utter_about_sibling")


def _answers_the_form(tracker: Tracker) -> bool:
    """Whether the form meets a fresh message, rather than being started or returned to by a rule after other actions."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return True
        other = event["event"] == "action" and event["name"] != INTERVIEW
        if other or event["event"] == "action_execution_rejected":
            return False
    return False
