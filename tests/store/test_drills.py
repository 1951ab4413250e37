"""What somebody has practised: kept on both databases, sealed with their own key, and added to a database that is older."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, inspect, select, text

from bot.errors import StoreUnavailableError
from bot.store import Store, migrating
from bot.store.engines import engine_for, parse
from bot.store.tables import drills, staff

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KEY = bytes(range(32))


def somebody(store: Store) -> str:
    """The id of somebody who was invited."""
    with store.work() as work:
        work.staff.invite("village_worker", "a1", None, "虚构的老王", NOW + timedelta(hours=1), NOW)
    with store.engine.connect() as db:
        return str(db.execute(select(staff.c.id).order_by(staff.c.created.desc(), staff.c.id)).scalars().first())


def test_a_book_is_kept_and_replaced(store: Store) -> None:
    who = somebody(store)
    for number in (1, 2):
        with store.work() as work:
            work.drills.keep(who, {"number": number}, NOW)
    with store.read() as work:
        assert work.drills.of(who) == {"number": 2}
        assert work.drills.of("nobody") is None


def test_a_score_does_not_lie_in_the_files_in_clear(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'r.db'}", master_key=KEY)
    who = somebody(store)
    with store.work() as work:
        work.drills.keep(who, {"topics": {"violence": [0, 9]}}, NOW)
    store.close()
    assert b"violence" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_book_moved_to_somebody_else_does_not_open(store: Store) -> None:
    one = somebody(store)
    with store.work() as work:
        work.drills.keep(one, {"number": 1}, NOW)
    with store.engine.begin() as db:
        body = db.execute(select(drills.c.body)).scalar_one()
        ids = set(db.execute(select(staff.c.id)).scalars())
    somebody(store)
    with store.engine.begin() as db:
        [other] = set(db.execute(select(staff.c.id)).scalars()) - ids
        db.execute(insert(drills).values(staff=other, body=body, changed=NOW))
    with store.work() as work, pytest.raises(StoreUnavailableError, match="does not open"):
        work.drills.of(other)


def test_a_database_of_the_first_schema_gains_the_table_and_keeps_what_it_has(database: str) -> None:
    engine = engine_for(parse(database))
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO condemned (owner) VALUES ('nobody')"))
        assert not inspect(connection).has_table("drills")
    engine.dispose()
    store = Store.open(database, master_key=KEY)
    who = somebody(store)
    with store.work() as work:
        work.drills.keep(who, {"number": 1}, NOW)
    store.close()
