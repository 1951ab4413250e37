"""`POST /webhooks/rest/webhook` in Rasa's REST form, so that an existing Rasa client or gateway plugs in unchanged.

    {"sender": "u1", "message": "你好"} → [{"recipient_id": "u1", "text": "您好……", "buttons": [{"title", "payload"}]}]

Ours on top: `message_id` makes a repeated request safe. Source of the form: `rasa/core/channels/rest.py` of rasa 3.6.
Whoever may call this can speak as anybody, so without a token only this machine may.
"""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.channels.http import PoliteRoute, RefusedError, TakeTurn, body_of, now, own_id, shaped
from bot.messages import Channel, Incoming, typed
from bot.replies import Reply

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Spoken(BaseModel):
    """A request in Rasa's form; `input_channel` and `metadata`, which mean nothing here, are passed over."""

    sender: Name
    message: Annotated[str, Field(min_length=1)]
    message_id: Name | None = None


def rest_router(take_turn: TakeTurn, token: str = "") -> APIRouter:
    """The routes of Rasa's REST channel over `take_turn`. A `token` is asked for as `Authorization: Bearer …`."""
    router = APIRouter(prefix="/webhooks/rest", route_class=PoliteRoute)

    @router.get("/")
    async def health() -> dict[str, str]:
        """What Rasa answers here."""
        return {"status": "ok"}

    @router.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        """One turn; the replies in their order."""
        _admit(request, token)
        spoken = shaped(Spoken, await body_of(request))
        result = await run_in_threadpool(take_turn, _incoming(spoken))
        return JSONResponse([_answer(spoken.sender, reply) for reply in result.replies])

    return router


def _admit(request: Request, token: str) -> None:
    given = request.headers.get("authorization", "")
    if token and not compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise RefusedError(401, "token", "Authorization: Bearer … with the token of this service is needed")
    if not token and not (request.client and ip_address(request.client.host).is_loopback):
        raise RefusedError(403, "no_token", "without a token in the settings only this machine may call")
    if request.query_params.get("stream") == "true":
        raise RefusedError(400, "stream", "stream=true is not offered; all replies come in one answer")


def _incoming(spoken: Spoken) -> Incoming:
    message_id = own_id(spoken.sender, spoken.message_id or uuid4().hex)
    return Incoming(Channel.REST, spoken.sender, message_id, now(), typed(spoken.message))


def _answer(sender: str, reply: Reply) -> dict[str, Any]:
    """One reply as Rasa writes it: no `buttons` where there are none."""
    plain = reply.to_json()
    buttons = {"buttons": plain["buttons"]} if plain["buttons"] else {}
    return {"recipient_id": sender, "text": plain["text"]} | buttons
