"""Rasa's REST form, over a real socket."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.rest import rest_router
from bot.messages import Press, Text
from tests.channels.web.echo import Echo

HOOK = "/webhooks/rest/webhook"


def test_a_message_in_rasas_form_is_answered_in_rasas_form(http: httpx.Client) -> None:
    assert http.post(HOOK, json={"sender": "u1", "message": "您好"}).json() == [
        {"recipient_id": "u1", "text": "收到：您好"}
    ]


def test_buttons_come_with_title_and_payload(http: httpx.Client) -> None:
    answers = http.post(HOOK, json={"sender": "u1", "message": "/greet", "input_channel": "mine"}).json()
    assert answers[1]["buttons"][2] == {"title": "都没有", "payload": "/answer{none}"}


def test_a_slash_makes_a_button_of_a_message(http: httpx.Client, echo: Echo) -> None:
    http.post(HOOK, json={"sender": "u1", "message": "/status "})
    http.post(HOOK, json={"sender": "u1", "message": "and/or"})
    assert [incoming.content for incoming in echo.took] == [Press("/status"), Text("and/or")]


def test_the_same_message_id_of_the_same_sender_is_one_message(http: httpx.Client, echo: Echo) -> None:
    said = {"sender": "u1", "message": "只说一次", "message_id": "m-1"}
    assert http.post(HOOK, json=said).json() == http.post(HOOK, json=said).json()
    http.post(HOOK, json=said | {"sender": "u2"})
    assert [incoming.chat for incoming in echo.took] == ["u1", "u2"]


def test_the_inbox_id_betrays_no_sender(http: httpx.Client, echo: Echo) -> None:
    http.post(HOOK, json={"sender": "13800001122", "message": "您好", "message_id": "m-1"})
    assert "13800001122" not in echo.took[0].id


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"{", "body: Invalid JSON"),
        (b"[]", "body: Input should be an object"),
        (b'{"message": "x"}', "sender: Field required"),
        (b'{"sender": "u1", "message": ""}', "message: String should have at least 1 character"),
        (b'{"sender": "u1", "message": 5}', "message: Input should be a valid string"),
        (b'{"sender": "u1", "message": "\\ud800"}', "body: Invalid JSON"),
    ],
)
def test_a_bad_request_says_what_is_wrong(http: httpx.Client, echo: Echo, body: bytes, complaint: str) -> None:
    answer = http.post(HOOK, content=body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(complaint)
    assert echo.took == []


def test_ten_thousand_characters_reach_the_turn_and_a_flood_does_not(http: httpx.Client, echo: Echo) -> None:
    assert http.post(HOOK, json={"sender": "u1", "message": "苦" * 10_000}).json()[0]["text"] == "收到 10000 个字。"
    assert http.post(HOOK, json={"sender": "u1", "message": "苦" * 100_000}).status_code == 413
    assert len(echo.took) == 1


def test_a_database_that_is_gone_asks_for_another_try(http: httpx.Client, echo: Echo) -> None:
    echo.gone = True
    answer = http.post(HOOK, json={"sender": "u1", "message": "您好"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")


async def test_without_a_token_only_this_machine_may_speak_for_others() -> None:
    answer = await call(rest_router(Echo().take), client="203.0.113.7")
    assert (answer.status_code, answer.json()["error"]) == (403, "no_token")


async def test_with_a_token_whoever_has_it_may_call() -> None:
    router = rest_router(Echo().take, token="open sesame")
    refused = await call(router, client="203.0.113.7", authorization="Bearer open")
    admitted = await call(router, client="203.0.113.7", authorization="Bearer open sesame")
    assert (refused.status_code, admitted.status_code) == (401, 200)


async def call(router: object, client: str, authorization: str = "") -> httpx.Response:
    """One call from an address that loopback cannot have."""
    app = FastAPI()
    app.include_router(router)
    transport = httpx.ASGITransport(app, client=(client, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://rightdoor.test") as caller:
        said = {"sender": "u1", "message": "您好"}
        return await caller.post(HOOK, json=said, headers={"Authorization": authorization})
