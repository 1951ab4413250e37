"""Coming and going: sign in, sign out, make an account of a one-time link."""

from __future__ import annotations

from dataclasses import dataclass, field

import segno
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.channels.guard import from_our_page
from bot.channels.http import RefusedError
from bot.channels.rates import Rate
from bot.channels.site import language_of
from bot.console import sessions
from bot.console.entrance import joining
from bot.console.entrance.signin import fresh_secret, sign_in, uri
from bot.console.pages import OURS, Form, Pages, form_of, is_ours, wanted
from bot.errors import InputError


@dataclass(frozen=True, slots=True)
class Coming(Pages):
    """The handlers. An address (a whole township office) may try to sign in thirty times at once."""

    of_address: Rate = field(default_factory=lambda: Rate(burst=30, per_second=0.2))

    async def sign_in_page(self, request: Request) -> Response:
        """The form."""
        return self.page("sign_in.html", wanted(request), problem="", again_to="", kept={})

    async def sign_in(self, request: Request) -> Response:
        """One try. Whoever was in the middle of a form when their session ended finds what they had typed."""
        from_our_page(request)
        form = await form_of(request)
        language = language_of(form.get("lang"), "")
        if wait := self.of_address.wait(request.client.host if request.client else ""):
            raise RefusedError(429, "slow", "too many tries at once; try again later", wait)
        token, problem = await run_in_threadpool(self._signed_in, form)
        kept = {name: value for name, value in form.items() if name not in OURS}
        if not token:
            again_to = form.get("again_to", "")
            return self.page("sign_in.html", language, 401, problem=problem, again_to=again_to, kept=kept)
        if is_ours(form.get("again_to", "")):
            csrf = self.csrf(token)
            response: Response = self.page("again.html", language, to=form["again_to"], kept=kept, csrf=csrf)
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
        asking, form = await self.acting(request)

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
        return await self._joining(wanted(request), code, "", "")

    async def join(self, request: Request) -> Response:
        """Makes an account of a one-time code."""
        from_our_page(request)
        form = await form_of(request)
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
        return self.page("join.html", language, 400 if problem else 200 if known else 404, **shown)
