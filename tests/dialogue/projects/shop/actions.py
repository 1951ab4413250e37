"""Actions of a fictional shop."""

from rasa_sdk import Action
from rasa_sdk.events import AllSlotsReset, SlotSet


class ActionGreeted(Action):
    def name(self):
        return "action_greeted"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("greeted", True)]


class ActionClear(Action):
    def name(self):
        return "action_clear"

    def run(self, dispatcher, tracker, domain):
        return [AllSlotsReset()]


ALL = (ActionGreeted, ActionClear)
