"""`rightdoor bench places`: opening every division, village to agency, words to place, pin to county."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.places import Level
from bot.turns.services import Services

TRIES = 2000
# In a process of its own: what was read before would make it warm, and its memory is what grows.
_OPENING = """
import sys, time
from pathlib import Path
from bot.places import Gazetteer
resident = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
before = resident()
began = time.perf_counter()
gazetteer = Gazetteer.open(Path(sys.argv[1]))
opened = time.perf_counter() - began
gazetteer.find("江苏扬中新坝镇"), gazetteer.guess("江苏扬忠"), gazetteer.locate(32.24, 119.8), gazetteer.villages
print(opened, resident() - before, gazetteer.villages)
"""


def bench_places(services: Services, out: Console, *, as_json: bool) -> None:
    """Times and prints. Memory is what a process grows by once everything was read and every index made."""
    gazetteer, policy = services.gazetteer, services.policy
    opening = [sys.executable, "-c", _OPENING, str(gazetteer.folder)]
    opened, grown, villages = subprocess.run(opening, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 – our own
    draw, at = random.Random(8), datetime.now(UTC)  # noqa: S311 – a sample, no secret
    needs = sorted(policy.base.words.labels["services"])
    townships = [place for place in gazetteer.places.values() if place.level is Level.TOWNSHIP]
    homes = [village for place in draw.sample(townships, TRIES) for village in gazetteer.children(place.code)[:1]]
    pins = [(draw.uniform(22, 42), draw.uniform(100, 120)) for _ in range(TRIES)]
    gazetteer.locate(*pins[0])
    found = {
        "cold_open_s": round(float(opened), 3),
        "grown_mb": round(float(grown), 1),
        "villages": int(villages),
        "agency_us": _median(lambda place: services.directory.serving(draw.choice(needs), place, at), homes),
        "village_us": _median(gazetteer.get, [home.code for home in homes]),
        "words_us": _median(gazetteer.find, [home.full_name for home in homes]),
        "pin_us": _median(lambda pin: gazetteer.locate(*pin), pins),
    }
    if as_json:
        out.file.write(json.dumps(found) + "\n")
        return
    table = Table("what", "measured", title="places")
    table.add_row(f"cold open, {found['villages']:,} villages", f"{found['cold_open_s']:.2f} s")
    table.add_row("memory grown, every index made", f"{found['grown_mb']:.0f} MB")
    table.add_row("from a village's code to the village", f"{found['village_us']:.1f} µs")
    table.add_row("from a village to the agency that serves it", f"{found['agency_us']:.1f} µs")
    table.add_row("from a full name in words to the village", f"{found['words_us']:.1f} µs")
    table.add_row("from a pin to its county", f"{found['pin_us']:.1f} µs")
    out.print(table)


def _median(work: Callable[[Any], object], of: Sequence[Any]) -> float:
    """Microseconds at the median."""
    spent = []
    for one in of:
        began = time.perf_counter()
        work(one)
        spent.append((time.perf_counter() - began) * 1e6)
    return round(statistics.median(spent), 1)
