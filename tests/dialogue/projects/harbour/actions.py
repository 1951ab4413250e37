"""Actions of a fictional harbour: forms that are left, entered and replaced by actions."""

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet, UserUtteranceReverted
from rasa_sdk.interfaces import ActionExecutionRejection


class ValidateTicketForm(FormValidationAction):
    def name(self):
        return "validate_ticket_form"

    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        people = tracker.get_slot("people")
        return [*domain_slots, "seat"] if isinstance(people, (int, float)) and people > 2 else domain_slots

    def validate_people(self, value, dispatcher, tracker, domain):
        if value == 0:
            return {"people": None, "requested_slot": "day"}
        return {"people": value}

    def validate_day(self, value, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"记下了：{value}。")
        return {"day": None if value == "昨天" else value}

    def validate_seat(self, value, dispatcher, tracker, domain):
        return {"seat": value, "people": None} if value == "中" else {"seat": value}


class ActionAskDay(Action):
    def name(self):
        return "action_ask_ticket_form_day"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="哪一天？", buttons=[{"title": "明天", "payload": '/回答{"日子": "明天"}'}])
        return [SlotSet("asked", (tracker.get_slot("asked") or 0) + 1)]


class ActionAskSeat(Action):
    def name(self):
        return "action_ask_seat"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="上舱还是下舱？")
        return []


class OwnForm(Action):
    def name(self):
        return "own_form"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"座位：{tracker.get_slot('seat')}")
        return []


class ActionJump(Action):
    def name(self):
        return "action_jump"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("ship", None), FollowupAction("ticket_form")]


class ActionStopSelf(Action):
    def name(self):
        return "action_stop_self"

    def run(self, dispatcher, tracker, domain):
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("people", None)]


class ActionYield(Action):
    def name(self):
        return "action_yield"

    def run(self, dispatcher, tracker, domain):
        if tracker.active_loop:
            return [ActionExecutionRejected("ticket_form"), SlotSet("seat", "下"), FollowupAction("action_listen")]
        raise ActionExecutionRejection(self.name(), "no")


class ActionAskWeather(Action):
    def name(self):
        return "action_ask_weather"

    def run(self, dispatcher, tracker, domain):
        loop = tracker.active_loop.get("name") if tracker.active_loop else None
        dispatcher.utter_message(text=f"{loop} {tracker.get_slot('requested_slot')} {tracker.latest_action_name}")
        return []


class ActionOwnFallback(Action):
    def name(self):
        return "action_own_fallback"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_default")
        return [FollowupAction("action_listen")] if tracker.active_loop else [UserUtteranceReverted()]


ALL = (
    ValidateTicketForm,
    ActionAskDay,
    ActionAskSeat,
    OwnForm,
    ActionJump,
    ActionStopSelf,
    ActionYield,
    ActionAskWeather,
    ActionOwnFallback,
)
