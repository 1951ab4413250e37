"""Actions that do odd things."""

from rasa_sdk import Action
from rasa_sdk.events import ActionReverted, FollowupAction, SlotSet, UserUtteranceReverted
from rasa_sdk.interfaces import ActionExecutionRejection


class ActionLost(Action):
    def name(self):
        return "action_lost"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Lost.")
        return [UserUtteranceReverted()]


class ActionChain(Action):
    def name(self):
        return "action_chain"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_go", who="someone else", buttons=[{"title": "x", "payload": "/go"}])
        return [FollowupAction("action_second")]


class ActionSecond(Action):
    def name(self):
        return "action_second"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Followed.")
        return [FollowupAction("action_listen")]


class ActionRefuse(Action):
    def name(self):
        return "action_refuse"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name(), "no")


class ActionAgain(Action):
    def name(self):
        return "action_again"

    def run(self, dispatcher, tracker, domain):
        return (
            [FollowupAction("action_again")]
            if (tracker.get_slot("count") or 0) > 1
            else [ActionReverted(), FollowupAction("action_second")]
        )


class ActionTone(Action):
    def name(self):
        return "action_tone"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("tone", "loud")]


class ActionSoft(Action):
    def name(self):
        return "action_soft"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("tone", "soft")]


class ActionCount(Action):
    def name(self):
        return "action_count"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("count", (tracker.get_slot("count") or 0) + 1)]


ALL = (ActionLost, ActionChain, ActionSecond, ActionRefuse, ActionAgain, ActionTone, ActionSoft, ActionCount)
