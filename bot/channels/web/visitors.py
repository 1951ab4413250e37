"""Who is writing: a random name in a cookie that ends with the browser's session, and nothing else.

A name that lasted would show the whole conversation to whoever opens the same browser tomorrow; the receipt code is
what lasts.
"""

from __future__ import annotations

import re
import secrets

from fastapi import Request, Response

COOKIE = "rightdoor"
NAME = re.compile(r"[A-Za-z0-9_-]{43}")
PATH = "/chat"


def new_visitor() -> str:
    """A name nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def visitor_of(request: Request) -> str | None:
    """The name the browser holds; None when it holds none, or one that is not ours."""
    name = request.cookies.get(COOKIE, "")
    return name if NAME.fullmatch(name) else None


def remember(response: Response, request: Request, visitor: str) -> None:
    """Lets the browser hold the name: out of reach of scripts, never sent along by another site's form."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, visitor, path=PATH, secure=secure, httponly=True, samesite="lax")


def forget(response: Response) -> None:
    """Lets the browser drop the name: it cannot find its way back to the conversation."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
