"""The body of another server's answer, read in measure and in time."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

# What a request must say for its answer to be measured as it is sent: nothing that unpacks to a hundred times its size.
UNPACKED = {"Accept-Encoding": "identity"}


class BodyError(Exception):
    """A body that broke off, is too long, or too `late`; the message says so."""

    def __init__(self, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.late = late


def whole(
    response: httpx.Response, *, at_most: int, seconds: float, until: float, clock: Callable[[], float] = time.monotonic
) -> bytes:
    """The whole body, which may have `at_most` bytes and must be there at `until`, `seconds` after it was asked for.

    Raises `BodyError`; a body that takes too long, or is too long, is not read to its end.
    """
    parts, size = [], 0
    try:
        for part in response.iter_raw():
            size += len(part)
            if size > at_most:
                raise BodyError(f"the answer is longer than {at_most} bytes")
            if clock() > until:
                raise BodyError(f"no whole answer within {seconds:g} seconds", late=True)
            parts.append(part)
    except httpx.TimeoutException as error:
        raise BodyError(f"no whole answer within {seconds:g} seconds", late=True) from error
    except httpx.HTTPError as error:
        raise BodyError(f"the answer broke off ({type(error).__name__})") from error
    return b"".join(parts)
