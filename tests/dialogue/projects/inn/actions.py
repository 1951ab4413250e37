"""A fictional inn whose own session start does as little as its style asks for."""

from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, FollowupAction, Restarted, SessionStarted, SlotSet


class OwnSessionStart(Action):
    def name(self):
        return "action_session_start"

    def run(self, dispatcher, tracker, domain):
        style = tracker.get_slot("style")
        if style == "空":
            return []
        if style == "只开":
            return [SessionStarted()]
        if style == "跟":
            return [SessionStarted(), SlotSet("style", "跟"), FollowupAction("utter_hello")]
        if style == "说":
            dispatcher.utter_message(response="utter_bill")
            return [
                SessionStarted(),
                SlotSet("room", "上房"),
                ActionExecuted("utter_bill"),
                ActionExecuted("action_listen"),
            ]
        return [SessionStarted(), SlotSet("style", style), ActionExecuted("action_listen")]


class ActionNext(Action):
    def name(self):
        return "action_next"

    def run(self, dispatcher, tracker, domain):
        return [FollowupAction("action_session_start")]


class OwnRestart(Action):
    def name(self):
        return "action_restart"

    def run(self, dispatcher, tracker, domain):
        style = tracker.get_slot("style")
        dispatcher.utter_message(text="换客。")
        return (
            [Restarted(), FollowupAction("action_listen")] if style == "听" else [Restarted(), SlotSet("style", style)]
        )


ALL = (OwnSessionStart, ActionNext, OwnRestart)
