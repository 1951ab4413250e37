"""The policy as it is in force, to be read by anybody on staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.console.pages import Pages


@dataclass(frozen=True, slots=True)
class Ruling(Pages):
    """The handler. What was read and proved is kept by the hash of the rules, so that it is done once for as long as they stay."""

    read: dict[str, Any] = field(default_factory=dict)
    proved: dict[str, Any] = field(default_factory=dict)

    async def rules(self, request: Request, check: str = "") -> Response:
        """Every table; with `check`, every promise proved anew."""
        asking = await self.asking(request)
        shown: dict[str, Any] = {}
        if asking:
            shown = await run_in_threadpool(self._rules, asking.language, proofs=bool(check))
        return await self.shown(request, "rules.html", lambda *_: shown, asking)

    def _rules(self, language: str, *, proofs: bool) -> dict[str, Any]:
        from bot.console.county import rule_book  # noqa: PLC0415 – solvers and drawing, which a start does not wait for

        services = self.services()
        key = services.policy.hash
        if key not in self.read:
            self.read.clear()
            self.read[key] = rule_book.opened(services.settings, services.clock().date())
        if proofs and key not in self.proved:
            self.proved.clear()
            self.proved[key] = rule_book.proved(services.settings)
        checked = rule_book.promises(self.read[key], self.proved[key], language) if proofs else None
        return {"tables": rule_book.tables(self.read[key], language), "checked": checked, "hash": key[:12]}
