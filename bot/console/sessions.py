"""A signed-in browser: a random name in a strict cookie, a token in every form, and an end by idleness and by age."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from fastapi import Request, Response

from bot.store import StaffMember, Store, Work
from bot.store.accounts import Session

COOKIE, PATH = "rightdoor-desk", "/console"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
IDLE, LASTS = timedelta(minutes=45), timedelta(hours=12)
NOTED = timedelta(minutes=1)  # a row a page would be too much


def begin(work: Work, staff: str, at: datetime) -> str:
    """A session's token; sessions that have expired are swept away."""
    work.accounts.sweep(at - IDLE, at - LASTS)
    token = secrets.token_urlsafe(32)
    work.accounts.begin(token, staff, at)
    return token


def good(work: Work, token: str, at: datetime) -> bool:
    """Whether somebody is signed in with this token still."""
    return _good(work, token, at) is not None


def _good(work: Work, token: str, at: datetime) -> Session | None:
    """The session of a token; None once it has expired."""
    session = work.accounts.session(token)
    return session if session and at - session.seen < IDLE and at - session.created < LASTS else None


def whose(store: Store, token: str, at: datetime) -> StaffMember | None:
    """Whoever is signed in; None for nobody and for a session that has expired. Being here keeps it alive."""
    with store.read() as work:
        session = _good(work, token, at)
        if session is None:
            return None
        person = work.staff.get(session.staff)
    if at - session.seen > NOTED:
        with store.work() as work:
            work.accounts.seen(token, at)
    return person


def token_of(request: Request) -> str | None:
    """What the browser holds; None when it holds nothing of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if TOKEN.fullmatch(token) else None


def remember(response: Response, request: Request, token: str) -> None:
    """Out of reach of scripts, and sent by our own pages only."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, path=PATH, secure=secure, httponly=True, samesite="strict")


def forget(response: Response) -> None:
    """The browser drops it."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")
