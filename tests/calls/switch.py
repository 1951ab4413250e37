"""A duty desk with telephones: an operator and a colleague, in a county where somebody is at every post."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from bot.messages import Channel, Content, Incoming, Press, Text
from bot.store import Call, StaffMember
from bot.turns.calls import Calling, Switchboard, Table
from tests.referrals.world import World

numbers = count()


@dataclass
class Phone:
    """One call of one operator's."""

    world: World
    post: str = "operator"
    language: str = "zh"
    id: str = field(default_factory=lambda: f"call-{next(numbers)}")

    @property
    def person(self) -> StaffMember:
        return self.world.people[self.post]

    def rings(self, number: str = "") -> Phone:
        with self.world.services.store.work() as work:
            Switchboard(self.world.services, work, self.person, self.language, self.world.now).begin(self.id, number)
        return self

    def press(self, verb: str, **given: str) -> Call:
        return self.take(Press(f"/{verb}{json.dumps(given)}"))

    def answers(self, **given: str) -> Call:
        return self.press("answer", **given)

    def hears(self, words: str) -> Call:
        return self.take(Text(words))

    def take(self, content: Content, number: str = "") -> Call:
        self.world.now += timedelta(seconds=1)
        with self.world.services.store.work() as work:
            calling = Calling(self.world.services, work, self.person, self.language, self.world.now)
            return calling.take(Incoming(Channel.CALL, self.id, number or f"m{next(numbers)}", self.world.now, content))

    def table(self) -> Table:
        with self.world.services.store.work() as work:
            return Calling(self.world.services, work, self.person, self.language, self.world.now).table(self.id)

    @property
    def asked(self) -> str:
        now = self.table().question
        return now.ask.fact if now else ""
