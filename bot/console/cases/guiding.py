"""The form of the guided first case: send me a made-up family, or put it away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.channels.http import not_found
from bot.console import sessions
from bot.console.cases.guide import Guide, send_made_up
from bot.console.pages import Asking, Pages
from bot.store import Work


@dataclass(frozen=True, slots=True)
class Guiding(Pages):
    """The handler; `story` is `data/demo.yml`."""

    story: Path

    async def guide(self, request: Request) -> Response:
        """One press of the guide's two buttons, then the list again."""
        asking, form = await self.acting(request)
        await run_in_threadpool(self._practise if form.get("do") == "practise" else self._put_away, asking)
        return RedirectResponse(f"{sessions.PATH}/inbox?lang={asking.language}", 303)

    def steps(self, work: Work, asking: Asking) -> dict[str, Any]:
        """What the list shows of it."""
        guide = self._of(work, asking)
        steps = guide.steps(self.site.told(asking.language)["guide"]["posts"])
        return {"steps": steps, "practice": bool(steps) and guide.scene(self.story) is not None}

    def _practise(self, asking: Asking) -> None:
        with self.services().store.read() as work:
            scene = self._of(work, asking).scene(self.story)
        if scene is None:
            raise not_found()
        send_made_up(self.services(), scene)

    def _put_away(self, asking: Asking) -> None:
        with self.services().store.work() as work:
            self._of(work, asking).put_away()

    def _of(self, work: Work, asking: Asking) -> Guide:
        services = self.services()
        return Guide(services, work, asking.person, asking.language, services.clock())
