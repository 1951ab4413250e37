"""Pages that renew themselves: a stream of events that only say that there is something new; the page itself is asked for again.

What somebody may see is decided where the page is made, so nothing personal is ever in the stream. Something is new when a message
was written to this person (a referral, a task, a letter, a call handed over): whatever is theirs to do comes with one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from bot.channels.http import RefusedError
from bot.console import sessions
from bot.console.pages import Pages
from bot.errors import StoreUnavailableError

LOOK = 1.0  # seconds between two looks at the newest message of all, shared by every page that is open
STILL = 20.0  # seconds after which a stream that has nothing to say shows that it is alive, and whether somebody is signed in
MOST = 1000  # streams of one process; who comes later asks again, and reads pages as they were before


@dataclass(slots=True)
class Newest:
    """The number of the newest message of all, looked up once a second however many wait for it."""

    at: float = 0.0
    number: int = 0
    streams: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Live(Pages):
    """The handler."""

    stopping: Callable[[], bool]
    newest: Newest = field(default_factory=Newest)

    async def live(self, request: Request) -> Response:
        """Server-sent events: `news` with the number of this person's newest message, for as long as they are signed in."""
        asking = await self.asking(request)
        if asking is None:
            raise RefusedError(401, "signed_out", "sign in first")
        if self.newest.streams >= MOST:
            raise RefusedError(503, "full", "too many pages are open; this one is not renewed by itself", STILL)
        events = self._events(request, asking.token, asking.person.contact or "")
        return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _events(self, request: Request, token: str, contact: str) -> AsyncIterator[str]:
        self.newest.streams += 1
        try:
            yield "retry: 2000\n\n"
            seen, mine, spoke = 0, await run_in_threadpool(self._newest, contact) or 0, time.monotonic()
            while not (self.stopping() or await request.is_disconnected()):
                number = await self._number()
                if number != seen and (newest := await run_in_threadpool(self._newest, contact)) is not None:
                    seen, before, mine = number, mine, newest
                    if mine != before:
                        spoke = time.monotonic()
                        yield f"event: news\nid: {mine}\ndata: {mine}\n\n"
                if time.monotonic() - spoke > STILL:
                    spoke = time.monotonic()
                    if not await run_in_threadpool(self._signed_in, token):
                        yield "event: ended\ndata: \n\n"
                        return
                    yield ": \n\n"
                await asyncio.sleep(LOOK)
        finally:
            self.newest.streams -= 1

    async def _number(self) -> int:
        async with self.newest.lock:
            if time.monotonic() - self.newest.at >= LOOK:
                found = await run_in_threadpool(self._newest)
                self.newest.number = self.newest.number if found is None else found
                self.newest.at = time.monotonic()
        return self.newest.number

    def _newest(self, contact: str | None = None) -> int | None:
        """The newest message of all, or to one contact; None while the database is away: the next look may tell."""
        try:
            with self.services().store.read() as work:
                return work.outbox.newest(contact)
        except StoreUnavailableError:
            return None

    def _signed_in(self, token: str) -> bool:
        """Whether somebody still is; while the database is away nobody is sent off: the next look may tell."""
        try:
            with self.services().store.read() as work:
                return sessions.good(work, token, self.services().clock())
        except StoreUnavailableError:
            return True
