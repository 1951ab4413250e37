"""A guided first case: what somebody new at a post tries once, ticked off by what they have really done (the audit log).

Where the agencies are invented, a made-up family comes when it is asked for: the seed story of data/demo.yml, told in real turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.console.cases.views import Step
from bot.console.facade import Facade
from bot.referrals.lifecycle import AT_THE_DESK
from bot.turns import Turns
from bot.turns.services import Services
from bot.workbench import demo

PUT_AWAY = "guide_done"  # in the audit log, once somebody has had enough of it
ANY_POST = "caseworker"  # whoever has no steps of their own


class Guide(Facade):
    """The steps of one person."""

    __slots__ = ()

    def steps(self, posts: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Step, ...]:
        """The steps of this person's post; none once all are done or they were put away.

        `posts` is `guide.posts` of data/console.yml: each step's `text`, the path `to` it, and how actions that do it begin (`by`).
        """
        did = self.work.audit.done_by(self.person.id)
        if PUT_AWAY in did:
            return ()
        mine = posts.get(self.person.role) or posts[ANY_POST]
        steps = tuple(
            Step(step["text"], step["to"], any(action.startswith(tuple(step["by"])) for action in did)) for step in mine
        )
        return () if all(step.done for step in steps) else steps

    def scene(self, story: Path) -> Mapping[str, Any] | None:
        """The scene that brings a made-up family to this person; None where agencies are real, and where it would go elsewhere."""
        agency = self.services.directory.by_id.get(self.person.agency)
        if agency is None or not agency.fictional:
            return None
        near = (scene for scene in demo.scenes(story) if self._comes_here(scene["accepts"]))
        return next(near, None)

    def put_away(self) -> None:
        """Nothing more of it is shown."""
        self.work.audit.add(self.person.id, PUT_AWAY, self.person.id, self.person.county, self.at)

    def _comes_here(self, taker: str) -> bool:
        """An agency has what is sent to it, the duty desk what is sent to anybody of its county."""
        known = self.services.directory.by_id.get(taker)
        at_desk = self.person.role in AT_THE_DESK and known is not None and known.place[:6] == self.person.county
        return taker == self.person.agency or at_desk


def send_made_up(services: Services, scene: Mapping[str, Any]) -> None:
    """A fictional mother tells a scene's story; whoever it goes to is told as always."""
    demo.tell(Turns(services), scene)
