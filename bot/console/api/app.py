"""`/api/v1`: what the pages do, for programs. The same façades, the same scopes, the same refusals.

A key (`rightdoor keys make STAFF --may read,move`) acts for somebody on staff and may do no more than its scopes: `read` lists and
shows parts, `details` shows what a family told and how to reach it (written down as a look of that person), `move` makes moves,
`call` is a call at the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials

from bot.console.api.access import LANGUAGE, REFUSALS, Access, ApiError, Given, Id, nothing
from bot.console.api.calls import CallApi
from bot.console.api.listing import DirectoryApi
from bot.console.api.shapes import Case, Move, Moved, Part, case_of, part_of
from bot.console.cases.office import Office
from bot.console.cases.ordering import Ordering
from bot.console.cases.views import CaseView
from bot.errors import StoreUnavailableError
from bot.turns.orders import Order
from bot.turns.services import Services


def api(services: Callable[[], Services]) -> FastAPI:
    """The API as an application of its own, to be mounted at `/api/v1`; its description is at `openapi.json`."""
    access = Access(services)
    desk, calls, listed = Api(access), CallApi(access), DirectoryApi(access)
    app = FastAPI(title="Rightdoor", version="1", openapi_url="/openapi.json", docs_url=None, redoc_url=None)
    for method, path, handler in (
        ("GET", "/parts", desk.parts),
        ("GET", "/cases/{case_id}", desk.case),
        ("POST", "/cases/{case_id}/details", desk.details),
        ("POST", "/parts/{part_id}/moves", desk.move),
        ("GET", "/calls", calls.calls),
        ("POST", "/calls", calls.begin),
        ("GET", "/calls/{call_id}", calls.call),
        ("POST", "/calls/{call_id}/keys", calls.key),
        ("POST", "/calls/{call_id}/hands", calls.hand_over),
        ("GET", "/hsds/services", listed.hsds_services),
        ("GET", "/hsds/services/{service_id}", listed.hsds_service),
        ("GET", "/hsds/organizations", listed.hsds_organizations),
        ("GET", "/hsds/organizations/{organization_id}", listed.hsds_organization),
        ("GET", "/hsds/locations", listed.hsds_locations),
        ("GET", "/hsds/locations/{location_id}", listed.hsds_location),
        ("GET", "/hsds/service_at_locations", listed.hsds_service_at_locations),
        ("GET", "/hsds/service_at_locations/{link_id}", listed.hsds_service_at_location),
    ):
        app.add_api_route(path, handler, methods=[method], responses=REFUSALS, operation_id=handler.__name__)

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
    """The handlers for cases, synchronous: FastAPI runs each in a thread."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def parts(
        self,
        given: Given,
        view: Annotated[Literal["mine", "team", "overdue", "waiting"], Query()] = "team",
    ) -> list[Part]:
        """Open parts within scope, the overdue first, then the gravest."""
        with self._office(given, "read") as office:
            return [Part(**part_of(line)) for line in office.inbox(view)]

    def case(self, case_id: Id, given: Given) -> Case:
        """One case, without what the family told."""
        with self._office(given, "read") as office:
            return _shown(office.case(case_id))

    def details(self, case_id: Id, given: Given) -> Case:
        """One case with what the family told and how to reach it; the look is written down."""
        with self._office(given, "details") as office:
            return _shown(office.case(case_id, shown=True))

    def move(self, part_id: Id, move: Move, given: Given) -> Moved:
        """Makes a move on the version that was looked at; 409, and nothing done, when it has changed or cannot be made."""
        with self._office(given, "move") as office:
            if office.of_part(part_id) is None:
                raise nothing()
            order = Order(part_id, office.person, move.reason, move.to, move.words, move.seen)
            return Moved(case=Ordering(office).make(move.move, order))

    @contextmanager
    def _office(self, given: HTTPAuthorizationCredentials | None, scope: str) -> Iterator[Office]:
        services = self._access.services()
        with self._access.work(given, scope) as (work, person):
            yield Office(services, work, person, LANGUAGE, services.clock())


def _shown(view: CaseView | None) -> Case:
    if view is None:
        raise nothing()
    return case_of(view)
