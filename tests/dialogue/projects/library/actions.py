"""Actions of a fictional village library."""

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import SlotSet


class ValidateBorrowForm(FormValidationAction):
    def name(self):
        return "validate_borrow_form"

    def validate_book(self, value, dispatcher, tracker, domain):
        if value == "禁书":
            dispatcher.utter_message(text="这本不外借。")
            return {"book": None}
        return {"book": value}


class ActionHandOver(Action):
    def name(self):
        return "action_hand_over"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_lent", name=tracker.get_slot("name") or "读者")
        return [SlotSet("book", None)]


class ActionMakeCard(Action):
    def name(self):
        return "action_make_card"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("card", True)]


ALL = (ValidateBorrowForm, ActionHandOver, ActionMakeCard)
