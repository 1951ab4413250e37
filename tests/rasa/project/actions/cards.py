"""What the library does: checks names, issues cards, and, to see what happens then, fails."""

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import SlotSet

from actions.numbers import number_for


class ValidateCardForm(FormValidationAction):
    def name(self):
        return "validate_card_form"

    def validate_name(self, value, dispatcher, tracker, domain):
        return {"name": value.title()}


class ActionIssue(Action):
    def name(self):
        return "action_issue"

    def run(self, dispatcher, tracker, domain):
        from actions.words import READY  # as many projects do: imported when it runs

        dispatcher.utter_message(text=READY, json_message={"printed": True})
        return [SlotSet("number", number_for(tracker.get_slot("name")))]


class ActionCrash(Action):
    def name(self):
        return "action_crash"

    def run(self, dispatcher, tracker, domain):
        raise RuntimeError("the printer is on fire")
