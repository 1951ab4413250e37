"""`rightdoor run` as a process of its own on one database, with Telegram; it can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

import bot
from bot.errors import RightdoorError
from bot.store import Store, master_key
from bot.workbench.botapi import BotApi
from bot.workbench.served import free_port

NO_IDLE = httpx.Limits(max_keepalive_connections=0)  # whoever is killed leaves no connection to be tried in vain
PATIENCE = 90.0  # seconds for the service to answer, on a machine that has other things to do


@dataclass
class Replica:
    """One process of the service. `home`, `database` and `api` may be shared with others; `settings` are environment.

    One client asks it all: making one takes longer than a question, and what asks must leave the machine to what is asked.
    """

    home: Path
    database: str
    api: BotApi
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(limits=NO_IDLE, trust_env=False))

    @property
    def log(self) -> Path:
        """What the service has written on stderr, starts and kills included."""
        return self.home / "service.log"

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers. Raises `RightdoorError` with its log when it does not."""
        self.running = self.launch()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.running.poll() is None:
            try:
                self.client.get(f"{self.url}/webhooks/rest/", timeout=1).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise RightdoorError(f"the service did not get ready:\n{self.log.read_text(encoding='utf-8')}")

    def launch(self, **settings: str) -> subprocess.Popen[bytes]:
        """The command itself, with these settings on top."""
        environment = {
            "PYTHONPATH": str(Path(bot.__file__).parents[1]),
            "RIGHTDOOR_HOME": str(self.home),
            "RIGHTDOOR_DATABASE": self.database,
            "RIGHTDOOR_PORT": str(self.port),
            "RIGHTDOOR_TELEGRAM_TOKEN": self.api.token,
            "RIGHTDOOR_TELEGRAM_API": self.api.url,
        }
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 – our own command
                command, env=os.environ | environment | dict(self.settings) | settings, stdout=log, stderr=log
            )

    def hears(self, sender: str, message: str, message_id: str | None = None) -> httpx.Response:
        """One message by REST; with an id of its own it may be sent again."""
        spoken = {"sender": sender, "message": message} | ({"message_id": message_id} if message_id else {})
        return self.client.post(f"{self.url}/webhooks/rest/webhook", json=spoken, timeout=PATIENCE)

    def kill(self) -> None:
        """Kill -9."""
        if self.running:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, opened from outside."""
        store = Store.open(self.database, master_key=master_key(self.home, {}))
        try:
            yield store
        finally:
            store.close()
