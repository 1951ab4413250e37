"""Brings a database to the newest schema with Alembic; the migrations are in `migrations/versions/`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.store.engines import one_at_a_time

# The newest revision. Alembic, which is slow to import, is asked only when a database is elsewhere.
NEWEST = "0018"


def migrate(engine: Engine) -> None:
    """Upgrades to the newest revision in one transaction; nothing happens when it is there already."""
    with engine.begin() as connection:
        one_at_a_time(connection)
        if _revision(connection) != NEWEST:
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 – see NEWEST
    from alembic.config import Config  # noqa: PLC0415 – see NEWEST

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
