"""Actions of a fictional puppet theatre: one for every event rasa_sdk knows."""

import datetime

from rasa_sdk import Action
from rasa_sdk.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    FollowupAction,
    LoopInterrupted,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    SlotSet,
    StoryExported,
    UserUtteranceReverted,
    UserUttered,
)

LATER = datetime.datetime.fromisoformat("2099-01-01T12:00:00+00:00")
ANSWER = {
    "text": "/唱",
    "intent": {"name": "唱", "confidence": 1.0},
    "entities": [{"entity": "角色", "value": "孙悟空"}],
}


def events_of(intent, seen):
    """What an intent asks the action to do."""
    return {
        "记住": [SlotSet("mood", "悲"), SlotSet("seen", (seen or 0) + 1), SlotSet("nobody", 1)],
        "忘记": [SlotSet("mood", None), SlotSet("role", None)],
        "忘一步": [ActionReverted(), FollowupAction("utter_done")],
        "退一步": [SlotSet("mood", "悲"), ActionReverted(), FollowupAction("utter_sing")],
        "退一句": [UserUtteranceReverted()],
        "说完再退": [BotUttered("退场前的话。"), UserUtteranceReverted(), UserUtteranceReverted()],
        "全忘": [AllSlotsReset()],
        "停": [ConversationPaused()],
        "别停": [ConversationPaused(), ConversationResumed()],
        "提醒": [ReminderScheduled("唱", LATER, name="晚场", kill_on_user_message=False)],
        "不提醒": [ReminderCancelled("晚场"), StoryExported()],
        "替我说": [ActionExecuted("action_listen"), UserUttered("/唱", parse_data=ANSWER)],
        "台词": [BotUttered("我是台词。", {"buttons": [{"title": "好", "payload": "/唱"}], "image": "脸谱.png"})],
        "重来": [Restarted()],
        "新场": [SessionStarted()],
        "拒演且记": [SlotSet("mood", "悲"), ActionExecutionRejected("action_do")],
        "打断": [LoopInterrupted(is_interrupted=True)],
        "出戏": [ActiveLoop(None), SlotSet("requested_slot", None)],
        "接着": [FollowupAction("action_then")],
        "接空": [FollowupAction("action_nowhere")],
        "转播": [ActiveLoop("play_form"), FollowupAction("play_form")],
        "替动": [ActionExecuted("utter_sing"), SlotSet("seen", 7)],
    }.get(intent, [])


class ActionDo(Action):
    def name(self):
        return "action_do"

    def run(self, dispatcher, tracker, domain):
        from rasa_sdk.interfaces import ActionExecutionRejection

        intent = tracker.get_intent_of_latest_message()
        if intent == "失手":
            raise ValueError("the puppet fell")
        if intent == "拒演":
            raise ActionExecutionRejection(self.name(), "no")
        return events_of(intent, tracker.get_slot("seen"))


class ActionThen(Action):
    def name(self):
        return "action_then"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="接着演。", image="{role}.png", attachment="单子")
        return [FollowupAction("utter_sing"), FollowupAction("action_again")]


class ActionAgain(Action):
    def name(self):
        return "action_again"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_sing", role="自己")
        return [FollowupAction("action_listen")]


class ActionForever(Action):
    def name(self):
        return "action_forever"

    def run(self, dispatcher, tracker, domain):
        return [FollowupAction("action_forever"), SlotSet("seen", (tracker.get_slot("seen") or 0) + 1)]


ALL = (ActionDo, ActionThen, ActionAgain, ActionForever)
