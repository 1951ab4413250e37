"""What the server says when it will not do something, in Telegram's own words and codes."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A call that is answered with `{"ok": false, …}`."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def to_json(self) -> dict[str, Any]:
        """`{"ok": false, "error_code": 429, "description": …, "parameters": {"retry_after": 5}}`."""
        record: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return record | ({"parameters": {"retry_after": self.retry_after}} if self.retry_after is not None else {})


def bad(problem: str) -> RefusedError:
    """400: the call itself is wrong."""
    return RefusedError(400, f"Bad Request: {problem}")


def forbidden(problem: str) -> RefusedError:
    """403: the other side does not want this bot."""
    return RefusedError(403, f"Forbidden: {problem}")


def conflict(problem: str) -> RefusedError:
    """409: two ways of receiving updates at once."""
    return RefusedError(409, f"Conflict: {problem}")


def too_many(retry_after: int) -> RefusedError:
    """429: slower, please; `retry_after` in seconds."""
    return RefusedError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


UNAUTHORIZED = RefusedError(401, "Unauthorized")
NOT_FOUND = RefusedError(404, "Not Found")


def planned(status: int, retry_after: int | None) -> RefusedError:
    """The refusal a test asked for by its status alone."""
    if status == 429:  # noqa: PLR2004 – the status is the name
        return too_many(retry_after or 1)
    words = {
        400: "Bad Request: chat not found",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        500: "Internal Server Error",
        502: "Bad Gateway",
    }
    return RefusedError(status, words[status])
