"""Work: what is to do, one case, moves, and the messages of whoever has no Telegram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.channels.http import TakeTurn, not_found, own_id
from bot.console import sessions
from bot.console.cases.guiding import Guiding
from bot.console.cases.office import Office
from bot.console.cases.ordering import Ordering
from bot.console.cases.sieve import LEAST, VIEWS, Sieve
from bot.console.cases.views import Line
from bot.console.facade import Look
from bot.console.pages import OURS, TYPED, Asking, Pages
from bot.errors import InputError, MoveNotAllowedError, StaleVersionError
from bot.messages import Channel, Incoming, Press, Text
from bot.store import Work
from bot.turns.orders import Order

UNDO = "undo"  # what a form brings that takes a move back


@dataclass(frozen=True, slots=True)
class Working(Pages):
    """The handlers; `take_turn` takes what somebody writes or presses among their messages."""

    take_turn: TakeTurn
    guide: Guiding

    async def inbox(self, request: Request) -> Response:
        """What is to do, as this browser was last asked to show it."""
        sieve = Sieve.of(request)

        def look(work: Work, asking: Asking, looks: list[Look]) -> dict[str, Any]:
            office = self._office(work, asking, looks)
            lines = office.inbox(sieve.view)
            sifted = {"lines": sieve.sifted(lines), "all": len(lines), "choices": _choices(office, sieve, lines)}
            least = {risk.word: office.teller.words.word("risk", risk.word) for risk in LEAST[1:]}
            waiting = {"waiting": office.waiting(), "nonce": uuid4().hex}
            sifted |= {"sieve": sieve, "views": VIEWS, "least": least}
            return sifted | waiting | self.guide.steps(work, asking)

        response = await self.shown(request, "inbox.html", look)
        sieve.keep(response, request)
        return response

    async def case(self, request: Request, case_id: str) -> Response:
        """One case."""
        return await self._page(request, "case.html", lambda office: _found(office, case_id))

    async def calendar(self, request: Request) -> Response:
        """The visits and calls that are owed, by date."""
        return await self._page(request, "calendar.html", lambda office: {"visits": office.calendar()})

    async def sheet(self, request: Request, case_id: str) -> Response:
        """One case on paper, to be handed over: what the family told is on it only when it was asked for, and written down."""
        shown = request.query_params.get("shown", "") == "1"
        return await self._page(
            request, "sheet.html", lambda office: _found(office, case_id, shown=shown) | {"full": shown}
        )

    async def details(self, request: Request, case_id: str) -> Response:
        """One case with what was told and how to reach the family; the look is written down."""
        asking, _ = await self.acting(request)
        return await self._page(request, "case.html", lambda office: _found(office, case_id, shown=True), asking)

    async def move(self, request: Request, part_id: str) -> Response:
        """A move on the version that was looked at. Where it cannot be made, the case as it stands says why."""
        asking, form = await self.acting(request)
        seen = form.get("seen", "")
        reason, to, words = (form.get(name, "") for name in ("reason", "to", "words"))
        order = Order(part_id, asking.person, reason, to, words, int(seen) if seen.isdecimal() else -1)

        def carried_out() -> tuple[str, str]:
            try:
                return self._made(asking, form.get("move", ""), order), ""
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
                "moved": part_id,
                "kept": TYPED | {name: value for name, value in form.items() if name not in OURS},
            }
            return await self._page(request, "case.html", lambda office: _of_part(office, part_id) | kept, asking, 409)
        return RedirectResponse(f"{sessions.PATH}/case/{case_id}?lang={asking.language}&done=1", 303)

    def _made(self, asking: Asking, move: str, order: Order) -> str:
        """The move is made, or, where it can be undone for a moment, tried out and held; the case's id.

        Raises whatever it is refused with.
        """
        with suppress(_TriedOutError), self.services().store.work() as work:
            orders = Ordering(self._office(work, asking))
            if move == UNDO:
                return orders.undo(order)
            waits = orders.may_wait(move, order)
            case_id = orders.make(move, order)
            if not waits:
                return case_id
            raise _TriedOutError
        with self.services().store.work() as work:
            return Ordering(self._office(work, asking)).hold(move, order)

    async def messages(self, request: Request) -> Response:
        """What was written to this person, the newest first, with the buttons that a chat would have."""

        def look(office: Office) -> dict[str, Any]:
            return {"messages": office.messages(), "nonce": uuid4().hex}

        return await self._page(request, "messages.html", look)

    async def say(self, request: Request) -> Response:
        """A button of a message, or words: the same turn as in a chat. Sent twice, it counts once."""
        asking, form = await self.acting(request)
        address = await run_in_threadpool(self._address, asking.person.contact or "")
        if address:
            words = form.get("words", "").strip()
            content = Press(form["press"]) if form.get("press") else Text(words) if words else None
            if content is not None:
                number = own_id(asking.person.id, form.get("nonce", ""), form.get("press", ""), words)
                at = self.services().clock()
                incoming = Incoming(Channel.CONSOLE, address, number, at, content, asking.language)
                await run_in_threadpool(self.take_turn, incoming)
        return RedirectResponse(f"{sessions.PATH}/messages?lang={asking.language}", 303)

    async def _page(
        self,
        request: Request,
        template: str,
        look: Callable[[Office], dict[str, Any]],
        asking: Asking | None = None,
        status: int = 200,
    ) -> Response:
        """A page of what the façade finds."""

        def at_office(work: Work, who: Asking, looks: list[Look]) -> dict[str, Any]:
            return look(self._office(work, who, looks))

        return await self.shown(request, template, at_office, asking, status)

    def _office(self, work: Work, asking: Asking, looks: list[Look] | None = None) -> Office:
        """The façade for one transaction."""
        services = self.services()
        return Office(services, work, asking.person, asking.language, services.clock(), looks)

    def _address(self, contact_id: str) -> str:
        """Where this person's messages are kept; empty when they read them elsewhere."""
        with self.services().store.read() as work:
            contact = work.contacts.get(contact_id)
        return contact.address if contact and contact.channel is Channel.CONSOLE else ""


class _TriedOutError(Exception):
    """A trial has gone well: nothing of it is to stand."""


def _choices(office: Office, sieve: Sieve, lines: tuple[Line, ...]) -> Mapping[str, list[tuple[str, str]]]:
    """What a list can be filtered by, in words and in their order."""
    named = {
        "township": [(code, office.township(code)) for code in sieve.townships(lines)],
        "agency": [(agency, office.agency(agency)) for agency in sieve.agencies(lines)],
    }
    return {name: sorted(each, key=lambda pair: pair[1]) for name, each in named.items()}


def _found(office: Office, case_id: str, *, shown: bool = False) -> dict[str, Any]:
    """One case for a template. Raises `RefusedError` outside this person's scope, as if it were not there."""
    case = office.case(case_id, shown=shown)
    if case is None:
        raise not_found()
    return {"case": case}


def _of_part(office: Office, part_id: str) -> dict[str, Any]:
    case = office.of_part(part_id)
    return _found(office, case.id if case else "")
