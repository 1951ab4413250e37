"""`/api/v1`: what the pages do, for programs. The same façade, the same scopes, the same refusals.

A key (`rightdoor keys make STAFF --may read,move`) acts for somebody on staff and may do no more than its scopes: `read` lists and
shows parts, `details` shows what a family told and how to reach it (written down as a look of that person), `move` makes moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.channels.rates import Rate
from bot.console.api_shapes import Case, Move, Moved, Part, Problem, case_of, part_of
from bot.console.office import Office
from bot.console.views import CaseView
from bot.errors import ConflictError, InputError, MoveNotAllowedError, StaleVersionError, StoreUnavailableError
from bot.store import Work
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
NOTHING = ApiError(404, "not_found", "there is nothing like this within your scope")


def api(services: Callable[[], Services]) -> FastAPI:
    """The API as an application of its own, to be mounted at `/api/v1`; its description is at `openapi.json`."""
    desk = Api(services)
    app = FastAPI(title="Rightdoor", version="1", openapi_url="/openapi.json", docs_url=None, redoc_url=None)
    app.add_api_route("/parts", desk.parts, methods=["GET"], responses=REFUSALS, operation_id="parts")
    app.add_api_route("/cases/{case_id}", desk.case, methods=["GET"], responses=REFUSALS, operation_id="case")
    app.add_api_route(
        "/cases/{case_id}/details", desk.details, methods=["POST"], responses=REFUSALS, operation_id="details"
    )
    app.add_api_route("/parts/{part_id}/moves", desk.move, methods=["POST"], responses=REFUSALS, operation_id="move")

    @app.exception_handler(ApiError)
    async def refused(_: Request, error: ApiError) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def misshapen(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        return ApiError(422, "bad_request", f"{where}: {first['msg']}").response()

    @app.exception_handler(StoreUnavailableError)
    async def unavailable(_: Request, __: StoreUnavailableError) -> JSONResponse:
        return ApiError(503, "unavailable", "nothing was done; try again").response()

    return app


class Api:
    """The handlers, synchronous: FastAPI runs each in a thread. A key may ask sixty times at once, then ten times a second."""

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services = services
        self._of_key = Rate(burst=60, per_second=10)

    def parts(
        self,
        given: Given,
        view: Annotated[Literal["mine", "team", "overdue", "waiting"], Query()] = "team",
    ) -> list[Part]:
        """Open parts within scope, the overdue first, then the gravest."""
        with self._services().store.work() as work:
            return [Part(**part_of(line)) for line in self._office(work, given, "read").inbox(view)]

    def case(self, case_id: Id, given: Given) -> Case:
        """One case, without what the family told."""
        with self._services().store.work() as work:
            return _shown(self._office(work, given, "read").case(case_id))

    def details(self, case_id: Id, given: Given) -> Case:
        """One case with what the family told and how to reach it; the look is written down."""
        with self._services().store.work() as work:
            return _shown(self._office(work, given, "details").case(case_id, shown=True))

    def move(
        self,
        part_id: Id,
        move: Move,
        given: Given,
    ) -> Moved:
        """Makes a move on the version that was looked at; 409, and nothing done, when it has changed or cannot be made."""
        order = {"reason": move.reason, "to": move.to, "words": move.words}
        try:
            with self._services().store.work() as work:
                office = self._office(work, given, "move")
                if office.of_part(part_id) is None:
                    raise NOTHING
                return Moved(case=office.move(part_id, move.move, seen=move.seen, **order))
        except StaleVersionError as error:
            raise ApiError(409, "stale", str(error)) from error
        except (MoveNotAllowedError, ConflictError) as error:
            raise ApiError(409, "impossible", str(error)) from error
        except InputError as error:
            raise ApiError(400, "bad_request", str(error)) from error

    def _office(self, work: Work, given: HTTPAuthorizationCredentials | None, scope: str) -> Office:
        """In the name of whoever the key acts for. Raises `ApiError` for no key, a wrong one, or one that may not."""
        services = self._services()
        now = services.clock()
        key = work.api_keys.known(given.credentials, now) if given else None
        person = work.staff.get(key.staff) if key else None
        if key is None or person is None:
            raise ApiError(
                401, "unauthorised", "send a key as Authorization: Bearer …; `rightdoor keys make` makes one"
            )
        self._may(key, scope)
        return Office(services, work, person, LANGUAGE, now)

    def _may(self, key: ApiKey, scope: str) -> None:
        if self._of_key.wait(key.id):
            raise ApiError(429, "slow", "too many requests at once; ten a second go on")
        if scope not in key.may:
            raise ApiError(403, "scope", f"this key may {', '.join(sorted(key.may))}, not {scope}")


def _shown(view: CaseView | None) -> Case:
    if view is None:
        raise NOTHING
    return case_of(view)
