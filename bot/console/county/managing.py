"""Pages of administrators and auditors: who works here, and who looked at what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.channels.http import not_found
from bot.console import sessions
from bot.console.county.people import People
from bot.console.facade import Look
from bot.console.pages import Asking, Pages
from bot.errors import InputError
from bot.referrals import Role
from bot.store import Work

ROWS = 100  # of the audit log on a page


@dataclass(frozen=True, slots=True)
class Managing(Pages):
    """The handlers."""

    async def people(self, request: Request) -> Response:
        """Everybody who works here."""
        return await self._people(request)

    async def invite(self, request: Request) -> Response:
        """A one-time link, shown once."""
        asking, form = await self.acting(request)
        return await self._changed(
            request, asking, lambda people: people.invite(form.get("post", ""), form.get("name", ""))
        )

    async def leaves(self, request: Request, staff_id: str) -> Response:
        """Somebody goes."""
        asking, _ = await self.acting(request)
        return await self._changed(request, asking, lambda people: people.leaves(staff_id))

    async def log(self, request: Request, about: str = "", before: str = "", check: str = "") -> Response:
        """The audit log of this county, the newest first, of one id (`about`); with `check` whether it is as it was sealed."""

        def look(work: Work, who: Asking, looks: list[Look]) -> dict[str, Any]:
            if who.person.role != Role.AUDITOR:
                raise not_found()
            looks.append(Look("read_audit", who.person.id, who.person.county))
            until = int(before) if before.isdecimal() else None
            rows = work.audit.page(who.person.county, about.strip()[:64], until, ROWS)
            verdict = work.seals.verify() if check else None
            return {"rows": rows, "about": about, "verdict": verdict, "more": rows[-1].seq if len(rows) == ROWS else 0}

        return await self.shown(request, "audit.html", look)

    async def _changed(self, request: Request, asking: Asking, change: Callable[[People], str | None]) -> Response:
        def act() -> tuple[str, str]:
            try:
                with self.services().store.work() as work:
                    return change(self._of(work, asking)) or "", ""
            except InputError as error:
                return "", str(error) if str(error) in ("holds", "gone") else "missing"

        code, problem = await run_in_threadpool(act)
        link = f"{self._address(request)}{sessions.PATH}/join?code={code}" if code else ""
        return await self._people(request, asking, 409 if problem else 200, link=link, code=code, problem=problem)

    async def _people(self, request: Request, asking: Asking | None = None, status: int = 200, **more: str) -> Response:
        shown = {"link": "", "code": "", "problem": ""} | more

        def look(work: Work, who: Asking, looks: list[Look]) -> dict[str, Any]:
            people = self._of(work, who)
            looks.append(Look("read_people", who.person.id, who.person.county))
            return {"people": people.everybody(), "openings": people.openings()} | shown

        return await self.shown(request, "people.html", look, asking, status)

    def _of(self, work: Work, asking: Asking) -> People:
        if asking.person.role != Role.ADMINISTRATOR:
            raise not_found()
        services = self.services()
        return People(services, work, asking.person, asking.language, services.clock())

    def _address(self, request: Request) -> str:
        return self.services().settings.public.rstrip("/") or str(request.base_url).rstrip("/")
