"""What protects a visitor's browser: answers that run nothing foreign, and no request from another site."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from bot.channels.http import PoliteRoute, RefusedError

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    # With `no-referrer` a browser sends `Origin: null` with our own forms, and `from_our_page` could not tell.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class GuardedRoute(PoliteRoute):
    """A polite route whose every answer, refusals included, carries `HEADERS` and is not kept unless it says so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The polite handler, with the headers added."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            response = await handle(request)
            response.headers.update(HEADERS)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded


def from_our_page(request: Request) -> None:
    """Refuses a request that another site's page made. Programs send neither header and act for themselves only."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    host = request.headers.get("host")
    ours = site in ("same-origin", "none") if site else origin is None or urlsplit(origin).netloc == host
    if not ours:
        raise RefusedError(403, "foreign", "only a page of this site may send this")
