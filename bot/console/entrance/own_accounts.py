"""Coming in with an agency's own account: off to the provider, back again, and who that is here.

Only whoever was let in with a one-time link comes in: the first time the link joins the account to a post, later the account is
enough. A post that needs a second factor needs one there too.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import astuple, dataclass, field

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.channels.http import RefusedError, not_found
from bot.channels.rates import Rate
from bot.console import sessions
from bot.console.entrance import joining
from bot.console.entrance.oidc import Identity, Leaving, Provider, ProviderError
from bot.console.entrance.signin import signed_in
from bot.console.pages import Pages, wanted
from bot.errors import InputError

COOKIE, PATH = "rightdoor-own", f"{sessions.PATH}/own"
AWAY = 600  # seconds somebody may be at the provider's


@dataclass(frozen=True, slots=True)
class Parting:
    """What the browser keeps while somebody is away: it is sealed, so that nobody comes back with another's link."""

    leaving: Leaving
    invited: str
    language: str

    def to_cookie(self, secret: str) -> str:
        """The words, and what proves them ours."""
        words = ".".join((*astuple(self.leaving), self.invited, self.language))
        return f"{words}.{_proof(secret, words)}"

    @classmethod
    def from_cookie(cls, cookie: str, secret: str) -> Parting | None:
        """None for what is not ours."""
        words, _, proof = cookie.rpartition(".")
        parts = words.split(".")
        if len(parts) != 5 or not hmac.compare_digest(proof.encode(), _proof(secret, words).encode()):  # noqa: PLR2004 – its parts
            return None
        state, nonce, verifier, invited, language = parts
        return cls(Leaving(state, nonce, verifier), invited, language)


def _proof(secret: str, words: str) -> str:
    return hmac.new(secret.encode(), words.encode(), "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class OwnAccounts(Pages):
    """The handlers; without a provider there is nothing here."""

    provider: Provider | None
    of_address: Rate = field(default_factory=lambda: Rate(burst=30, per_second=0.2))

    async def leave(self, request: Request, invited: str = "") -> Response:
        """Off to the provider; `invited` is the one-time code of whoever comes for the first time."""
        provider = self._ours(request)
        parting = Parting(Leaving(), re.sub(r"[^A-Za-z0-9]", "", invited)[:32], wanted(request))
        try:
            back, now = self._back(request), self.services().clock()
            address = await run_in_threadpool(provider.address, parting.leaving, back, now)
        except ProviderError:
            return self._refused(parting.language, "own_failed", 502)
        response = RedirectResponse(address, 303)
        response.set_cookie(
            COOKIE,
            parting.to_cookie(self._secret()),
            max_age=AWAY,
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",  # it has to come along when the provider sends them back
        )
        return response

    async def back(self, request: Request, code: str = "", state: str = "") -> Response:
        """Back from the provider. The next page is a page of ours, which may see a strict cookie; a redirect could not."""
        provider = self._ours(request)
        parting = Parting.from_cookie(request.cookies.get(COOKIE, ""), self._secret())
        if parting is None or not code or not hmac.compare_digest(state.encode(), parting.leaving.state.encode()):
            return self._refused(parting.language if parting else wanted(request), "own_lost", 400)
        try:
            back, now = self._back(request), self.services().clock()
            identity = await run_in_threadpool(provider.who, code, parting.leaving, back, now)
            token = await run_in_threadpool(self._in, identity, parting)
        except ProviderError:
            return self._refused(parting.language, "own_failed", 502)
        except InputError as problem:
            return self._refused(parting.language, str(problem), 401)
        response = self.page("own.html", parting.language)
        sessions.remember(response, request, token)
        response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
        return response

    def _in(self, identity: Identity, parting: Parting) -> str:
        """A session's token. Raises `InputError` with a word of `problems` in data/console.yml."""
        services = self.services()
        now = services.clock()
        with services.store.work() as work:
            if parting.invited:
                joining.join_own(services, work, parting.invited, identity, parting.language)
            person = signed_in(work, identity, now)
            return sessions.begin(work, person.id, now)

    def _ours(self, request: Request) -> Provider:
        if self.provider is None:
            raise not_found()
        if wait := self.of_address.wait(request.client.host if request.client else ""):
            raise RefusedError(429, "slow", "too many tries at once; try again later", wait)
        return self.provider

    def _back(self, request: Request) -> str:
        base = self.services().settings.public.rstrip("/") or str(request.base_url).rstrip("/")
        return f"{base}{PATH}/back"

    def _secret(self) -> str:
        return self.services().store.master.secret("own", "parting")

    def _refused(self, language: str, problem: str, status: int) -> Response:
        return self.page("sign_in.html", language, status, problem=problem, again_to="", kept={})
