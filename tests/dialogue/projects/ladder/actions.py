"""One action that empties the form's slots."""

from rasa_sdk import Action
from rasa_sdk.events import SlotSet


class ActionEmpty(Action):
    def name(self):
        return "action_empty"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("x", None), SlotSet("y", None)]


ALL = (ActionEmpty,)
