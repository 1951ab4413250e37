"""The whole service as a process of its own, and a Bot API server beside it for people to write through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import repeat

from sqlalchemy import create_engine, text

from bot.referrals import Case
from bot.workbench.botapi import Person
from bot.workbench.soak.replica import PATIENCE, Replica
from tests.story.house import SEED, code_for


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Nobody else can write: SQLite has one writer; on PostgreSQL it is this table that cannot be written to."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)) as db:
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("ROLLBACK")
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
        yield
    engine.dispose()


class Process(Replica):
    """A replica that a story is told to."""

    def enrol(self, role: str, agency: str, person: Person) -> None:
        """Somebody at an agency, by a one-time code."""
        with self.store() as store:
            code = code_for(store, role, agency, datetime.now(UTC))
        person.starts(code)
        person.gets("登记好了", PATIENCE)

    def cases(self) -> tuple[Case, ...]:
        """Every case with an open part."""
        with self.store() as store, store.read() as work:
            return work.cases.all_open()

    def tasks(self) -> tuple[str, ...]:
        """The kinds of what waits for an operator."""
        with self.store() as store, store.read() as work:
            return tuple(task.kind for task in work.tasks.waiting())


STORY = (
    ("writes", SEED, "先问最要紧的"),
    ("presses", "都没有", "还有别的事吗"),
    ("presses", "没有别的了", "跟谁在一起"),
    ("presses", "跟爷爷奶奶、外公外婆等亲戚", "在哪个县"),
    ("writes", "江苏扬中新坝镇", "可以记下怎么称呼您"),
    ("presses", "先不留", "您是孩子的什么人"),
    ("presses", "我是爸爸或妈妈", "还有别的未成年孩子吗"),
    ("presses", "没有别的孩子了", "会不会被别人看到"),
    ("presses", "可以发，没关系", "您的编号"),
)


def tell_the_seed_story(mother: Person, moments: Iterator[AbstractContextManager[None]] | None = None) -> None:
    """The mother's side, until she has her code; each thing she does, she does within the next of `moments`."""
    for (does, words, gets), moment in zip(STORY, moments or repeat(nullcontext()), strict=False):
        with moment:
            mother.writes(words) if does == "writes" else mother.presses(words)
        mother.gets(gets, PATIENCE)


def tell_the_seed_story_by_rest(service: Process) -> None:
    """The same on the web side of the service, where nothing is paced."""
    buttons: dict[str, str] = {}
    for _, words, gets in STORY:
        replies = service.hears("mother", buttons.get(words, words)).json()
        buttons = {button["title"]: button["payload"] for reply in replies for button in reply.get("buttons", ())}
        assert gets in "".join(reply["text"] for reply in replies)
