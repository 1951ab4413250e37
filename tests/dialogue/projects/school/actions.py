"""Actions of a fictional hill school."""

from rasa_sdk import Action, FormValidationAction, ValidationAction
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, SlotSet


class ActionWelcomed(Action):
    def name(self):
        return "action_welcomed"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("welcomed", True)]


class ActionSetScore(Action):
    def name(self):
        return "action_set_score"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("score", 0)]


class ActionCountWords(Action):
    def name(self):
        return "action_count_words"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("count", len((tracker.latest_message.get("text") or "").split()))]


class ValidateEnrolForm(FormValidationAction):
    def name(self):
        return "validate_enrol_form"

    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        if tracker.get_slot("bus"):
            return [*domain_slots, "extra"]
        return (
            [slot for slot in domain_slots if slot != "grade"] if tracker.get_slot("grade") == "none" else domain_slots
        )

    def validate_child(self, value, dispatcher, tracker, domain):
        if value == "nobody":
            dispatcher.utter_message(text="Nobody cannot be enrolled.")
            return {"child": None}
        return {"child": str(value).title(), "requested_slot": None} if value == "headmaster" else {"child": value}

    def validate_extra(self, value, dispatcher, tracker, domain):
        return {"extra": value, "grade": None} if value == "another grade" else {"extra": value}


class ValidateLunchForm(Action):
    def name(self):
        return "validate_lunch_form"

    def run(self, dispatcher, tracker, domain):
        allergies = tracker.get_slot("allergies") or []
        if "none" in allergies:
            return [SlotSet("allergies", ["nothing"]), ActiveLoop(None)]
        if "secret" in allergies:
            return [SlotSet("allergies", None), ActionExecutionRejected("lunch_form")]
        if "again" in allergies:
            dispatcher.utter_message(text="Again?")
            return [SlotSet("allergies", None), SlotSet("requested_slot", "allergies")]
        return []


class ValidateSlots(ValidationAction):
    def validate_score(self, value, dispatcher, tracker, domain):
        try:
            return {"score": float(value)}
        except (TypeError, ValueError):
            dispatcher.utter_message(text="That is no number.")
            return {"score": None}


ALL = (ActionWelcomed, ActionSetScore, ActionCountWords, ValidateEnrolForm, ValidateLunchForm, ValidateSlots)
