"""Acceptance slips over HTTP: a small page for people, JSON for programs. Mail programs follow links, so looking changes nothing.

    GET  /slip/TOKEN                                        a page; with `Accept: application/json` a record
    POST /slip/TOKEN  move=accept | move=decline&reason=…   the page's form
    POST /slip/TOKEN  {"move": "decline", "reason": "no_capacity"}

The record is `{"referral", "risk", "service", "county", "deadline", "state", "reasons"}`; `state` is open, yours or over. 404 for a
link that was never made, 400 for a move or reason that is none, 429 for too many tries from one address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel

from bot.channels.guard import GuardedRoute, from_our_page
from bot.channels.http import RefusedError, body_of, not_found, shaped, unavailable
from bot.channels.rates import Rate
from bot.channels.site import TYPES, Site, language_of
from bot.errors import InputError, StoreUnavailableError

if TYPE_CHECKING:
    from bot.turns.slips import Slip, Slips

JSON = "application/json"
FOREVER = "public, max-age=31536000, immutable"
FOLDER = Path(__file__).parent


class Answer(BaseModel):
    """What a program sends."""

    move: str
    reason: str = ""


def slip_router(slips: Callable[[], Slips], words: Path) -> APIRouter:
    """The routes; `slips` gives what the service works with now, `words` is `data/slip.yml`."""
    desk = SlipDesk(slips, Site.load(words, FOLDER))
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
    router.add_api_route("/slip/{token}", desk.look, methods=["GET"])
    router.add_api_route("/slip/{token}", desk.answer, methods=["POST"])
    router.add_api_route("/slip-static/{version}/slip.css", desk.style, methods=["GET"])
    return router


@dataclass(frozen=True, slots=True)
class SlipDesk:
    """The handlers."""

    slips: Callable[[], Slips]
    site: Site
    of_address: Rate = field(default_factory=lambda: Rate(burst=30, per_second=0.5))

    async def style(self) -> Response:
        """How the page looks."""
        return Response(self.site.files["slip.css"], media_type=TYPES[".css"], headers={"Cache-Control": FOREVER})

    async def look(self, request: Request, token: str) -> Response:
        """How the referral stands."""
        language = _language(request)
        self._admitted(request)
        slip = await run_in_threadpool(self.slips().look, token, language)
        return self._said(request, slip, language)

    async def answer(self, request: Request, token: str) -> Response:
        """Takes it on or declines it."""
        program = JSON in request.headers.get("content-type", "")
        body = await body_of(request)
        self._admitted(request)
        if program:
            answer, language = shaped(Answer, body), "zh"
        else:
            from_our_page(request)
            given = {key: values[-1] for key, values in parse_qs(body.decode(errors="replace")).items()}
            answer = Answer(move=given.get("move", ""), reason=given.get("reason", ""))
            language = language_of(given.get("lang"), "")
        try:
            slip = await run_in_threadpool(self.slips().answer, token, answer.move, answer.reason, language)
        except InputError as error:
            if program:
                raise RefusedError(400, "bad_request", str(error)) from error
            slip = await run_in_threadpool(self.slips().look, token, language)
            return self._said(request, slip, language, "refused", 400)
        except StoreUnavailableError:
            if program:
                raise
            return self._page(None, language, "busy", unavailable().status)
        return self._said(request, slip, language)

    def _admitted(self, request: Request) -> None:
        if wait := self.of_address.wait(request.client.host if request.client else ""):
            raise RefusedError(429, "slow", "too many tries at once; try again later", wait)

    def _said(
        self, request: Request, slip: Slip | None, language: str, notice: str = "", status: int = 200
    ) -> Response:
        wants = JSON in f"{request.headers.get('accept', '')} {request.headers.get('content-type', '')}"
        if not wants:
            return self._page(slip, language, notice, status if slip else 404)
        if slip is None:
            raise not_found("there is no such link")
        return JSONResponse({**slip.record, "reasons": list(slip.reasons)}, status)

    def _page(self, slip: Slip | None, language: str, notice: str, status: int) -> Response:
        state = slip.state if slip else "gone"
        shown: dict[str, Any] = {"slip": slip, "state": state, "notice": notice}
        return HTMLResponse(self.site.render("slip.html", language, **shown), status)


def _language(request: Request) -> str:
    return language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))
