"""Rasa's REST channel: `POST /webhooks/rest/webhook` (rasa `core/channels/rest.py`)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.rasa.conversations import Conversations, Heard
from bot.rasa.rest_form import rest_messages
from bot.rasa.web import Refusal, answer, object_body, word

SENDER_AT_MOST, CHANNEL_AT_MOST, ID_AT_MOST = 500, 100, 500
TEXT_AT_MOST = 1_000_000  # the body's own limit is the narrower one
MESSAGE_ID = "x-message-id"


def rest_routes(conversations: Conversations) -> list[Route]:
    """The channel's two routes. Like Rasa's, they ask for no token: whoever may write stands before the server."""

    async def receive(request: Request) -> Response:
        if request.query_params.get("stream", "").lower() == "true":
            raise Refusal(501, "NotImplemented", "stream=true is not supported: the answers come together")
        heard = heard_in(await object_body(request), request.headers.get(MESSAGE_ID))
        return answer(rest_messages(heard.sender, await conversations.take(heard)))

    return [
        Route("/webhooks/rest/", _health, methods=["GET"]),
        Route("/webhooks/rest/webhook", receive, methods=["POST"]),
    ]


def heard_in(body: dict[str, Any], message_id: str | None) -> Heard:
    """The message: `{"sender", "message", "metadata", "input_channel", "message_id"}`; only `message` must be there."""
    metadata = body.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise Refusal.in_body("metadata", "`metadata` must be an object")
    given = word(body, "message_id", longest=ID_AT_MOST) if body.get("message_id") is not None else message_id
    return Heard(
        sender=word(body, "sender", longest=SENDER_AT_MOST, default="default"),
        text=word(body, "message", longest=TEXT_AT_MOST).strip(),
        channel=word(body, "input_channel", longest=CHANNEL_AT_MOST, default="rest"),
        metadata=metadata,
        id=given,
    )


async def _health(_: Request) -> Response:
    return answer({"status": "ok"})
