"""The service without a server, under a clock moved by hand; people write to it at terminals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.messages import Press, Text
from bot.referrals import Case, Event
from bot.store import Store, Task
from bot.turns import TurnResult, Turns
from bot.turns.due import due
from bot.workbench.demo import Player

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, nine in the morning in China
SEED = "我25岁，和老公要离婚，女儿五岁，我们俩都不想要她"
ALONE = "邻居家五岁的孩子现在一个人在家，没人管"


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """The service and everybody around it."""

    turns: Turns
    clock: Clock
    numbers: Iterator[int] = field(default_factory=count)

    def person(self, name: str) -> Player:
        """Somebody who has not written yet."""
        return Player(self.turns, name, self.numbers)

    def enrols(self, role: str, agency: str, name: str = "") -> Player:
        """Somebody at an agency, by a one-time code, in a chat called by their name or by the agency's."""
        code = code_for(self.turns.services.store, role, agency, self.clock())
        player = self.person(name or agency)
        player.says(Press(f'/start{{"code":"{code}"}}'))
        player.mail()
        return player

    def tells_the_seed_story(self, mother: Player) -> TurnResult:
        """The mother's side, until she has her code."""
        mother.says(Text(SEED))
        for title in ("都没有", "没有别的了", "跟爷爷奶奶、外公外婆等亲戚"):
            mother.says(Press(mother.button(title).payload))
        mother.says(Text("江苏扬中新坝镇"))
        for title in ("先不留", "我是爸爸或妈妈", "没有别的孩子了"):
            mother.says(Press(mother.button(title).payload))
        result = mother.says(Press(mother.button("可以发，没关系").payload))
        mother.mail()
        return result

    def passes(self, **time: float) -> int:
        """So much time goes by in which nothing ran; then the clock of the service runs once. How much it moved."""
        self.clock.now += timedelta(**time)
        return due(self.turns.services, self.clock.now)

    def tasks(self) -> tuple[Task, ...]:
        """What waits for an operator, the gravest first."""
        with self.turns.services.store.work() as work:
            return work.tasks.waiting()

    def case(self) -> Case:
        """The one open case."""
        with self.turns.services.store.work() as work:
            [case] = work.cases.all_open()
            return case

    def moves(self, for_whom: str) -> list[Event]:
        """What happened to one part of the one case."""
        case = self.case()
        [part] = [part for part in case.parts if part.for_whom == for_whom]
        with self.turns.services.store.work() as work:
            return [event for event in work.cases.timeline(case.id) if event.part == part.id]


def code_for(store: Store, role: str, agency: str, now: datetime) -> str:
    """A one-time code for somebody at an agency of the demo county."""
    with store.work() as work:
        return work.staff.invite(role, agency, "321182", "", now + timedelta(hours=1), now)


def texts(player: Player) -> str:
    """What was written to somebody since they last looked."""
    return "\n".join(letter.text for letter in player.mail())
