"""The page of the report."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.console.county.reports import reported
from bot.console.pages import Pages


@dataclass(frozen=True, slots=True)
class Reporting(Pages):
    """The handler."""

    async def reports(self, request: Request, since: str = "", until: str = "") -> Response:
        """How long families wait, where, and why things move."""
        asking = await self.asking(request)
        made = None
        if asking:  # counted in a reading of its own, so that no turn waits for it
            made = await run_in_threadpool(reported, self.services(), since, until, asking.language)
        return await self.shown(request, "reports.html", lambda *_: {"report": made}, asking)
