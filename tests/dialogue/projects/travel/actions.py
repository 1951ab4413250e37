"""Actions of a fictional travel office."""

from rasa_sdk import Action, FormValidationAction, ValidationAction
from rasa_sdk.events import SlotSet


class ValidateTripForm(FormValidationAction):
    def name(self):
        return "validate_trip_form"

    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        return [*domain_slots, "return_day"] if tracker.get_slot("returning") else domain_slots

    def validate_target(self, value, dispatcher, tracker, domain):
        if value == tracker.get_slot("origin"):
            dispatcher.utter_message(text="You are there.")
            return {"target": None}
        return {"target": value}


class ValidateSlots(ValidationAction):
    def validate_seats(self, value, dispatcher, tracker, domain):
        if str(value).isdigit():
            return {"seats": int(value)}
        dispatcher.utter_message(text="Seats are counted.")
        return {"seats": None}

    def extract_words(self, dispatcher, tracker, domain):
        return {"words": len((tracker.latest_message.get("text") or "").split())}


class ActionFeelMood(Action):
    def name(self):
        return "action_feel_mood"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("mood", "breezy")] if tracker.get_intent_of_latest_message() == "weather" else []


class ActionCount(Action):
    def name(self):
        return "action_count"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"{tracker.get_slot('words')} words.")
        return [SlotSet(name, None) for name in ("origin", "target", "returning", "return_day")]


ALL = (ValidateTripForm, ValidateSlots, ActionFeelMood, ActionCount)
