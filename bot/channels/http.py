"""What the channels over HTTP share: bodies of a decent size, requests of a known shape, refusals as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from bot.errors import RightdoorError, StoreUnavailableError
from bot.messages import Incoming

if TYPE_CHECKING:
    from bot.turns import TurnResult

TakeTurn = Callable[[Incoming], "TurnResult"]
"""One synchronous turn; may wait for the database, so it is called in a thread."""

LARGEST_BODY = 192 * 1024
"""Bytes. 10,000 characters fit in any encoding a browser or a gateway sends, twelve bytes each at worst."""

PATIENCE = 4 * 1024 * 1024
"""Bytes read and dropped of a body that is too large: a browser hears no answer before it has sent what it has."""

TRY_AGAIN = 3.0
"""Seconds after which a database that was locked or gone is worth another try."""

Shape = TypeVar("Shape", bound=BaseModel)


class RefusedError(RightdoorError):
    """A request that is not taken: an HTTP status, a lasting code for programs, one clear line for their authors."""

    def __init__(self, status: int, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def response(self) -> Response:
        """`{"error": code, "message": one line}`, and when to try again."""
        headers = {} if self.retry_after is None else {"Retry-After": str(max(1, round(self.retry_after)))}
        return JSONResponse({"error": self.code, "message": str(self)}, self.status, headers)


class PoliteRoute(APIRoute):
    """Turns our errors into answers. A database that is gone is a 503: the message was not taken, send it again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, with refusals answered."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            return await answered(handle, request)

        return answer


async def answered(handle: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    """The response of `handle`, or the refusal it ended in."""
    try:
        return await handle(request)
    except RefusedError as refused:
        return refused.response()
    except StoreUnavailableError:
        return unavailable().response()


def not_found(message: str = "there is nothing like this within your scope") -> RefusedError:
    """The refusal for what is not there, or not for whoever asks.

    Made anew each time: one that is kept would hold on to every request that it ended.
    """
    return RefusedError(404, "not_found", message)


def unavailable() -> RefusedError:
    """The refusal for a turn that did not happen because the database is locked or gone."""
    return RefusedError(503, "unavailable", "the message was not taken; send it again", TRY_AGAIN)


async def body_of(request: Request) -> bytes:
    """The whole body; raises `RefusedError` when it is larger than `LARGEST_BODY`. More than that is never kept."""
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST_BODY:
            body += chunk
        elif size > PATIENCE:
            break
    if size > LARGEST_BODY:
        raise RefusedError(413, "too_large", f"a body may have {LARGEST_BODY} bytes at most")
    return bytes(body)


def shaped(shape: type[Shape], body: bytes) -> Shape:
    """`body` as JSON of this shape; raises `RefusedError` naming the first thing that is wrong."""
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        raise RefusedError(400, "bad_request", f"{where}: {first['msg']}") from error


def own_id(*parts: str) -> str:
    """One id for a message of one sender. Hashed, for the sender's name must not stand in the inbox in clear."""
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


def now() -> datetime:
    """The time of arrival, aware UTC."""
    return datetime.now(UTC)
