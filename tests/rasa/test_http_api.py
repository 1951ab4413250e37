"""The server answers as rasa 3.6.21 did (golden/http.json, made by record.py), and badly made requests honestly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.rasa.conftest import LIBRARY

Serving = Callable[..., httpx.Client]

RECORDED = json.loads((Path(__file__).parent / "golden" / "http.json").read_text(encoding="utf-8"))
# Generated anew each time, or about Rasa's own model, tokens and featurizers.
GENERATED = {"timestamp", "latest_event_time", "message_id", "model_file", "model_id", "assistant_id"}
OF_RASA = {"text_tokens", "hide_rule_turn"}
# What we answer otherwise, each with its reason in docs/running-rasa-projects.md.
OTHERWISE = {
    "/": "it says who it is",
    "/domain": "any Accept header will do",
    "/nowhere": "errors are JSON everywhere",
    "/conversations/otto/tracker?include_events=ALL": "Rasa's memory forgets what came before the session",
    "/conversations/ruth/trigger_intent": "the intent is certain, and says so",
    "/conversations/ruth/execute": "Rasa answers with the tracker as it was before the action",
    "/conversations/ruth/predict": "not offered",
    "/conversations/nobody3/predict": "not offered",
}


def comparable(value: Any) -> Any:
    """What is left when everything generated is masked."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in GENERATED | OF_RASA}
        if kept.get("policy") == "followup_action":
            kept["policy"] = "RulePolicy"  # after a restart
        return {k: comparable(v) for k, v in kept.items()}
    if isinstance(value, list):
        return [comparable(v) for v in value if not (isinstance(v, dict) and v.get("event") == "user_featurization")]
    return value


def test_every_request_is_answered_as_rasa_answered_it(serving: Serving) -> None:
    assert RECORDED["rasa"] == "3.6.21"
    client = serving()
    for recorded in RECORDED["answers"]:
        method, path, body = recorded["asked"]
        answer = client.request(method, path, json=body) if body is not None else client.request(method, path)
        if path in OTHERWISE:
            continue
        found, said = answer.json(), recorded["said"]
        if answer.status_code >= 400:  # the sentence is ours
            found, said = ({k: v for k, v in one.items() if k not in {"message", "help"}} for one in (found, said))
        assert (method, path, body, answer.status_code, comparable(found)) == (
            method, path, body, recorded["status"], comparable(said),
        )  # fmt: skip


def said(client: httpx.Client, message: str, **more: Any) -> Any:
    answer = client.post("/webhooks/rest/webhook", json={"sender": "mei", "message": message, **more})
    assert answer.status_code == 200, answer.text
    return [one.get("text") for one in answer.json()]


def test_a_failed_action_is_answered_honestly_and_the_rule_goes_no_further(serving: Serving) -> None:
    client = serving()
    (apology,) = said(client, "crash")
    assert apology.startswith("Sorry, something went wrong on our side, and what you just wrote was not dealt with.")
    events = client.get("/conversations/mei/tracker?include_events=ALL").json()["events"]
    assert [e["name"] for e in events if e["event"] == "action_execution_failed"] == ["action_crash"]
    assert events[-1]["event"] == "bot"
    assert said(client, "open") == ["We open at 9.", "We close at 18."]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "responses:\n",
            "responses:\n  utter_action_failed: [{text: 'Ring 555-0100, {name}.', buttons: [{title: Why, payload: /why}]}]\n",
            {"text": "Ring 555-0100, None.", "buttons": [{"title": "Why", "payload": "/why"}]},
        ),
        ("language: en", "language: zh", {"text": "抱歉，我们这边出了问题，您刚才说的没有处理成功。"}),
        ("language: en", "language: pt-BR", {"text": "Sorry, something went wrong on our side"}),
    ],
)
def test_a_project_says_itself_what_is_told_when_an_action_failed_else_its_language_decides(
    serving: Serving, tmp_path: Path, old: str, new: str, told: dict[str, Any]
) -> None:
    library = tmp_path / "library"
    shutil.copytree(LIBRARY, library)
    for name in ("domain.yml", "config.yml"):
        text = (library / name).read_text(encoding="utf-8")
        text = text.replace("- name: WhitespaceTokenizer\n", "")  # which is not for Chinese
        (library / name).write_text(text.replace(old, new), encoding="utf-8")
    (reply,) = serving(library).post("/webhooks/rest/webhook", json={"sender": "mei", "message": "crash"}).json()
    assert reply["text"].startswith(told["text"])
    assert reply.get("buttons") == told.get("buttons")


def test_execute_and_what_it_said(serving: Serving) -> None:
    client = serving()
    said(client, "hello")
    answer = client.post("/conversations/mei/execute", json={"name": "utter_plan"}).json()
    assert [one.get("text") for one in answer["messages"]] == ["This is the way.", None]
    assert answer["tracker"]["events"][-2]["name"] == "utter_plan"
    assert client.post("/conversations/mei/execute", json={"name": "utter_plam"}).json()["message"] == (
        "unknown action 'utter_plam'; did you mean 'utter_plan'?"
    )


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"{", 400, "the body is not JSON"),
        (b"\xff\xfe", 400, "the body is not JSON"),
        (b"[" * 100_000, 400, "the body is not JSON"),
        (b"[]", 400, "the body must be a JSON object"),
        (b"", 400, "the body must be a JSON object"),
        (b"{}", 400, "`message` must be text"),
        (b'{"message": 7}', 400, "`message` must be text"),
        (b'{"message": "  "}', 400, "`message` must be text"),
        (b'{"sender": 5, "message": "hi"}', 400, "`sender` must be text"),
        (b'{"sender": "%s", "message": "hi"}' % (b"x" * 501), 400, "`sender` must be text of 1 to 500"),
        (b'{"message": "hi", "metadata": [1]}', 400, "`metadata` must be an object"),
        (b'{"message": "hi", "metadata": {"a": NaN}}', 400, "NaN is no number"),
        (b'{"message": "hi", "metadata": {"a": %s}}' % (b"[" * 60 + b"]" * 60), 400, "more than 50 levels deep"),
        (b'{"message": "hi", "message_id": 9}', 400, "`message_id` must be text"),
        (b'{"message": "' + b"x" * 10_000_000 + b'"}', 413, "the body is longer than 1000000 bytes"),
    ],
)  # fmt: skip
def test_a_request_that_is_none_is_refused_in_rasa_s_form(
    serving: Serving, body: bytes, status: int, told: str
) -> None:
    answer = serving().post("/webhooks/rest/webhook", content=body)
    found = answer.json()
    assert (answer.status_code, found["code"], found["status"]) == (status, status, "failure")
    assert told in found["message"]


def test_streaming_is_refused_by_name(serving: Serving) -> None:
    answer = serving().post("/webhooks/rest/webhook?stream=true", json={"message": "hello"})
    assert (answer.status_code, answer.json()["message"]) == (
        501,
        "stream=true is not supported: the answers come together",
    )


def test_strange_texts_are_only_words(serving: Serving) -> None:
    client = serving()
    for text in ("/nothing{]", '/inform{"name": ', "/inform@2{}", "\U0001f600\x00\u202e", "x" * 900_000, "/"):
        assert said(client, text) == ["I did not get that."]


def test_half_a_character_becomes_a_question_mark(serving: Serving) -> None:
    client = serving()
    body = b'{"sender": "mei", "message": "\\ud800 hello \\ud83d\\ude00"}'
    assert client.post("/webhooks/rest/webhook", content=body).status_code == 200
    assert client.get("/conversations/mei/tracker").json()["latest_message"]["text"] == "? hello \U0001f600"


def test_with_a_token_only_who_knows_it_looks_at_conversations(serving: Serving) -> None:
    client = serving(token="open sesame")
    for path in ("/status", "/domain", "/conversations/mei/tracker"):
        assert client.get(path).json()["reason"] == "NotAuthenticated"
        assert client.get(path, params={"token": "open barley"}).status_code == 401
        assert client.get(path, params={"token": "open sesame"}).status_code == 200
    assert client.get("/version").status_code == 200


@pytest.mark.parametrize("event", [7, {}, {"event": "slot"}, {"event": "action"}, {"event": "user", "text": "hi"}])
def test_what_is_no_event_is_refused_and_changes_nothing(serving: Serving, event: Any) -> None:
    client = serving()
    answer = client.post("/conversations/mei/tracker/events", json=[event])
    assert (answer.status_code, answer.json()["reason"]) == (400, "BadRequest")
    assert client.post("/conversations/mei/execute", json={"name": "utter_bye"}).status_code == 404
