"""The soak itself.

Families tell their story by REST, caseworkers read on a Bot API server that keeps Telegram's limits, processes are killed;
nobody at the lower levels answers, so that every referral climbs, and county centres accept.

What must hold: every referral is delivered, at most one message a kill comes again, no deadline is missed by more than five
seconds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import httpx
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select

from bot.delivery.courier import HANDS
from bot.errors import InputError, RightdoorError
from bot.places import Gazetteer
from bot.referrals import Status
from bot.settings import project_folder
from bot.store import Store, master_key
from bot.store.tables import contacts, outbox, parts
from bot.workbench.botapi import BotApi, Person
from bot.workbench.botapi.limits import Limits
from bot.workbench.soak.counties import LEVELS, counties, write_directory
from bot.workbench.soak.owed import received
from bot.workbench.soak.replica import Replica
from bot.workbench.soak.rules import with_short_deadlines

FAMILIES = 8  # who tell their story at once
# While more messages wait nobody begins: Telegram takes 25 a second, and what is asked is whether anything is lost, not whether a
# county could be asked for more than its people can be told in time.
BACKLOG = 150
LATE = timedelta(seconds=5)
LOOK_EVERY = 0.25
CLIMBS_WITHIN = timedelta(minutes=5)  # what is due later than this is not waited for
STORY = (
    "外婆带不动了，病倒了",
    '/answer{"danger_screen":"none"}',
    '/answer{"concerns":"none"}',
    '/answer{"mother_now":"reachable"}',
    "/place",
    '/answer{"understood":"right"}',
    '/answer{"consent":"refused"}',
    '/answer{"child_age":"unknown"}',  # families alike in everything would be taken for one
    '/answer{"caller":"relative"}',
    '/answer{"siblings":"no"}',
    '/answer{"safe_to_write":"yes"}',
)
ENDS_WITH = "您的编号"
WAITING = [status.value for status in Status if status.waiting]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done. `within` is how long a service may take to acknowledge (empty: as always).

    `patience` is how many seconds all may take in the end.
    """

    referrals: int
    kill_every: float = 3.0
    database: str = ""
    replicas: int = 0
    within: str = "1m"
    patience: float = 900.0


@dataclass
class Account:
    """What came of it."""

    families: int = 0
    kills: int = 0
    refused: int = 0
    late: timedelta = timedelta(0)
    messages: int = 0
    missing: int = 0
    repeats: int = 0
    counted: int = 0
    strange: int = 0
    undelivered: int = 0
    dead: int = 0
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)

    def verdict(self, plan: Plan) -> list[str]:
        """What does not hold, in words; nothing when all is well.

        Many kills come to less than one repeat each; a single one may catch as many messages as a courier has in its hands.
        """
        said = [f"{plan.referrals - self.families} families did not get to the end"] * (self.families < plan.referrals)
        said += [f"{self.undelivered} referrals were not delivered"] * bool(self.undelivered)
        said += [f"{self.missing} messages never arrived"] * bool(self.missing)
        said += [f"{self.dead} messages were given up"] * bool(self.dead)
        said += [f"{self.strange} messages nobody had written"] * bool(self.strange)
        said += [f"{self.repeats} repeats for {self.kills} kills"] * (self.repeats > max(self.kills, HANDS))
        said += [f"{self.repeats} repeats, of which {self.counted} were counted"] * (self.repeats > self.counted)
        said += [f"a deadline was missed by {self.late.total_seconds():.1f} s"] * (self.late > LATE)
        return said + self.troubles

    def to_json(self) -> dict[str, object]:
        """The figures, for machines."""
        return {
            "referrals": self.families,
            "kills": self.kills,
            "messages": self.messages,
            "missing": self.missing,
            "undelivered": self.undelivered,
            "repeats": self.repeats,
            "counted": self.counted,
            "dead": self.dead,
            "late_s": round(self.late.total_seconds(), 2),
            "refused_429": self.refused,
            "seconds": round(self.seconds, 1),
        }


def soak(plan: Plan, out: Console, *, as_json: bool = False) -> bool:
    """Runs it and prints the account; whether everything held. Raises `InputError` for a database that is in use."""
    with TemporaryDirectory(prefix="rightdoor-soak-") as folder, BotApi(limits=Limits()) as api:
        run = Soak(plan, Path(folder), api)
        start = time.monotonic()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            run.go(progress)
        run.account.seconds = time.monotonic() - start
        run.account.refused = api.limits.refused if api.limits else 0
    wrong = run.account.verdict(plan)
    if as_json:
        out.file.write(json.dumps(run.account.to_json() | {"wrong": wrong}, ensure_ascii=False) + "\n")
        return not wrong
    for name, value in run.account.to_json().items():
        out.print(f"{name:>12}  {value}", highlight=False)
    for said in wrong:
        out.print(said, style="red", highlight=False)
    return not wrong


class Soak:
    """One soak, with everything it needs in one folder."""

    def __init__(self, plan: Plan, folder: Path, api: BotApi) -> None:
        self.plan, self.api, self.account = plan, api, Account()
        self.database = plan.database or f"sqlite:///{folder / 'soak.db'}"
        gazetteer = Gazetteer.open(project_folder() / "data" / "divisions")
        self.counties = counties(gazetteer, min(50, max(2, plan.referrals // 4)))
        write_directory(folder / "directory", self.counties)
        with_short_deadlines(project_folder() / "rules", folder / "rules", plan.within)
        settings = {"RIGHTDOOR_RULES": str(folder / "rules"), "RIGHTDOOR_DIRECTORY": str(folder / "directory")}
        several = plan.replicas or (1 if self.database.startswith("sqlite") else 2)
        self.replicas = [Replica(folder, self.database, api, settings=settings) for _ in range(several)]
        self.store = Store.open(self.database, master_key=master_key(folder, {}))
        self.staff: dict[str, Person] = {}
        self.over = Event()

    def go(self, progress: Progress) -> None:
        """From the first start to the last look."""
        with self._served(), self._beside(self._answer, self._watch, self._kill):
            self._enrol()
            told = progress.add_task("families", total=self.plan.referrals)
            with ThreadPoolExecutor(FAMILIES) as pool:
                for ended in pool.map(self._family, range(self.plan.referrals)):
                    self.account.families += ended
                    progress.update(told, advance=1, description=f"families ({self.account.kills} kills)")
            carried = progress.add_task("messages", total=None)
            self._until(lambda: self._settled(lambda left: progress.update(carried, description=f"{left} to go")))
        self._reckon()

    @contextmanager
    def _served(self) -> Iterator[None]:
        try:
            if self._count(select(func.count()).select_from(contacts)):
                raise InputError("the soak wants a database of its own, and this one is in use")
            for replica in self.replicas:
                replica.start()
            yield
        finally:
            for replica in self.replicas:
                replica.kill()

    @contextmanager
    def _beside(self, *works: Callable[[], None]) -> Iterator[None]:
        """What goes on at the same time; its first trouble is part of the account."""

        def safely(work: Callable[[], None]) -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 – the account shows it
                self.account.troubles.append(f"{work.__name__}: {error}")

        threads = [Thread(target=safely, args=(work,), name=work.__name__) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def _enrol(self) -> None:
        """Somebody at every agency, and an operator."""
        now = datetime.now(UTC)
        wanted = [(level, county.agency(level), county.place.code) for county in self.counties for level in LEVELS]
        for role, agency, county in [*wanted, ("operator", "cn-duty", None)]:
            with self.store.work() as work:
                code = work.staff.invite(role, agency, county, "", now + timedelta(hours=1), now)
            self.staff[agency] = self.api.person(agency)
            self.staff[agency].starts(code)
        for person in self.staff.values():
            person.gets("登记好了", self.plan.patience)

    def _family(self, number: int) -> bool:
        """One story, told to whichever process answers; whether it came to its end."""
        county = self.counties[number % len(self.counties)]
        place = f'/place{{"code":"{county.township}"}}'
        self._ease()
        last = ""
        for step, said in enumerate(STORY):
            last = self._says(f"family-{number}", place if said == "/place" else said, f"{number}-{step}")
        return ENDS_WITH in last

    def _says(self, sender: str, message: str, message_id: str) -> str:
        """What was answered, by any process, however often one dies meanwhile; the id makes the repeat safe."""
        deadline = time.monotonic() + self.plan.patience
        for replica in cycle(self.replicas):
            try:
                answer = replica.hears(sender, message, message_id).raise_for_status()
                return "".join(reply["text"] for reply in answer.json())
            except httpx.HTTPError:
                if time.monotonic() > deadline or self.account.troubles:
                    raise
                time.sleep(0.1)
        raise RightdoorError("there is no process to talk to")

    def _ease(self) -> None:
        """Waits until what was written so far has mostly gone out."""
        while not self.over.wait(LOOK_EVERY):
            with self.store.read() as work:
                if work.outbox.waiting().messages <= BACKLOG:
                    return

    def _answer(self) -> None:
        """County centres, and whoever stands above, accept whatever reaches them."""
        seen = 0
        while not self.over.wait(LOOK_EVERY):
            who = {p.chat_id: p for a, p in list(self.staff.items()) if a.endswith("county_centre") or a == "cn-duty"}
            calls = self.api.transcript("sendMessage")
            for call in calls[seen:]:
                if person := who.get(str(call.params["chat_id"])):
                    for title in _accepting(call.answer):
                        person.presses(title, on=call.answer["result"]["message_id"])
            seen = len(calls)

    def _watch(self) -> None:
        """How far past its deadline a part was ever seen waiting."""
        late = select(func.min(parts.c.deadline)).where(parts.c.status.in_(WAITING))
        while not self.over.wait(LOOK_EVERY):
            with self.store.engine.connect() as db:
                earliest, now = db.execute(late).scalar(), datetime.now(UTC)
            if earliest and now - earliest > self.account.late:
                self.account.late = now - earliest

    def _kill(self) -> None:
        """One process after the other, each as soon as the one before is there again."""
        for replica in cycle(self.replicas):
            if self.over.wait(self.plan.kill_every):
                return
            if self.account.families < self.plan.referrals:
                replica.kill()
                self.account.kills += 1
                replica.start()

    def _settled(self, say: Callable[[int], None]) -> bool:
        """Whether nothing is under way any more: no message to carry, no part to climb."""
        with self.store.read() as work:
            waiting = work.outbox.waiting().messages
        soon = datetime.now(UTC) + CLIMBS_WITHIN
        climbing = select(func.count()).where(parts.c.status.in_(WAITING), parts.c.deadline < soon)
        left = waiting + self._count(climbing)
        say(left)
        return left == 0

    def _until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.plan.patience
        while not done():
            if time.monotonic() > deadline or self.account.troubles:
                self.account.troubles.append("it did not come to an end")
                return
            time.sleep(LOOK_EVERY)

    def _reckon(self) -> None:
        account = self.account
        found = [received(self.store, self.api, person) for person in self.staff.values()]
        account.missing = sum(one.missing for one in found)
        account.repeats = sum(one.repeats for one in found)
        account.strange = sum(one.strange for one in found)
        account.messages = len(self.api.transcript("sendMessage"))
        with self.store.read() as work:
            account.counted = work.outbox.lapsed()
        account.dead = self._count(select(func.count()).where(outbox.c.dead.is_not(None)))
        account.undelivered = self._count(select(func.count()).where(parts.c.status.in_(["new", "sent"])))
        self.store.close()

    def _count(self, query: object) -> int:
        with self.store.engine.connect() as db:
            return int(db.execute(query).scalar_one())  # type: ignore[call-overload]  # a query that counts


def _accepting(answer: Mapping[str, object]) -> Sequence[str]:
    """The titles of the buttons with which a message is accepted."""
    message = answer.get("result")
    markup = message.get("reply_markup", {}) if isinstance(message, dict) else {}
    rows = markup.get("inline_keyboard", [])
    titles = [button["text"] for row in rows for button in row if button.get("callback_data", "").startswith("accept:")]
    return titles[:1]
