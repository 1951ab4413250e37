"""The whole service as a process of its own, and a Bot API server beside it for people to write through."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.referrals import Case
from bot.store import Store, master_key
from bot.workbench.botapi import BotApi, Person

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
SEED = "我25岁，和老公要离婚，女儿五岁，我们俩都不想要她"


@dataclass
class Process:
    """`rightdoor run` on one database, with Telegram; it can be killed and started again."""

    home: Path
    database: str
    api: BotApi
    port: int = field(default_factory=lambda: free_port())
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "RIGHTDOOR_HOME": str(self.home),
            "RIGHTDOOR_DATABASE": self.database,
            "RIGHTDOOR_PORT": str(self.port),
            "RIGHTDOOR_TELEGRAM_TOKEN": self.api.token,
            "RIGHTDOOR_TELEGRAM_API": self.api.url,
        }
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
        self.running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/webhooks/rest/", timeout=1).raise_for_status()
            except httpx.HTTPError:
                assert self.running.poll() is None, "the service ended by itself"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the service did not get ready")

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
        now = datetime.now(UTC)
        with self.store() as store, store.work() as work:
            code = work.staff.invite(role, agency, "321182", "", now + timedelta(hours=1), now)
        person.starts(code)
        person.gets("登记好了", PATIENCE)

    def cases(self) -> tuple[Case, ...]:
        """Every case with an open part."""
        with self.store() as store, store.work() as work:
            return work.cases.all_open()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


@pytest.fixture
def service(tmp_path: Path, database: str, api: BotApi) -> Iterator[Process]:
    """A running service, once on each kind of database."""
    process = Process(tmp_path, database, api)
    process.start()
    yield process
    process.kill()


def tell_the_seed_story(mother: Person) -> None:
    """The mother's side, until she has her code."""
    mother.writes(SEED)
    mother.gets("先问最要紧的", PATIENCE)
    mother.presses("都没有")
    mother.gets("还有别的事吗", PATIENCE)
    mother.presses("没有别的了")
    mother.gets("跟谁在一起", PATIENCE)
    mother.presses("跟爷爷奶奶、外公外婆等亲戚")
    mother.gets("在哪个县", PATIENCE)
    mother.writes("江苏扬中新坝镇")
    mother.gets("可以记下怎么称呼您", PATIENCE)
    mother.presses("先不留")
    mother.gets("您是孩子的什么人", PATIENCE)
    mother.presses("我是爸爸或妈妈")
    mother.gets("会不会被别人看到", PATIENCE)
    mother.presses("可以发，没关系")
    mother.gets("您的编号", PATIENCE)
