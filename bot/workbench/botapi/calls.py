"""A call as it arrives over HTTP, and the values in it as the specification wants them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.workbench.botapi.refusals import NOT_FOUND, bad
from bot.workbench.botapi.spec import WrongValueError, bot_api

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made, and what it did. `params` are typed; `at` is a Unix time."""

    at: float
    method: str
    params: Params
    status: int
    answer: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """Whether it had its effect (the bot may not know: see `taking_effect`)."""
        return bool(self.answer["ok"])


async def raw_params(request: Request) -> Params:
    """The parameters of a GET or POST, from the address and from a form, multipart or JSON body."""
    params: Params = dict(request.query_params)
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if not body:
        return params
    if content_type.startswith("application/json"):
        return params | _json_body(body)
    if content_type.startswith("multipart/form-data"):
        return params | _multipart(content_type, body)
    return params | dict(parse_qsl(body.decode(), keep_blank_values=True))


def read_call(name: str, raw: Params) -> tuple[str, Params]:
    """The method's proper name and its parameters, typed and checked. Raises 404 or 400."""
    method = {known.lower(): known for known in bot_api().methods}.get(name.lower())
    if method is None:
        raise NOT_FOUND
    takes = bot_api().methods[method].takes
    params = {key: _typed(value, takes[key].kinds) if key in takes else value for key, value in raw.items()}
    try:
        bot_api().check_fields(params, takes, "")
    except WrongValueError as error:
        raise bad(str(error)) from error
    return method, params


def _typed(value: object, kinds: tuple[str, ...]) -> object:
    """A form only has strings; whatever is not meant as text in them is JSON."""
    if not isinstance(value, str) or kinds == ("String",):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _json_body(body: bytes) -> Params:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise bad("can't parse JSON object") from error
    if not isinstance(found, dict):
        raise bad("object expected")
    return found


def _multipart(content_type: str, body: bytes) -> Params:
    """The standard library reads multipart as the mail it once was."""
    mail = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    params: Params = {}
    parts: list[Any] = mail.get_payload()  # type: ignore[assignment]  # of a multipart it is the list of its parts
    for part in parts:
        payload: bytes = part.get_payload(decode=True)
        name = str(part.get_param("name", header="content-disposition"))
        params[name] = payload.decode() if part.get_filename() is None else payload
    return params
