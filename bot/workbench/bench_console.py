"""`rightdoor bench --console N`: how long an operator waits, with N of them at work on one process.

Each is on the telephone: rings, presses a key every few seconds as somebody who listens, looks at the list and at a case, and ends
with a referral. A key is a form sent as the desk's own script sends it; what is timed is until its answer is whole.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import statistics
import time
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from rich.console import Console
from rich.table import Table

from bot.messages import Channel
from bot.turns import Turns
from bot.workbench.bench import percentile, served

DESK, COUNTY = "demo-yangzhong-operator", "321182"
COOKIE = "rightdoor-desk"
LISTENS = 2.0  # seconds between two keys, at the median
STORY = (
    '/answer{"danger_screen":"none"}',
    '/answer{"concern_divorce":"yes"}',
    '/answer{"concerns":"none"}',
    '/answer{"divorce":"pending"}',
    '/answer{"refuses_child":"both"}',
    '/answer{"child_with_now":"relative"}',
    '/where{"text":"江苏扬中新坝镇"}',
    '/ask{"fact":"caller"}',
    '/answer{"caller":"parent"}',
    "/refer",
)
_FIELD = {name: re.compile(rf'name="{name}" value="([0-9a-f]+)"') for name in ("csrf", "nonce")}


@dataclass(slots=True)
class Waits:
    """Milliseconds until the answer was whole, by what was asked for."""

    by: dict[str, list[float]] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)

    def took(self, what: str, start: float, answer: httpx.Response) -> None:
        """One answer."""
        answer.raise_for_status()
        self.by.setdefault(what, []).append((time.perf_counter() - start) * 1000)
        self.size[what] = len(answer.content)


def bench_console(turns: Turns, operators: int, seconds: float, out: Console, *, as_json: bool) -> None:
    """Times keys and pages, and prints a table, or one JSON object a line."""
    tokens = [_signed_in(turns, number) for number in range(operators)]
    with served(turns.services.settings.home) as service:
        waits = asyncio.run(_all(service.port, tokens, seconds))
    rows = {
        what: {
            "n": len(spent),
            "p50_ms": round(statistics.median(spent), 1),
            "p99_ms": round(percentile(spent, 0.99), 1),
            "bytes": waits.size[what],
        }
        for what, spent in waits.by.items()
    }
    if as_json:
        for what, row in rows.items():
            out.file.write(json.dumps({"what": what, "operators": operators} | row) + "\n")
        return
    table = Table("what", "asked", "p50 ms", "p99 ms", "bytes", title=f"{operators} operators on one process")
    for what, row in rows.items():
        table.add_row(what, *(str(row[column]) for column in ("n", "p50_ms", "p99_ms", "bytes")))
    out.print(table)


def _signed_in(turns: Turns, number: int) -> str:
    """A session of an operator."""
    now = turns.services.clock()
    with turns.services.store.work() as work:
        contact = work.contacts.new(Channel.CONSOLE, f"bench-{number}", now, "zh")
        code = work.staff.invite("operator", DESK, COUNTY, f"演示{number}", now + timedelta(days=1), now)
        person = work.staff.enrol(code, contact.id, now)
        token = secrets.token_urlsafe(32)
        work.accounts.begin(token, person.id if person else "", now)
        return token


async def _all(port: int, tokens: list[str], seconds: float) -> Waits:
    waits, until = Waits(), time.monotonic() + seconds
    at_once = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with asyncio.TaskGroup() as group:
        for number, token in enumerate(tokens):
            browser = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", cookies={COOKIE: token}, timeout=60, limits=at_once
            )
            group.create_task(_operator(browser, waits, until, random.Random(number)))  # noqa: S311 – who listens how long
    return waits


async def _operator(browser: httpx.AsyncClient, waits: Waits, until: float, lot: random.Random) -> None:
    """One after another, calls are taken until the time is over."""
    async with browser:
        await asyncio.sleep(lot.uniform(0, LISTENS))
        while time.monotonic() < until:
            page = await _get(browser, "/console/calls", "list of calls", waits)
            rung = await browser.post("/console/calls", data=_form(page))
            call = rung.headers["location"].split("?")[0]
            page = await _get(browser, call, "desk, whole", waits)
            for key in STORY:
                await asyncio.sleep(lot.expovariate(1 / LISTENS))
                page = await _press(browser, call, page, key, waits)
            case = re.search(r"/console/case/[0-9a-f]+", page)
            await _get(browser, "/console/inbox", "inbox", waits)
            if case:
                await _get(browser, case[0], "case", waits)
            await _press(browser, call, page, '/end{"kind":"served"}', waits)


async def _get(browser: httpx.AsyncClient, path: str, what: str, waits: Waits) -> str:
    start = time.perf_counter()
    answer = await browser.get(path)
    waits.took(what, start, answer)
    return answer.text


async def _press(browser: httpx.AsyncClient, call: str, page: str, key: str, waits: Waits) -> str:
    verb = key.partition("{")[0]
    typed = {"do": verb, verb[1:]: json.loads(key[len(verb) :])["text"]} if '"text"' in key else {"do": key}
    start = time.perf_counter()
    answer = await browser.post(call, data=_form(page) | typed, headers={"X-Desk": "1"})
    waits.took("key", start, answer)
    return answer.text


def _form(page: str) -> dict[str, str]:
    return {name: found[1] for name, pattern in _FIELD.items() if (found := pattern.search(page))}
