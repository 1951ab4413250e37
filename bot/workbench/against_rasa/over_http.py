"""Durable turns over HTTP: both services with an SQLite of their own, asked in the same words by the same clients."""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from bot.errors import RightdoorError
from bot.workbench.against_rasa.ours import CONFIG
from bot.workbench.against_rasa.rasa_home import RasaHome
from bot.workbench.against_rasa.scripts import Script
from bot.workbench.bench import percentile
from bot.workbench.served import Served, free_port, running, when_ready

WEBHOOK = "/webhooks/rest/webhook"
SLOWEST = 60.0  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients got: turns a second, and milliseconds a turn at the median and the slow end."""

    rate: float
    p50: float
    p99: float


def load(port: int, script: Script, conversations: int, clients: int) -> Load:
    """Every client holds one conversation after the other, on one connection.

    Raises `RightdoorError` when an answer is not the one expected.
    """
    numbers = iter(range(conversations))
    spent: list[float] = []

    def client(_: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=SLOWEST)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _number in numbers:
            sender, said = uuid4().hex, None
            for message in script.messages:
                start = time.perf_counter()
                said = _say(connection, sender, message)
                spent.append((time.perf_counter() - start) * 1000)
            if said != script.last:
                raise RightdoorError(f"answered {said!r} instead of {script.last!r}")
        connection.close()

    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, range(clients)))
    seconds = time.perf_counter() - start
    return Load(len(spent) / seconds, statistics.median(spent), percentile(spent, 0.99))


def _say(connection: HTTPConnection, sender: str, message: str) -> str | None:
    body = json.dumps({"sender": sender, "message": message}).encode()
    connection.request("POST", WEBHOOK, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    replies = json.loads(answer.read())
    if answer.status != 200:  # noqa: PLR2004 – HTTP's own number
        raise RightdoorError(f"answered {answer.status}")
    said: str | None = replies[-1].get("text") if replies else None
    return said


@contextmanager
def ours(home: RasaHome) -> Iterator[Served]:
    """`rightdoor run --project` on a copy of the project, durable, actions in its process."""
    with TemporaryDirectory(prefix="rightdoor-http-") as folder, ExitStack() as stack:
        project = Path(folder) / "bot"
        shutil.copytree(home.project, project, ignore=shutil.ignore_patterns("models", ".rasa", "*.db"))
        (project / CONFIG).replace(project / "config.yml")
        port = free_port()
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run", "--project", str(project)]
        environment = os.environ | {"RIGHTDOOR_HOME": str(Path(folder) / "var")}
        start = time.perf_counter()
        process = stack.enter_context(running([*command, "--port", str(port)], Path(folder), environment))
        yield when_ready([process], port, "/status", start)


@contextmanager
def rasas(home: RasaHome) -> Iterator[Served]:
    """`rasa run` with its SQL tracker store on SQLite, and `rasa run actions` beside it."""
    with TemporaryDirectory(prefix="rasa-http-") as folder, ExitStack() as stack:
        port, actions = free_port(), free_port()
        endpoints = Path(folder) / "endpoints.yml"
        store = {"type": "SQL", "dialect": "sqlite", "db": str(Path(folder) / "tracker.db")}
        action_endpoint = {"url": f"http://127.0.0.1:{actions}/webhook"}
        endpoints.write_text(json.dumps({"action_endpoint": action_endpoint, "tracker_store": store}), encoding="utf-8")
        rasa = [str(home.python), "-W", "ignore", "-m", "rasa", "run"]
        serve = [
            "--enable-api",
            "-i",
            "127.0.0.1",
            "-p",
            str(port),
            "--endpoints",
            str(endpoints),
            "-m",
            str(home.model),
        ]
        start = time.perf_counter()
        processes = [
            stack.enter_context(running([*rasa, *arguments], home.project, home.environment))
            for arguments in (
                ["actions", "-p", str(actions), "--actions", "actions.actions"],
                [*serve, "--credentials", "credentials.yml"],
            )
        ]
        yield when_ready(processes, port, "/status", start)
