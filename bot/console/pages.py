"""What every page of the console needs: who asks, in which language, a form that is ours, a page to answer with."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.guard import from_our_page
from bot.channels.http import RefusedError, body_of
from bot.channels.site import Site, language_of
from bot.console import sessions
from bot.console.facade import Look
from bot.store import StaffMember, Work
from bot.turns.services import Services

Form = Mapping[str, str]
# What somebody types or chooses in a form about a part, how the part stood when the form was made, and what our own forms add.
TYPED = {"move": "", "reason": "", "to": "", "words": "", "saw_state": "", "saw_owner": "", "saw_by": ""}
OURS = frozenset({"csrf", "lang", "login", "password", "code", "again_to"})


@dataclass(frozen=True, slots=True)
class Asking:
    """Whoever asks, in which language, with which session."""

    person: StaffMember
    language: str
    token: str


@dataclass(frozen=True, slots=True)
class Pages:
    """One console: its services as they are now, and its site."""

    services: Callable[[], Services]
    site: Site

    async def shown(
        self,
        request: Request,
        template: str,
        look: Callable[[Work, Asking, list[Look]], dict[str, Any]],
        asking: Asking | None = None,
        status: int = 200,
    ) -> Response:
        """A page of what `look` finds, for whoever is signed in (`asking`, when that is known already); else the way to sign in.

        It is looked for in a reading, which waits for no turn; who looked is written down before anything is shown.
        """
        asking = asking or await self.asking(request)
        if asking is None:
            return RedirectResponse(f"{sessions.PATH}/sign-in?lang={wanted(request)}", 303)

        def read() -> dict[str, Any]:
            services, looks = self.services(), list[Look]()
            with services.store.read() as work:
                found = look(work, asking, looks)
            if looks:
                with services.store.work() as work:
                    for each in looks:
                        work.audit.add(asking.person.id, each.action, each.subject, each.county, services.clock())
            return found

        shown: dict[str, Any] = {"problem": "", "kept": TYPED} | await run_in_threadpool(read)
        shown |= {"me": self._me(asking), "role": asking.person.role, "csrf": self.csrf(asking.token)}
        done = request.query_params.get("done", "")
        return self.page(template, asking.language, status, done=done, here=request.url.path, **shown)

    async def asking(self, request: Request) -> Asking | None:
        """Whoever is signed in."""
        token = sessions.token_of(request)

        def look() -> StaffMember | None:
            return sessions.whose(self.services().store, token or "", self.services().clock())

        person = await run_in_threadpool(look) if token else None
        return Asking(person, wanted(request), token) if person and token else None

    async def acting(self, request: Request) -> tuple[Asking, Form]:
        """Whoever sends a form, and the form. Raises `SignedOutError` with what was typed when the session has ended."""
        from_our_page(request)
        form = await form_of(request)
        asking = await self.asking(request)
        if asking is None:
            kept = {name: value for name, value in form.items() if name not in OURS}
            raise SignedOutError(
                self.page("sign_in.html", wanted(request), 401, problem="ended", again_to=request.url.path, kept=kept)
            )
        if not hmac.compare_digest(form.get("csrf", "").encode(), self.csrf(asking.token).encode()):
            raise RefusedError(403, "stale_form", "this form is not from this session; open the page again")
        return asking, form

    def _me(self, asking: Asking) -> str:
        services = self.services()
        agency = services.directory.by_id.get(asking.person.agency)
        where = agency.name[asking.language] if agency else asking.person.agency
        post = services.teller(asking.language, services.clock()).post(asking.person.role)
        return " · ".join(said for said in (asking.person.name, post, str(where)) if said)

    def csrf(self, token: str) -> str:
        """What the forms of a session carry; nothing is stored for it."""
        return self.services().store.master.secret("csrf", token)

    def page(
        self,
        template: str,
        language: str,
        status: int = 200,
        **shown: Any,  # noqa: ANN401 – whatever the template shows
    ) -> HTMLResponse:
        """One page; `own` is what an agency's own accounts are called, where there are any."""
        oidc = self.services().settings.oidc
        return HTMLResponse(self.site.render(template, language, own=oidc.name if oidc.issuer else "", **shown), status)


class SignedOutError(RefusedError):
    """A form whose session has ended; the answer asks to sign in and keeps what was typed."""

    def __init__(self, page: Response) -> None:
        super().__init__(401, "signed_out", "the session has ended")
        self.page = page

    def response(self) -> Response:
        """The sign-in form."""
        return self.page


def wanted(request: Request) -> str:
    """The language of a page."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return language_of(asked, request.headers.get("accept-language", ""))


def is_ours(path: str) -> bool:
    """Whether a path is one of our forms', to be sent again after signing in."""
    return path.startswith(f"{sessions.PATH}/") and "//" not in path and not path.endswith(("/sign-in", "/sign-out"))


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a plain form; the last of each name counts."""
    body = await body_of(request)
    with suppress(ValueError):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    raise RefusedError(400, "bad_request", "this is not a form of ours")
