"""The console's routes. Every page works without a script; every form carries a token of its session and the version it shows."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import segno
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.guard import GuardedRoute, from_our_page
from bot.channels.http import RefusedError, body_of
from bot.channels.rates import Rate
from bot.channels.site import TYPES, Site, language_of
from bot.console import joining, sessions
from bot.console.office import VIEWS, Office
from bot.console.signin import fresh_secret, sign_in, uri
from bot.errors import InputError, MoveNotAllowedError, StaleVersionError
from bot.store import StaffMember, Work
from bot.turns.services import Services

FOREVER = "public, max-age=31536000, immutable"
FOLDER = Path(__file__).parent
Form = Mapping[str, str]
# What somebody types or chooses in a form about a part, and what our own forms add.
TYPED = {"move": "", "reason": "", "to": "", "words": ""}
OURS = frozenset({"csrf", "lang", "login", "password", "code", "again_to"})


def console_router(services: Callable[[], Services], words: Path) -> APIRouter:
    """The routes; `services` gives what the service works with now, `words` is `data/console.yml`."""
    desk = Console(services, Site.load(words, FOLDER))
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False, prefix=sessions.PATH)
    router.add_api_route("", desk.home, methods=["GET"])
    router.add_api_route("/sign-in", desk.sign_in_page, methods=["GET"])
    router.add_api_route("/sign-in", desk.sign_in, methods=["POST"])
    router.add_api_route("/sign-out", desk.sign_out, methods=["POST"])
    router.add_api_route("/join", desk.join_page, methods=["GET"])
    router.add_api_route("/join", desk.join, methods=["POST"])
    router.add_api_route("/inbox", desk.inbox, methods=["GET"])
    router.add_api_route("/case/{case_id}", desk.case, methods=["GET"])
    router.add_api_route("/case/{case_id}/details", desk.details, methods=["POST"])
    router.add_api_route("/part/{part_id}/move", desk.move, methods=["POST"])
    router.add_api_route("/static/{version}/{name}", desk.static, methods=["GET"])
    return router


@dataclass(frozen=True, slots=True)
class Asking:
    """Whoever asks, in which language, with which session."""

    person: StaffMember
    language: str
    token: str


@dataclass(frozen=True, slots=True)
class Console:
    """The handlers. An address (a whole township office) may try to sign in thirty times at once."""

    services: Callable[[], Services]
    site: Site
    of_address: Rate = field(default_factory=lambda: Rate(burst=30, per_second=0.2))

    # --- coming and going -------------------------------------------------------------------------------------

    async def home(self) -> Response:
        """Where work begins."""
        return RedirectResponse(f"{sessions.PATH}/inbox", 303)

    async def static(self, version: str, name: str) -> Response:
        """Style and script."""
        if name not in self.site.files or version != self.site.version:
            raise RefusedError(404, "not_found", "there is no such file")
        return Response(self.site.files[name], media_type=TYPES[Path(name).suffix], headers={"Cache-Control": FOREVER})

    async def sign_in_page(self, request: Request) -> Response:
        """The form."""
        return self._page("sign_in.html", _language(request), problem="", again_to="", kept={})

    async def sign_in(self, request: Request) -> Response:
        """One try. Whoever was in the middle of a form when their session ended finds what they had typed."""
        from_our_page(request)
        form = await _form(request)
        language = language_of(form.get("lang"), "")
        if wait := self.of_address.wait(request.client.host if request.client else ""):
            raise RefusedError(429, "slow", "too many tries at once; try again later", wait)
        token, problem = await run_in_threadpool(self._signed_in, form)
        kept = {name: value for name, value in form.items() if name not in OURS}
        if not token:
            again_to = form.get("again_to", "")
            return self._page("sign_in.html", language, 401, problem=problem, again_to=again_to, kept=kept)
        if _ours(form.get("again_to", "")):
            csrf = self._csrf(token)
            response: Response = self._page("again.html", language, to=form["again_to"], kept=kept, csrf=csrf)
        else:
            response = RedirectResponse(f"{sessions.PATH}/inbox?lang={language}", 303)
        sessions.remember(response, request, token)
        return response

    def _signed_in(self, form: Form) -> tuple[str, str]:
        services = self.services()
        now = services.clock()
        with services.store.work() as work:
            tried = sign_in(work, form.get("login", ""), form.get("password", ""), form.get("code", ""), now)
            token = sessions.begin(work, tried.person.id, now) if tried.person else ""
        return token, tried.problem

    async def sign_out(self, request: Request) -> Response:
        """Ends the session, or with `everywhere` every session of this person."""
        asking, form = await self._acting(request)

        def leave() -> None:
            with self.services().store.work() as work:
                work.accounts.leave(asking.token)
                if form.get("everywhere"):
                    work.accounts.leave_everywhere(asking.person.id)
                now = self.services().clock()
                work.audit.add(asking.person.id, "sign_out", asking.person.id, asking.person.county, now)

        await run_in_threadpool(leave)
        response = RedirectResponse(f"{sessions.PATH}/sign-in?lang={asking.language}", 303)
        sessions.forget(response)
        return response

    async def join_page(self, request: Request, code: str = "") -> Response:
        """The form behind a one-time link. Opening it uses nothing up."""
        return await self._joining(_language(request), code, "", "")

    async def join(self, request: Request) -> Response:
        """Makes an account of a one-time code."""
        from_our_page(request)
        form = await _form(request)
        language = language_of(form.get("lang"), "")
        try:
            await run_in_threadpool(joining.join, self.services(), form)
        except InputError as problem:
            return await self._joining(language, form.get("invited", ""), str(problem), form.get("login", ""), form)
        return RedirectResponse(f"{sessions.PATH}/sign-in?lang={language}&joined=1", 303)

    async def _joining(self, language: str, code: str, problem: str, login: str, form: Form | None = None) -> Response:
        known = await run_in_threadpool(joining.invited, self.services(), code, language)
        secret = (form or {}).get("secret") or fresh_secret()
        picture = segno.make(uri(secret, login)).svg_data_uri(scale=4, dark="#000", light="#fff") if known else ""
        shown = {
            "invited": code,
            "known": known,
            "problem": problem,
            "login": login,
            "secret": secret,
            "picture": picture,
        }
        return self._page("join.html", language, 400 if problem else 200 if known else 404, **shown)

    # --- work -------------------------------------------------------------------------------------------------

    async def inbox(self, request: Request, view: str = "mine") -> Response:
        """What is to do."""
        view = view if view in VIEWS else VIEWS[0]

        def look(office: Office) -> dict[str, Any]:
            return {"lines": office.inbox(view), "view": view, "views": VIEWS}

        return await self._shown(request, "inbox.html", look)

    async def case(self, request: Request, case_id: str) -> Response:
        """One case."""
        return await self._shown(request, "case.html", lambda office: _found(office, case_id))

    async def details(self, request: Request, case_id: str) -> Response:
        """One case with what was told and how to reach the family; the look is written down."""
        asking, _ = await self._acting(request)
        return await self._shown(request, "case.html", lambda office: _found(office, case_id, shown=True), asking)

    async def move(self, request: Request, part_id: str) -> Response:
        """A move on the version that was looked at. Where it cannot be made, the case as it stands says why."""
        asking, form = await self._acting(request)
        seen = form.get("seen", "")

        def make(work: Work) -> str:
            office = self._office(work, asking)
            order = {"reason": form.get("reason", ""), "to": form.get("to", ""), "words": form.get("words", "")}
            return office.move(part_id, form.get("move", ""), seen=int(seen) if seen.isdecimal() else -1, **order)

        def carried_out() -> tuple[str, str]:
            try:
                with self.services().store.work() as work:
                    return make(work), ""
            except StaleVersionError:
                return "", "stale"
            except MoveNotAllowedError:
                return "", "impossible"
            except InputError:
                return "", "missing"

        case_id, problem = await run_in_threadpool(carried_out)
        if problem:
            kept = {
                "problem": problem,
                "kept": TYPED | {name: value for name, value in form.items() if name not in OURS},
            }
            return await self._shown(request, "case.html", lambda office: _of_part(office, part_id) | kept, asking, 409)
        return RedirectResponse(f"{sessions.PATH}/case/{case_id}?lang={asking.language}&done=1", 303)

    # --- how --------------------------------------------------------------------------------------------------

    async def _shown(
        self,
        request: Request,
        template: str,
        look: Callable[[Office], dict[str, Any]],
        asking: Asking | None = None,
        status: int = 200,
    ) -> Response:
        asking = asking or await self._asking(request)
        if asking is None:
            return RedirectResponse(f"{sessions.PATH}/sign-in?lang={_language(request)}", 303)

        def read() -> dict[str, Any]:
            with self.services().store.work() as work:
                return look(self._office(work, asking))

        shown: dict[str, Any] = {"problem": "", "kept": TYPED} | await run_in_threadpool(read)
        me = self._me(asking)
        done = request.query_params.get("done", "")
        csrf = self._csrf(asking.token)
        return self._page(
            template, asking.language, status, me=me, csrf=csrf, done=done, here=request.url.path, **shown
        )

    async def _asking(self, request: Request) -> Asking | None:
        token = sessions.token_of(request)

        def look() -> StaffMember | None:
            services = self.services()
            with services.store.work() as work:
                return sessions.who(work, token, services.clock())

        person = await run_in_threadpool(look) if token else None
        return Asking(person, _language(request), token) if person and token else None

    async def _acting(self, request: Request) -> tuple[Asking, Form]:
        """Whoever sends a form, and the form. Raises `_SignedOut` with what was typed when the session has ended."""
        from_our_page(request)
        form = await _form(request)
        asking = await self._asking(request)
        if asking is None:
            kept = {name: value for name, value in form.items() if name not in OURS}
            raise SignedOutError(
                self._page(
                    "sign_in.html", _language(request), 401, problem="ended", again_to=request.url.path, kept=kept
                )
            )
        if not hmac.compare_digest(form.get("csrf", "").encode(), self._csrf(asking.token).encode()):
            raise RefusedError(403, "stale_form", "this form is not from this session; open the page again")
        return asking, form

    def _office(self, work: Work, asking: Asking) -> Office:
        services = self.services()
        return Office(services, work, asking.person, asking.language, services.clock())

    def _me(self, asking: Asking) -> str:
        services = self.services()
        agency = services.directory.by_id.get(asking.person.agency)
        where = agency.name[asking.language] if agency else asking.person.agency
        post = services.teller(asking.language, services.clock()).post(asking.person.role)
        return " · ".join(said for said in (asking.person.name, post, str(where)) if said)

    def _csrf(self, token: str) -> str:
        return self.services().store.master.secret("csrf", token)

    def _page(self, template: str, language: str, status: int = 200, **shown: Any) -> HTMLResponse:  # noqa: ANN401 – whatever the template shows
        return HTMLResponse(self.site.render(template, language, **shown), status)


class SignedOutError(RefusedError):
    """A form whose session has ended; the answer asks to sign in and keeps what was typed."""

    def __init__(self, page: Response) -> None:
        super().__init__(401, "signed_out", "the session has ended")
        self.page = page

    def response(self) -> Response:
        """The sign-in form."""
        return self.page


def _found(office: Office, case_id: str, *, shown: bool = False) -> dict[str, Any]:
    """One case for a template. Raises `RefusedError` outside this person's scope, as if it were not there."""
    case = office.case(case_id, shown=shown)
    if case is None:
        raise RefusedError(404, "not_found", "there is nothing like this within your scope")
    return {"case": case}


def _of_part(office: Office, part_id: str) -> dict[str, Any]:
    case = office.of_part(part_id)
    return _found(office, case.id if case else "")


def _language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return language_of(asked, request.headers.get("accept-language", ""))


def _ours(path: str) -> bool:
    """Whether a path is one of our forms', to be sent again after signing in."""
    return path.startswith(f"{sessions.PATH}/") and "//" not in path and not path.endswith(("/sign-in", "/sign-out"))


async def _form(request: Request) -> dict[str, str]:
    """The fields of a plain form; the last of each name counts."""
    body = await body_of(request)
    with suppress(ValueError):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    raise RefusedError(400, "bad_request", "this is not a form of ours")
