"""What every route of the server has in common: bodies that are limited, answers and errors in Rasa's form."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from hmac import compare_digest
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.dialogue.acting.remote import VERSION

log = logging.getLogger(__name__)

# The longest body that is read, in bytes, and how deep its values may lie in one another.
BODY_AT_MOST = 1_000_000
DEEP_AT_MOST = 50
Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):  # noqa: N818 – an answer to the client, nothing that went wrong here
    """A request that is not done, in Rasa's form (rasa `server.py`, `ErrorResponse`)."""

    def __init__(self, status: int, reason: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.reason, self.message, self.details = status, reason, message, dict(details or {})

    @classmethod
    def in_body(cls, name: str, message: str) -> Refusal:
        """A field of the body that is missing or of the wrong kind."""
        return cls(400, "BadRequest", message, {"parameter": name, "in": "body"})


def answer(value: object, status: int = 200) -> Response:
    """JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, status, media_type="application/json")


def refused(_: Request, refusal: Exception) -> Response:
    """The answer to a request that is not done."""
    if not isinstance(refusal, Refusal):
        log.error("a request failed: %s", type(refusal).__name__)
        refusal = Refusal(500, "UnexpectedError", f"An unexpected error occurred: {type(refusal).__name__}")
    said = {
        "version": VERSION,
        "status": "failure",
        "message": refusal.message,
        "reason": refusal.reason,
        "details": refusal.details,
        "help": None,
        "code": refusal.status,
    }
    return answer(said, refusal.status)


async def json_body(request: Request) -> Any:  # noqa: ANN401 – whoever asks says what it must be
    """The body, None when it is empty. Raises `Refusal` for one that is too long or is not JSON."""
    body = await _body(request)
    try:
        found = json.loads(body, parse_constant=_no_number) if body else None
        _check_depth(found, DEEP_AT_MOST)
        return _whole(found) if b"\\ud" in body.lower() else found
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "BadRequest", f"the body is not JSON: {error}") from error


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _check_depth(value: Any, left: int) -> None:  # noqa: ANN401 – as it came
    """What is kept must be readable later, inside other things."""
    if not left:
        raise ValueError(f"it is more than {DEEP_AT_MOST} levels deep")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_depth(inner, left - 1)


def _whole(value: Any) -> Any:  # noqa: ANN401 – as it came
    """The value with a question mark for every half of a character, which no database would take."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


async def object_body(request: Request) -> dict[str, Any]:
    """The body, which must be an object."""
    found = await json_body(request)
    if not isinstance(found, dict):
        raise Refusal(400, "BadRequest", 'the body must be a JSON object, such as {"sender": "…", "message": "…"}')
    return found


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > BODY_AT_MOST:
                raise Refusal(413, "TooLarge", f"the body is longer than {BODY_AT_MOST} bytes")
            parts.append(part)
    except ClientDisconnect as error:
        raise Refusal(400, "BadRequest", "the body broke off") from error
    return b"".join(parts)


def word(body: Mapping[str, Any], name: str, *, longest: int, default: str | None = None) -> str:
    """A field that must be words, with a default where it may be missing."""
    value = body.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise Refusal.in_body(name, f"`{name}` must be text of 1 to {longest} characters")
    return value


def guarded(token: str) -> Callable[[Handler], Handler]:
    """Lets through who knows the token (`?token=…`); everybody when there is none."""

    def wrap(handler: Handler) -> Handler:
        async def checked(request: Request) -> Response:
            given = request.query_params.get("token", "")
            if token and not compare_digest(given.encode(), token.encode()):
                raise Refusal(401, "NotAuthenticated", "User is not authenticated.")
            return await handler(request)

        return checked

    return wrap
