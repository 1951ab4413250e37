"""What a story asks of the database is found by an index, on both databases: its cost does not grow with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event, text

from bot.delivery import Courier, Pace
from bot.messages import Channel, Incoming, Press, Text
from bot.replies import Reply
from bot.store import Store
from bot.turns import Turns
from bot.turns.delivered import AfterDelivery
from bot.turns.services import Services
from tests.story.house import Clock, House, code_for

VILLAGE = "demo-yangzhong-xinba-village"
# These stay small, or are only what is under way: all of it is looked at.
SMALL = ("staff", "channels", "rests", "strides", "condemned", "alembic_version")
UNDER_WAY = ("ix_outbox_next", "ix_tasks_open", "ix_contacts_going")


@contextmanager
def asked(store: Store) -> Iterator[dict[str, Any]]:
    """Every statement that is executed, with the values it was last given."""
    statements: dict[str, Any] = {}

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            statements[statement] = values

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)


class Phone:
    def send(self, _: str, __: Reply) -> str:
        return ""


def live(house: House) -> None:
    """A mother's story, a referral on Telegram, its delivery, a look at the list, the end of a shift, and time that goes by."""
    services = house.turns.services
    code = code_for(services.store, "village_worker", VILLAGE, house.clock())
    for number, content in enumerate((Press(f'/start{{"code":"{code}"}}'), Text("您好"))):
        house.turns.take(Incoming(Channel.TELEGRAM, "77", str(number), house.clock(), content))
    house.tells_the_seed_story(house.person("妈妈"))
    after = AfterDelivery(house.turns)
    courier = Courier(
        services.store, Channel.TELEGRAM, Phone(), house.clock, after.sent, after.dead, pace=Pace(chat_rests=0)
    )
    courier.run_once()
    courier.close()
    for number, command in enumerate(("/cases", "shift:off"), 2):
        house.turns.take(Incoming(Channel.TELEGRAM, "77", str(number), house.clock(), Press(command)))
    house.passes(days=3)
    mother = house.person("另一位妈妈")
    mother.says(Text("我和老公要离婚"))
    mother.says(Press("/erase"))
    house.passes(minutes=30)


def scans(db: Connection, statement: str, values: Any) -> list[str]:
    """The steps of a statement's plan that look at a whole table, or a whole index that is not small."""
    if db.dialect.name == "sqlite":
        steps = [row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        whole = [step for step in steps if step.startswith("SCAN")]
    else:
        steps = [row[0].strip(" ->") for row in db.exec_driver_sql(f"EXPLAIN {statement}", values)]
        whole = [step for step in steps if "Seq Scan on" in step]
    allowed = [f" {name}" for name in (*SMALL, *UNDER_WAY)]
    return [step for step in whole if not any(name in f" {step} " for name in allowed)]


def test_nothing_a_story_asks_looks_at_a_whole_table(loaded: Services, store: Store) -> None:
    clock = Clock()
    house = House(Turns(replace(loaded, store=store, clock=clock)), clock)
    with asked(store) as statements:
        live(house)
    assert len(statements) > 30
    found = {}
    with store.engine.connect() as db:
        if db.dialect.name == "postgresql":
            db.execute(text("SET enable_seqscan = off"))  # a plan that still has one has no index to go by
        for statement, values in statements.items():
            if whole := scans(db, statement, values):
                found[statement] = whole
    assert found == {}


def test_a_long_chat_makes_no_claim_dearer(store: Store) -> None:
    """The statement that is run most often, against ten thousand messages that one chat has had."""
    start = Clock().now
    with store.work() as work:
        contact = work.contacts.new(Channel.TELEGRAM, "1", start, "zh")
        first = work.outbox.add(contact, "t", Reply("a"), kind="reply", due=start)
        work.outbox.done(first, start)
    with store.engine.begin() as db:
        columns = "contact, carried_by, turn, kind, body, priority, due, attempts, lapsed, sent"
        copy = f"INSERT INTO outbox ({columns}) SELECT {columns} FROM outbox"  # noqa: S608 – our own columns
        for _ in range(13):
            db.execute(text(copy))
    with store.work() as work:
        work.outbox.add(contact, "t", Reply("b"), kind="reply", due=start)
    with asked(store) as statements, store.work() as work:
        assert len(work.outbox.claim("w", start, timedelta(seconds=10), 8)) == 1
    [claim] = [one for one in statements if "under_way" in one]
    with store.engine.connect() as db:
        explain = "EXPLAIN QUERY PLAN" if db.dialect.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(row) for row in db.exec_driver_sql(f"{explain} {claim}", statements[claim]))
    assert "ix_outbox_contact_seq" not in plan
