"""A fictional town hall that brings its own of Rasa's default actions."""

from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, Restarted, SessionStarted, SlotSet, UserUtteranceReverted


class OwnSessionStart(Action):
    def name(self):
        return "action_session_start"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="欢迎来到便民中心。")
        visits = (tracker.get_slot("visits") or 0) + 1
        return [SessionStarted(), SlotSet("visits", visits), ActionExecuted("action_listen")]


class OwnFallback(Action):
    def name(self):
        return "action_default_fallback"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="窗口的人马上来。")
        return [UserUtteranceReverted(), SlotSet("lost", (tracker.get_slot("lost") or 0) + 1)]


class OwnRestart(Action):
    def name(self):
        return "action_restart"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="从头来。")
        return [Restarted(), SlotSet("lost", -1)]


class OwnBack(Action):
    def name(self):
        return "action_back"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="退一句。")
        return [UserUtteranceReverted(), UserUtteranceReverted()]


class OwnAskRephrase(Action):
    def name(self):
        return "action_default_ask_rephrase"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="请再说一遍。")
        return []


class OwnAskAffirmation(Action):
    def name(self):
        return "action_default_ask_affirmation"

    def run(self, dispatcher, tracker, domain):
        ranking = [one["name"] for one in tracker.latest_message.get("intent_ranking", [])]
        buttons = [{"title": name, "payload": f"/{name}"} for name in ranking[1:3]]
        dispatcher.utter_message(text="您是要：", buttons=[*buttons, {"title": "都不是", "payload": "/out_of_scope"}])
        return []


class ActionAskPhone(Action):
    def name(self):
        return "action_ask_phone"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"{tracker.get_slot('matter')}：电话是多少？")
        return []


class OwnUnlikely(Action):
    def name(self):
        return "action_unlikely_intent"

    def run(self, dispatcher, tracker, domain):
        return []


ALL = (
    OwnSessionStart,
    OwnFallback,
    OwnRestart,
    OwnBack,
    OwnAskRephrase,
    OwnAskAffirmation,
    ActionAskPhone,
    OwnUnlikely,
)
