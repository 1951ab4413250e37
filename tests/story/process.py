"""The whole service as a process of its own, and a Bot API server beside it for people to write through."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from bot.referrals import Case
from bot.store import Store, master_key
from bot.workbench.botapi import BotApi, Person
from tests.story.house import SEED, code_for

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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


@dataclass
class Process:
    """`rightdoor run` on one database, with Telegram; it can be killed and started again."""

    home: Path
    database: str
    api: BotApi
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the service has written on stderr, starts and kills included."""
        return self.home / "service.log"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.running = self.launch()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/webhooks/rest/", timeout=1).raise_for_status()
            except httpx.HTTPError:
                assert self.running.poll() is None, f"the service ended by itself:\n{self.log.read_text()}"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the service did not get ready")

    def launch(self, **settings: str) -> subprocess.Popen[bytes]:
        """The command itself, with these settings on top."""
        environment = {
            "PYTHONPATH": str(ROOT),
            "RIGHTDOOR_HOME": str(self.home),
            "RIGHTDOOR_DATABASE": self.database,
            "RIGHTDOOR_PORT": str(self.port),
            "RIGHTDOOR_TELEGRAM_TOKEN": self.api.token,
            "RIGHTDOOR_TELEGRAM_API": self.api.url,
        }
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=os.environ | environment | settings, stdout=log, stderr=log)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def hears(self, sender: str, message: str) -> httpx.Response:
        """One message by REST."""
        spoken = {"sender": sender, "message": message}
        return httpx.post(f"{self.url}/webhooks/rest/webhook", json=spoken, timeout=PATIENCE)

    def kill(self) -> None:
        """kill -9."""
        if self.running:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, opened from the test's side."""
        store = Store.open(self.database, master_key=master_key(self.home, {}))
        try:
            yield store
        finally:
            store.close()

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
