"""Whether a promise was kept, as the family says."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.moves import Domain, Events, propose


class ActionPromise(Action):
    """Hears the answer to "did anyone contact you?" and "is it settled?"."""

    def name(self) -> str:
        """The name the rules call."""
        return "action_promise"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """`inquiry` is `asked`, `early` (the promised time has not come) or None: nothing stands open.

        The intent is the answer, and the move of the same name. Somebody whom nobody contacted is never left without one:
        where nothing was promised a human looks.
        """
        said = tracker.latest_message["intent"]["name"]
        inquiry = tracker.get_slot("inquiry")
        if inquiry == "asked":
            dispatcher.utter_message(response=f"utter_{said}")
            return propose(tracker, said)
        if said != "nobody_came":
            dispatcher.utter_message(response="utter_old_button")
            return []
        if inquiry == "early":
            dispatcher.utter_message(response="utter_nobody_came_early")
            return []
        dispatcher.utter_message(response="utter_human", by=tracker.get_slot("human_by"))
        return propose(tracker, "human")
