"""`rightdoor bench`: what a turn of the seed story costs, in process and durable over HTTP. Ratios in one run, never a test.

in process         one thread calls the turn; SQLite (WAL, synchronous=FULL), every turn committed
over HTTP          `POST /webhooks/rest/webhook` of a service of its own process, with 1 and 8 clients
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.messages import Channel, Incoming, typed
from bot.turns import Turns
from bot.workbench.served import Served, free_port, running, when_ready

# The seed story as messages; a payload begins with a slash.
STORY = (
    "我和老公要离婚，女儿五岁，我们俩都不想要她",
    '/answer{"danger_screen":"none"}',
    '/answer{"concerns":"none"}',
    '/answer{"divorce":"considering"}',
    '/answer{"refuses_child":"both"}',
    '/answer{"child_with_now":"relative"}',
    "江苏扬中新坝镇",
    '/answer{"consent":"refused"}',
    '/answer{"caller":"parent"}',
    '/answer{"siblings":"no"}',
    '/answer{"safe_to_write":"yes"}',
)
Say = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one way of asking cost: turns a second, and milliseconds a turn at the median and the slow end."""

    way: str
    clients: int
    turns: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds


def bench(turns: Turns, conversations: int, out: Console, *, as_json: bool) -> None:
    """Times `conversations` seed stories each way and prints a table, or one JSON object a line."""
    ways = [measured("in process", 1, conversations, in_process(turns))]
    with served() as service, httpx.Client(base_url=f"http://127.0.0.1:{service.port}", timeout=60) as client:
        ways += [measured("over HTTP", clients, conversations, over_http(client)) for clients in (1, 8)]
    if as_json:
        for figure in ways:
            row = {"way": figure.way, "clients": figure.clients, "turns_per_s": round(figure.rate, 1)}
            out.file.write(json.dumps(row | {"p50_ms": round(figure.p50, 2), "p99_ms": round(figure.p99, 2)}) + "\n")
        out.file.write(json.dumps({"ready_s": round(service.ready, 2), "idle_mb": round(service.memory)}) + "\n")
    else:
        out.print(_table(ways))
        out.print(f"start to ready {service.ready:.2f} s, idle memory {service.memory:.0f} MB", highlight=False)


def measured(way: str, clients: int, conversations: int, say: Say) -> Figure:
    """Runs the stories with so many clients at once; each conversation is one client's."""
    spent: list[float] = []

    def story(number: int) -> None:
        for message in STORY:
            start = time.perf_counter()
            say(f"{way}-{clients}-{number}", message)
            spent.append((time.perf_counter() - start) * 1000)

    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(track(pool.map(story, range(conversations)), f"{way}, {clients}", conversations, transient=True))
    seconds = time.perf_counter() - start
    return Figure(way, clients, len(spent), seconds, statistics.median(spent), percentile(spent, 0.99))


def in_process(turns: Turns) -> Say:
    """The turn itself, durable on its SQLite."""
    numbers = count()

    def say(sender: str, message: str) -> None:
        turns.take(Incoming(Channel.REST, sender, f"{next(numbers)}", turns.services.clock(), typed(message)))

    return say


def over_http(client: httpx.Client) -> Say:
    """Rasa's REST form, the whole way."""

    def say(sender: str, message: str) -> None:
        client.post("/webhooks/rest/webhook", json={"sender": sender, "message": message}).raise_for_status()

    return say


@contextmanager
def served(home: str = "") -> Iterator[Served]:
    """A service of ours in a process of its own, in `home` or a fresh folder."""
    with nullcontext(home) if home else TemporaryDirectory() as folder:
        port = free_port()
        environment = os.environ | {"RIGHTDOOR_HOME": folder, "RIGHTDOOR_PORT": str(port)}
        command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
        start = time.perf_counter()
        with running(command, Path.cwd(), environment) as process:
            yield when_ready([process], port, "/webhooks/rest/", start)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _table(figures: Sequence[Figure]) -> Table:
    table = Table("way", "clients", "turns/s", "p50 ms", "p99 ms", title="one turn of the seed story")
    for f in figures:
        table.add_row(f.way, str(f.clients), f"{f.rate:.0f}", f"{f.p50:.2f}", f"{f.p99:.2f}")
    return table
