"""Engines for the two databases, made so that a commit is durable and writers queue instead of failing.

SQLite: WAL, synchronous=FULL, every writing transaction begins with BEGIN IMMEDIATE. PostgreSQL: READ COMMITTED, row
locks that wait 5 seconds at most.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError, StoreUnavailableError

BUSY_SECONDS = 5.0
# An execution option: this transaction only reads.
READING = "rightdoor_reading"
# Whoever migrates or prepares a database holds this advisory lock; the number is ours alone and means nothing.
_MIGRATING = 7_310_001


def parse(url: str) -> URL:
    """A database URL, with psycopg 3 as the driver for PostgreSQL.

    Raises `SettingsError` for one we cannot serve: another database, or SQLite in memory (keys lie beside a file).
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError(f"not a database URL: {url!r}; it looks like sqlite:///rightdoor.db") from error
    match parsed.get_backend_name():
        case "sqlite" if parsed.database not in (None, "", ":memory:"):
            return parsed
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise SettingsError(f"a database URL names an SQLite file or a PostgreSQL server, not {other!r}")


def keys_beside(url: URL) -> URL:
    """Where the key store is unless it was said: `x.keys.db` beside `x.db`, or the same server."""
    if url.get_backend_name() != "sqlite":
        return url
    return url.set(database=f"{(url.database or '').removesuffix('.db')}.keys.db")


def engine_for(url: URL, *, schema: str | None = None) -> Engine:
    """An engine; `schema` is where its tables live on PostgreSQL (SQLite has a file for each)."""
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url, schema)


def one_at_a_time(connection: Connection) -> None:
    """Services that start together on PostgreSQL prepare it one after another; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})


def _sqlite(url: URL) -> Engine:
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, hide_parameters=True, pool_timeout=BUSY_SECONDS, connect_args=connect)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkout", _Unmoved(Path(url.database or "")))
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 – the driver's own connection type
    """Durable at every commit; deleted bytes are overwritten; SQLAlchemy begins transactions itself."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Writers queue up at the start instead of failing in the middle; readers see one moment and cannot write."""
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class _Unmoved:
    """Refuses a connection to a file that is no longer there: SQLite would go on writing where nobody finds it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._inode: int | None = None

    def __call__(self, *_: object) -> None:
        try:
            inode = self._file.stat().st_ino
        except OSError as error:
            raise StoreUnavailableError(f"the database is gone: {self._file.name}") from error
        self._inode = self._inode or inode
        if inode != self._inode:
            raise StoreUnavailableError(f"the database was replaced while it was open: {self._file.name}")


def _postgresql(url: URL, schema: str | None) -> Engine:
    connect = {"connect_timeout": int(BUSY_SECONDS)}
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, pool_size=10, pool_timeout=BUSY_SECONDS, connect_args=connect
    )

    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 – the driver's own connection type
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.execute("SET timezone = 'UTC'")
        if schema:
            connection.execute(f"SET search_path = {schema}")
        connection.autocommit = False

    event.listen(engine, "connect", prepare)
    return engine
