"""The web chat's routes: the page, messages as JSON for its script, the same as plain forms, quick-hide, and `/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.background import BackgroundTask

from bot.channels.guard import GuardedRoute, from_our_page
from bot.channels.http import RefusedError, TakeTurn, body_of, not_found, now, own_id, shaped, unavailable
from bot.channels.rates import Rate
from bot.channels.site import TYPES, language_of
from bot.channels.web.pages import Pages, Talk
from bot.channels.web.visitors import forget, new_visitor, remember, visitor_of
from bot.channels.web.writing import FormWriting, Writing
from bot.errors import StoreUnavailableError
from bot.messages import Channel, Content, Incoming, Press
from bot.replies import Reply

ReadAfter = Callable[[Channel, str, int], Sequence[tuple[int, Reply]]]
"""What was said to a chat after the message of this number: replies and notices, each with its own number, in order."""

FOREVER = "public, max-age=31536000, immutable"  # the address of a static file changes with its content


def chat_router(
    take_turn: TakeTurn, read_after: ReadAfter, words: Path, demo: Callable[[], bool] = lambda: False
) -> APIRouter:
    """The web chat over a turn and a reading of what was said, both synchronous; `words` is `data/web_chat.yml`.

    Whether it is a demonstration (`demo`) is said before anybody writes.
    """
    chat = WebChat(take_turn, read_after, Pages.load(words), demo)
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)
    router.add_api_route("/", chat.home, methods=["GET"])
    router.add_api_route("/chat", chat.page, methods=["GET"])
    router.add_api_route("/chat", chat.form, methods=["POST"])
    router.add_api_route("/chat/messages", chat.send, methods=["POST"])
    router.add_api_route("/chat/messages", chat.read, methods=["GET"])
    router.add_api_route("/chat/hide", chat.hide, methods=["POST"])
    router.add_api_route("/chat/static/{version}/{name}", chat.static, methods=["GET"])
    return router


@dataclass(frozen=True, slots=True)
class WebChat:
    """The handlers. A visitor may write thirty messages at once, an address (a whole township office) two hundred."""

    take_turn: TakeTurn
    read_after: ReadAfter
    pages: Pages
    demo: Callable[[], bool]
    of_visitor: Rate = field(default_factory=lambda: Rate(burst=30, per_second=1))
    of_address: Rate = field(default_factory=lambda: Rate(burst=200, per_second=20))

    async def home(self, request: Request) -> Response:
        """A neutral page."""
        return HTMLResponse(self.pages.home(_language(request)))

    async def static(self, version: str, name: str) -> Response:
        """Style and script."""
        if name not in self.pages.site.files or version != self.pages.site.version:
            raise not_found("there is no such file")
        headers = {"Cache-Control": FOREVER}
        return Response(self.pages.site.files[name], media_type=TYPES[Path(name).suffix], headers=headers)

    async def page(self, request: Request) -> Response:
        """The chat page with whatever was said so far. Looking changes nothing but the cookie."""
        return await self._page(request, _language(request))

    async def send(self, request: Request) -> Response:
        """Takes one message of the script; a message sent again gets what was said to it the first time."""
        from_our_page(request)
        visitor = self._admitted(request)
        writing = shaped(Writing, await body_of(request))
        incoming = _incoming(visitor, writing.content(now()), writing.lang, writing.id)
        result = await run_in_threadpool(self.take_turn, incoming)
        response = await self._said(visitor, writing.after)
        if any(reply.hides for reply in result.replies):
            forget(response)
        return response

    async def read(self, request: Request, after: int = 0) -> Response:
        """What was said since the message numbered `after`."""
        return await self._said(_known(request), after)

    async def form(self, request: Request) -> Response:
        """Takes one message of a plain form and shows the page anew, without a script."""
        from_our_page(request)
        language = _language(request)
        draft = ""
        try:
            writing = FormWriting.read(await body_of(request))
            language, draft = writing.lang, writing.text
            visitor = self._admitted(request)
            incoming = _incoming(visitor, writing.content(), language, writing.id)
            result = await run_in_threadpool(self.take_turn, incoming)
        except RefusedError as refused:
            return await self._page(request, language, refused, draft)
        except StoreUnavailableError:
            return await self._page(request, language, unavailable(), draft)
        if any(reply.hides for reply in result.replies):
            return self._gone()
        return RedirectResponse(f"/chat?lang={language}#latest", 303)

    async def hide(self, request: Request) -> Response:
        """Leaves for the neutral page at once; that she hid is told to the conversation afterwards."""
        from_our_page(request)
        visitor = visitor_of(request)
        hidden = _incoming(visitor, Press("/hide"), None, uuid4().hex) if visitor else None
        return self._gone(BackgroundTask(self.take_turn, hidden) if hidden else None)

    def _gone(self, afterwards: BackgroundTask | None = None) -> Response:
        response = RedirectResponse("/", 303, background=afterwards)
        forget(response)
        return response

    def _admitted(self, request: Request) -> str:
        """The visitor, if they may write now."""
        visitor = _known(request)
        address = request.client.host if request.client else ""
        if wait := max(self.of_address.wait(address), self.of_visitor.wait(visitor)):
            raise RefusedError(429, "slow", "too many messages at once; send it again later", wait)
        return visitor

    async def _said(self, visitor: str, after: int) -> JSONResponse:
        said = await run_in_threadpool(self.read_after, Channel.WEB, visitor, after)
        return JSONResponse(_plain(_since_hidden(said)))

    async def _page(
        self, request: Request, language: str, refused: RefusedError | None = None, draft: str = ""
    ) -> Response:
        visitor = visitor_of(request)
        notice = refused.code if refused else None
        try:
            said = await run_in_threadpool(self.read_after, Channel.WEB, visitor, 0) if visitor else ()
        except StoreUnavailableError:
            said, notice = (), "unavailable"
        shown = [(n, reply) for n, reply in _since_hidden(said) if not reply.hides]
        word = NOTICES.get(notice, "refused") if notice else None
        talk = Talk(shown, said[-1][0] if said else 0, word, draft)
        response = HTMLResponse(
            self.pages.chat(talk, language, uuid4().hex, demo=self.demo()), refused.status if refused else 200
        )
        if visitor is None:
            remember(response, request, new_visitor())
        return response


NOTICES = {"too_large": "long", "no_cookie": "cookieless", "slow": "again", "unavailable": "again"}
"""What the page says when a plain form was refused: code → word of `data/web_chat.yml`, else `refused`."""


def _known(request: Request) -> str:
    if visitor := visitor_of(request):
        return visitor
    raise RefusedError(409, "no_cookie", "the cookie set by GET /chat must come back")


def _language(request: Request) -> str:
    return language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def _incoming(visitor: str, content: Content, language: str | None, message_id: str) -> Incoming:
    return Incoming(Channel.WEB, visitor, own_id(visitor, message_id), now(), content, language)


def _plain(messages: Sequence[tuple[int, Reply]]) -> dict[str, Any]:
    """`{"replies": [{"n", "text", "buttons", "ask_location", "hides"}]}`, the form the page's script reads."""
    return {"replies": [{"n": n} | reply.to_record() for n, reply in messages]}


def _since_hidden(said: Sequence[tuple[int, Reply]]) -> Sequence[tuple[int, Reply]]:
    """What was said since somebody last hid, that word itself first: it makes a page still open hide as well."""
    hidden = max((place for place, (_, reply) in enumerate(said) if reply.hides), default=0)
    return said[hidden:]
