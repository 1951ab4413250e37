"""Who may use the HTTP API, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Path
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.channels.rates import Rate
from bot.console.api.shapes import Problem
from bot.errors import ConflictError, InputError, MoveNotAllowedError, StaleVersionError
from bot.store import StaffMember, Work
from bot.store.api_keys import ApiKey
from bot.turns.services import Services

LANGUAGE = "zh"
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
Id = Annotated[str, Path(min_length=1, max_length=32, pattern=r"^[0-9a-f]+$")]


class ApiError(Exception):
    """A refusal: status, code, one line."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def response(self) -> JSONResponse:
        """As a `Problem`."""
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}  # noqa: PLR2004 – unauthorised
        return JSONResponse({"error": self.code, "message": str(self)}, self.status, headers)


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}


def nothing(message: str = "there is nothing like this within your scope") -> ApiError:
    """The refusal for what is not there, made anew each time as `bot.channels.http.not_found` is."""
    return ApiError(404, "not_found", message)


@dataclass(frozen=True, slots=True)
class Access:
    """One API's keys. A key may ask sixty times at once, then ten times a second."""

    services: Callable[[], Services]
    of_key: Rate = field(default_factory=lambda: Rate(burst=60, per_second=10))

    @contextmanager
    def work(self, given: HTTPAuthorizationCredentials | None, scope: str) -> Iterator[tuple[Work, StaffMember]]:
        """One transaction in the name of whoever the key acts for.

        Raises `ApiError` for no key, a wrong one, or one that may not, and for what our own errors say.
        """
        try:
            with self.services().store.work() as work:
                yield work, self._person(work, given, scope)
        except StaleVersionError as error:
            raise ApiError(409, "stale", str(error)) from error
        except (MoveNotAllowedError, ConflictError) as error:
            raise ApiError(409, "impossible", str(error)) from error
        except InputError as error:
            raise ApiError(400, "bad_request", str(error)) from error

    def _person(self, work: Work, given: HTTPAuthorizationCredentials | None, scope: str) -> StaffMember:
        key = work.api_keys.known(given.credentials, self.services().clock()) if given else None
        person = work.staff.get(key.staff) if key else None
        if key is None or person is None:
            raise ApiError(
                401, "unauthorised", "send a key as Authorization: Bearer …; `rightdoor keys make` makes one"
            )
        self._may(key, scope)
        return person

    def _may(self, key: ApiKey, scope: str) -> None:
        if self.of_key.wait(key.id):
            raise ApiError(429, "slow", "too many requests at once; ten a second go on")
        if scope not in key.may:
            raise ApiError(403, "scope", f"this key may {', '.join(sorted(key.may))}, not {scope}")
