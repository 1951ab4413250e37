"""`Store`: a database, its key store, and units of work. Synchronous: a turn is one short transaction on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from bot.errors import SettingsError, StoreUnavailableError
from bot.store.cases import Cases
from bot.store.contacts import Contacts
from bot.store.keys import KeyStore
from bot.store.ledger import Audit, ChannelState
from bot.store.migrating import migrate
from bot.store.people import Staff, TaskList
from bot.store.post import Inbox, Outbox
from bot.store.sealing import MasterKey
from bot.store.sheets import Sheets

BUSY_SECONDS = 5


class Work:
    """One transaction: repositories over one connection, each made when it is first used."""

    def __init__(self, connection: Connection, keys: KeyStore, master: MasterKey) -> None:
        self._db = connection
        self._keys = keys
        self._master = master

    @cached_property
    def contacts(self) -> Contacts:
        """Who writes to us."""
        return Contacts(self._db, self._keys, self._master)

    @cached_property
    def cases(self) -> Cases:
        """Their referrals."""
        return Cases(self._db, self._keys, self._master)

    @cached_property
    def sheets(self) -> Sheets:
        """What they told."""
        return Sheets(self._db, self.cases)

    @cached_property
    def staff(self) -> Staff:
        """Who receives referrals."""
        return Staff(self._db, self._keys, self._master)

    @cached_property
    def tasks(self) -> TaskList:
        """What operators have to do."""
        return TaskList(self._db)

    @cached_property
    def inbox(self) -> Inbox:
        """What came in."""
        return Inbox(self._db, self.contacts)

    @cached_property
    def outbox(self) -> Outbox:
        """What goes out."""
        return Outbox(self._db, self.contacts, self._keys)

    @cached_property
    def audit(self) -> Audit:
        """Who read what."""
        return Audit(self._db)

    @cached_property
    def channels(self) -> ChannelState:
        """What a channel remembers of itself."""
        return ChannelState(self._db)


@dataclass(frozen=True, slots=True)
class Store:
    """A database and its key store."""

    engine: Engine
    keys: KeyStore
    master: MasterKey

    @classmethod
    def open(cls, url: str, *, keys_url: str = "", master_key: bytes) -> Store:
        """Opens (and migrates) the database at `url`; the key store is `keys.db` beside an SQLite file, else the same server.

        Raises `SettingsError` for a URL that is none, `StoreUnavailableError` when the database is locked, gone or refuses us.
        """
        with _clear_errors():
            engine = _engine(url)
            master = MasterKey(master_key)
            migrate(engine)
            return cls(engine, KeyStore(_engine(keys_url or _keys_url(url)), master), master)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction: commits whole at the end, or changes nothing when anything is raised."""
        with _clear_errors(), self.engine.begin() as connection:
            yield Work(connection, self.keys, self.master)

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()
        self.keys.close()


@contextmanager
def _clear_errors() -> Iterator[None]:
    """The driver's errors as ours; a lost race on a unique index counts as a conflict of its own kind."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError(f"the database URL cannot be used: {error}") from error
    except (OperationalError, DBAPIError) as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise StoreUnavailableError(f"the database is not available: {reason}") from error


def _keys_url(url: str) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url
    beside = f"{(parsed.database or '').removesuffix('.db')}.keys.db"
    return parsed.set(database=beside).render_as_string(hide_password=False)


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(url, pool_pre_ping=True, pool_size=10)


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 – the driver's own connection type
    """Durable at every commit (WAL, synchronous=FULL); SQLAlchemy begins transactions itself."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    """Writers queue up at the start instead of failing in the middle."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
