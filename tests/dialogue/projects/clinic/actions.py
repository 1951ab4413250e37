"""Actions of a fictional clinic."""

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import SlotSet


class ValidateBookingForm(FormValidationAction):
    def name(self):
        return "validate_booking_form"

    def validate_age(self, value, dispatcher, tracker, domain):
        try:
            age = float(value)
        except (TypeError, ValueError):
            age = -1
        if not 0 <= age < 120:
            dispatcher.utter_message(text="That is no age.")
            return {"age": None}
        return {"age": age, "complaint": "check-up"} if age < 1 else {"age": age}

    def validate_day(self, value, dispatcher, tracker, domain):
        if value == "sunday":
            dispatcher.utter_message(response="utter_hours")
            return {"day": None}
        if value == "never":
            return {"day": value, "requested_slot": None}
        return {"day": value}


class ActionAskComplaint(Action):
    def name(self):
        return "action_ask_complaint"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"What is it, at {tracker.get_slot('age')}?")
        return []


class ActionBook(Action):
    def name(self):
        return "action_book"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(json_message={"booked": tracker.get_slot("day")})
        return [SlotSet("complaint", None)]


ALL = (ValidateBookingForm, ActionAskComplaint, ActionBook)
