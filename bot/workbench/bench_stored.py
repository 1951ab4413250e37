"""`rightdoor bench --referrals N`: what one referral costs in CPU and disk, with nothing and with many others stored.

A referral is a whole seed story: eleven turns, two parts sent, one accepted, the clock run once. Those that are stored
already are copies of a few such, closed, with ids of their own: they weigh on tables and indexes like real ones.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from rich.console import Console
from rich.progress import track
from rich.table import Table as Grid
from sqlalchemy import Column, Connection, Engine, Table, text

from bot.messages import Channel, Incoming, Press, typed
from bot.referrals import Status
from bot.store.keys import data_keys
from bot.store.tables import metadata
from bot.turns import Turns
from bot.turns.due import due
from bot.workbench.bench import STORY

SAMPLES = 20  # what is copied
AT_ONCE = 200  # copies of each in one transaction
VILLAGE = "demo-yangzhong-xinba-village"
# Not copied: what is not a family's, and what would be due again.
NOT_COPIED = frozenset(
    {
        "staff",
        "accounts",
        "sessions",
        "api_keys",
        "calls",
        "held",
        "amendments",
        "worn",
        "drills",
        "channels",
        "rests",
        "strides",
        "condemned",
        "tasks",
        "pairs",
        "audit",
        "seals",
    }
)
IDS = frozenset(
    {
        "id",
        "contact",
        "case_id",
        "part",
        "turn",
        "owner",
        "mark",
        "one",
        "message_index",
        "address_index",
        "receipt_index",
        "dedupe",
    }
)
OVER = {"status": f"'{Status.CLOSED.value}'", "wake": "NULL"}
_KEPT = 40  # of a blind index, before the copy's number


@dataclass(frozen=True, slots=True)
class Cost:
    """One referral's cost with so many stored before it."""

    stored: int
    cpu_ms: float
    wall_ms: float
    bytes: float


def bench_stored(turns: Turns, referrals: int, stored: Sequence[int], out: Console, *, as_json: bool) -> None:
    """Measures `referrals` at each number of `stored` ones and prints a table, or one JSON object a line."""
    scene = Scene(turns)
    scene.play(SAMPLES)
    costs, there, real, copies = [], SAMPLES, SAMPLES, 0
    for wanted in sorted(stored):
        more = max(0, wanted - there) // real
        _fill(turns, copies, copies + more)
        there, copies = there + more * real, copies + more
        costs.append(scene.cost(referrals, there))
        there, real = there + referrals, real + referrals
    if as_json:
        for cost in costs:
            row = {"stored": cost.stored, "cpu_ms": round(cost.cpu_ms, 1), "wall_ms": round(cost.wall_ms, 1)}
            out.file.write(json.dumps(row | {"bytes": round(cost.bytes)}) + "\n")
        return
    grid = Grid("stored", "CPU ms", "wall ms", "kB", "10,000 a day", title="one referral, all its turns")
    for cost in costs:
        day = f"{cost.cpu_ms * 10 / 60:.1f} min, {cost.bytes / 100:.0f} MB"
        grid.add_row(f"{cost.stored:,}", f"{cost.cpu_ms:.1f}", f"{cost.wall_ms:.1f}", f"{cost.bytes / 1000:.1f}", day)
    out.print(grid)


class Scene:
    """Mothers who tell the seed story, and a village worker who accepts."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._numbers = count()
        now = turns.services.clock()
        with turns.services.store.work() as work:
            code = work.staff.invite("village_worker", VILLAGE, "321182", "", now + timedelta(hours=1), now)
        self._take("village", Press(f'/start{{"code":"{code}"}}'))

    def play(self, referrals: int) -> None:
        """So many whole stories."""
        for _ in track(range(referrals), "referrals", transient=True):
            mother = f"mother-{next(self._numbers)}"
            for said in STORY:
                state = self._take(mother, typed(said))
            parts = state["referrals"]
            self._take("village", Press(f"accept:{next(p['id'] for p in parts if p['part'] == 'child')}"))
            due(self._turns.services, self._turns.services.clock())

    def cost(self, referrals: int, stored: int) -> Cost:
        """Plays and measures."""
        before = _size(self._turns)
        cpu, wall = time.process_time(), time.perf_counter()
        self.play(referrals)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        grown = _size(self._turns) - before
        return Cost(stored, cpu * 1000 / referrals, wall * 1000 / referrals, grown / referrals)

    def _take(self, who: str, content: object) -> dict[str, list[dict[str, str]]]:
        number, now = f"{who}-{next(self._numbers)}", self._turns.services.clock()
        result = self._turns.take(Incoming(Channel.REST, who, number, now, content))  # type: ignore[arg-type]  # as typed
        return dict(result.state)


def _fill(turns: Turns, start: int, end: int) -> None:
    """Copies of everything that is a real family's, numbered from `start` up to `end`."""
    store = turns.services.store
    copied = [table for table in metadata.sorted_tables if table.name not in NOT_COPIED]
    with store.engine.connect() as db, store.keys._engine.connect() as keys:  # noqa: SLF001 – a measurement may look behind the curtain
        work = [(db, copied), (keys, [data_keys])]
        for connection, tables in work:
            _set_aside(connection, tables)
        for first in track(range(start, end, AT_ONCE), "storing", transient=True):
            for connection, tables in work:
                with connection.begin():
                    for table in tables:
                        _copy(connection, table, first, min(end, first + AT_ONCE))
        for connection, tables in work:
            _throw_away(connection, tables)
    _tidy(store.engine)


def _set_aside(db: Connection, tables: Sequence[Table]) -> None:
    """The originals in tables of their own, so that the copies are not looked through again and again."""
    with db.begin():
        for table in tables:
            whose = next(c.name for c in table.columns if c.name in ("id", "case_id", "contact", "part", "owner"))
            originals = f"SELECT * FROM {table.name} WHERE \"{whose}\" NOT LIKE '%+%'"  # noqa: S608 – our own tables
            db.execute(text(f"CREATE TEMPORARY TABLE original_{table.name} AS {originals}"))


def _throw_away(db: Connection, tables: Sequence[Table]) -> None:
    with db.begin():
        for table in tables:
            db.execute(text(f"DROP TABLE original_{table.name}"))


def _copy(db: Connection, table: Table, first: int, last: int) -> None:
    """Inserts every original row once for each number, its ids marked with `+number`."""
    columns = [column for column in table.columns if column.name != "seq"]
    names = ", ".join(f'"{column.name}"' for column in columns)
    marked = ", ".join(_marked(table, column) for column in columns)
    source = f"original_{table.name} AS t CROSS JOIN {_numbers(db, first, last)}"
    db.execute(text(f"INSERT INTO {table.name} ({names}) SELECT {marked} FROM {source}"))  # noqa: S608 – our own tables


def _marked(table: Table, column: Column[object]) -> str:
    """A column as the copy has it; copied parts are closed, and no clock looks at them."""
    name = f't."{column.name}"'
    if table.name == "parts" and column.name in OVER:
        return OVER[column.name]
    return f"substr({name}, 1, {_KEPT}) || '+' || numbers.n" if column.name in IDS else name


def _numbers(db: Connection, first: int, last: int) -> str:
    """A table of the numbers from `first` up to `last`."""
    if db.dialect.name == "postgresql":
        return f"generate_series({first}, {last - 1}) AS numbers(n)"
    step = f"SELECT n + 1 FROM c WHERE n < {last - 1}"  # noqa: S608 – numbers
    return f"(WITH RECURSIVE c(n) AS (VALUES({first}) UNION ALL {step}) SELECT n FROM c) AS numbers"  # noqa: S608 – numbers


def _tidy(engine: Engine) -> None:
    """The database's own statistics are made anew, as it does by itself in a night."""
    with engine.connect() as db:
        db.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "SELECT 1")


def _size(turns: Turns) -> int:
    """Bytes of the database and its keys."""
    store = turns.services.store
    return sum(_bytes(engine) for engine in (store.engine, store.keys._engine))  # noqa: SLF001 – see above


def _bytes(engine: Engine) -> int:
    with engine.connect() as db:
        if engine.dialect.name == "postgresql":
            return int(db.execute(text("SELECT pg_database_size(current_database()) / 2")).scalar_one())
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(db.exec_driver_sql("PRAGMA page_size").scalar_one())
