"""Actions of a fictional city gate: a loop that is no form, and a note of what the tracker holds."""

from rasa_sdk import Action
from rasa_sdk.events import ActiveLoop, SlotSet


class ActionGuess(Action):
    def name(self):
        return "action_guess"

    def run(self, dispatcher, tracker, domain):
        if tracker.active_loop.get("name") != self.name():
            dispatcher.utter_message(text="猜一个数。")
            return [ActiveLoop(self.name()), SlotSet("tries", 0)]
        tries = (tracker.get_slot("tries") or 0) + 1
        if tracker.get_slot("number") == 3 or tries > 2:
            return [SlotSet("tries", tries), ActiveLoop(None)]
        dispatcher.utter_message(text="再猜。")
        return [SlotSet("tries", tries)]


class ActionNote(Action):
    def name(self):
        return "action_note"

    def run(self, dispatcher, tracker, domain):
        message = tracker.latest_message
        entities = [[one["entity"], one["value"]] for one in message.get("entities", [])]
        dispatcher.utter_message(text=f"{message.get('text')} {message['intent'].get('name')} {entities}")
        return []


ALL = (ActionGuess, ActionNote)
