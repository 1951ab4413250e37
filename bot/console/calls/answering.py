"""The desk for calls: a call begins, keys and notes are taken, it changes hands, it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.channels.http import RefusedError, not_found, own_id
from bot.console import sessions
from bot.console.calls.telephone import Telephone
from bot.console.calls.views import SoFar
from bot.console.facade import Look
from bot.console.pages import Asking, Form, Pages
from bot.errors import ConflictError, InputError, MoveNotAllowedError, NotYoursError
from bot.messages import Channel, Content, Incoming, Press, Text
from bot.store import Work

HAND_OVER = "hand over"
# Fields whose words go with the key of the same name; Enter in one of them is that key.
TYPED = ("where", "reach", "number")
Made = TypeVar("Made")
# Two writers met; the later one looks again.
TRIES = 3
# Our own script asks for the desk alone, and puts it in place of the one it shows.
SCRIPTED = "x-desk"
NOT_YOURS = "there is no call like this in your hands"


@dataclass(frozen=True, slots=True)
class Calls(Pages):
    """The handlers."""

    async def calls(self, request: Request) -> Response:
        """Every call of this desk, and the key with which one begins."""

        def look(telephone: Telephone) -> dict[str, Any]:
            return {"lines": telephone.lines(), "nonce": uuid4().hex}

        return await self._shown(request, "calls.html", look)

    async def begin(self, request: Request) -> Response:
        """The telephone rings. Sent twice, it is one call."""
        asking, form = await self.acting(request)
        call_id = own_id(asking.person.id, form.get("nonce", ""))
        try:
            await self._do(asking, lambda telephone: telephone.board.begin(call_id, form.get("number", "")[:40]))
        except NotYoursError as error:
            raise not_found(NOT_YOURS) from error
        return _to(asking, call_id)

    async def call(self, request: Request, call_id: str) -> Response:
        """The desk; once the call has ended, what came of it."""
        return await self._shown(request, "call.html", lambda telephone: self._view(telephone, call_id))

    async def ending(self, request: Request, call_id: str) -> Response:
        """What is read out at the end, and what the call was."""
        return await self._shown(request, "call_end.html", lambda telephone: self._view(telephone, call_id))

    async def hands(self, request: Request, call_id: str) -> Response:
        """To whom a call may be handed over."""

        def look(telephone: Telephone) -> dict[str, Any]:
            telephone.board.mine(call_id)
            return {"call": call_id, "colleagues": telephone.colleagues(), "nonce": uuid4().hex}

        return await self._shown(request, "call_hand.html", look)

    async def key(self, request: Request, call_id: str) -> Response:
        """Notes, then a key: each counts once, however often the form is sent."""
        asking, form = await self.acting(request)
        do, nonce = form.get("do", ""), form.get("nonce", "")
        supposed: SoFar | None = None

        def act(telephone: Telephone) -> SoFar | None:
            for content in _told(form, do):
                number = own_id(asking.person.id, call_id, nonce, repr(content))
                telephone.calling.take(Incoming(Channel.CALL, call_id, number, telephone.at, content, asking.language))
            return _besides(telephone, call_id, do, form)

        problem = ""
        try:
            supposed = await self._do(asking, act)
        except NotYoursError:
            problem = "not_yours"
        except MoveNotAllowedError:
            problem = "impossible"
        except InputError:
            problem = "no_key"
        if problem == "not_yours" or (do == HAND_OVER and not problem):
            return RedirectResponse(f"{sessions.PATH}/calls?lang={asking.language}&done={'' if problem else '1'}", 303)
        ends = form.get("here") == "end"
        if not (problem or supposed or SCRIPTED in request.headers):
            return _to(asking, call_id, "/end" if ends else "")
        shown = {"problem": problem, "supposed": supposed, "kept_notes": form.get("heard", "") if problem else ""}
        template = "call_end.html" if ends else "call_table.html" if SCRIPTED in request.headers else "call.html"

        def look(telephone: Telephone) -> dict[str, Any]:
            return self._view(telephone, call_id) | shown

        return await self._shown(request, template, look, asking, 409 if problem else 200)

    async def take(self, request: Request, call_id: str) -> Response:
        """A call that waits is taken up."""
        asking, _ = await self.acting(request)
        try:
            await self._do(asking, lambda telephone: telephone.board.take_up(call_id))
        except NotYoursError:
            return RedirectResponse(f"{sessions.PATH}/calls?lang={asking.language}", 303)
        return _to(asking, call_id)

    # --- how --------------------------------------------------------------------------------------------------

    async def _shown(
        self,
        request: Request,
        template: str,
        look: Callable[[Telephone], dict[str, Any]],
        asking: Asking | None = None,
        status: int = 200,
    ) -> Response:
        def read(work: Work, who: Asking, looks: list[Look]) -> dict[str, Any]:
            try:
                return look(self._telephone(work, who, looks))
            except (NotYoursError, InputError, MoveNotAllowedError) as error:
                raise not_found(NOT_YOURS) from error

        return await self.shown(request, template, read, asking, status)

    def _view(self, telephone: Telephone, call_id: str) -> dict[str, Any]:
        view = telephone.call(call_id)
        kinds = {word: said[telephone.language] for word, said in self.services().calls.kinds.items()}
        return {
            "call": view,
            "kinds": kinds,
            "supposed": None,
            "kept_notes": "",
            "nonce": uuid4().hex,
        }

    async def _do(self, asking: Asking, act: Callable[[Telephone], Made]) -> Made:
        """One transaction; where two writers met, once more."""

        def once() -> Made:
            with self.services().store.work() as work:
                return act(self._telephone(work, asking))

        for _ in range(TRIES):
            try:
                return await run_in_threadpool(once)
            except ConflictError:
                continue
        raise RefusedError(409, "conflict", "too many people are changing this call; try again")

    def _telephone(self, work: Work, asking: Asking, looks: list[Look] | None = None) -> Telephone:
        services = self.services()
        return Telephone(services, work, asking.person, asking.language, services.clock(), looks)


def _told(form: Form, do: str) -> tuple[Content, ...]:
    """What a form tells: the notes that were typed, then the key; a typed answer goes with its key."""
    told: list[Content] = []
    if form.get("heard", "").strip():
        told.append(Text(form["heard"]))
    typed = next((field for field in TYPED if do == f"/{field}" or (not do and form.get(field, "").strip())), "")
    if typed:
        told.append(Press(f"/{typed}{_words(form.get(typed, ''))}"))
    elif do.startswith("/"):
        told.append(Press(do))
    return tuple(told)


def _words(text: str) -> str:
    """What was typed, as a key brings it."""
    return json.dumps({"text": text}, ensure_ascii=False)


def _besides(telephone: Telephone, call_id: str, do: str, form: Form) -> SoFar | None:
    """What is no key of the conversation: another pair of hands, who called the police, the same family, *what if*."""
    if do == HAND_OVER:
        telephone.board.hand_over(call_id, form.get("to", ""))
    verb, _, rest = do.partition(" ")
    verb = verb or ("receipt" if form.get("receipt", "").strip() else "")
    match verb:
        case "called":
            part, _, by = rest.partition(" ")
            telephone.calling.called(call_id, part, by)
        case "join":
            telephone.join(call_id, rest)
        case "receipt":
            telephone.join(call_id, telephone.case_for(form.get("receipt", "")))
        case "suppose":
            return telephone.suppose(call_id, form.get("suppose", "")) if form.get("suppose") else None
    return None


def _to(asking: Asking, call_id: str, page: str = "") -> Response:
    return RedirectResponse(f"{sessions.PATH}/call/{quote(call_id)}{page}?lang={asking.language}", 303)
