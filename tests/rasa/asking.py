"""The requests whose answers by real Rasa are kept in golden/http.json (made by record.py) and compared with ours."""

from __future__ import annotations

from typing import Any

# Requests as (method, path, body). They are sent in this order.
CARD = ["good morning", "a card please", "why", "it is ines", "at north", "yes", "goodbye"]


def say(sender: str, message: str, **more: Any) -> tuple[str, str, Any]:
    return "POST", "/webhooks/rest/webhook", {"sender": sender, "message": message, **more}


REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "/webhooks/rest/", None),
    ("GET", "/", None),
    ("GET", "/version", None),
    ("GET", "/status", None),
    ("GET", "/domain", None),
    ("GET", "/conversations/nobody/tracker", None),
    ("GET", "/conversations/nobody/tracker?include_events=ALL", None),
    *(say("ines", words) for words in CARD[:3]),
    ("GET", "/conversations/ines/tracker?include_events=ALL", None),
    ("GET", "/conversations/ines/tracker?include_events=APPLIED", None),
    ("GET", "/conversations/ines/tracker?include_events=NONE", None),
    ("GET", "/conversations/ines/tracker?include_events=SOME", None),
    *(say("ines", words) for words in CARD[3:]),
    ("GET", "/conversations/ines/tracker", None),
    ("GET", "/conversations/ines/tracker?include_events=APPLIED", None),
    say("otto", "open", metadata={"from": "desk"}),
    say("otto", "the map"),
    say("otto", "data"),
    say("otto", "nothing known"),
    say("otto", '/inform{"branch": "south"}'),
    say("otto", "/restart"),
    say("otto", "hello"),
    ("GET", "/conversations/otto/tracker", None),
    ("GET", "/conversations/otto/tracker?include_events=ALL", None),
    ("GET", "/conversations/otto/tracker?include_events=APPLIED", None),
    ("POST", "/model/parse", {"text": "it is Ines at north"}),
    ("POST", "/model/parse", {"text": '/inform{"branch": "south"}'}),
    ("POST", "/model/parse", {"text": "/nothing"}),
    ("POST", "/model/parse", {"text": "nothing known"}),
    ("POST", "/model/parse", None),
    ("POST", "/conversations/ruth/tracker/events", {"event": "slot", "name": "branch", "value": "south"}),
    ("POST", "/conversations/ruth/tracker/events?include_events=NONE", [{"event": "slot", "name": "name", "value": "Ruth"}]),
    ("POST", "/conversations/ruth/tracker/events", [{"event": "nonsense"}]),
    say("ruth", "a card"),
    ("POST", "/conversations/ruth/execute", {"name": "utter_greet"}),
    ("POST", "/conversations/ruth/execute", {}),
    ("POST", "/conversations/nobody2/execute", {"name": "utter_greet"}),
    ("POST", "/conversations/ruth/trigger_intent", {"name": "opening"}),
    ("POST", "/conversations/ruth/trigger_intent", {"name": "nothing"}),
    ("POST", "/conversations/ruth/trigger_intent", {}),
    ("POST", "/conversations/ruth/predict", None),
    ("POST", "/conversations/nobody3/predict", None),
    ("GET", "/nowhere", None),
]  # fmt: skip
