"""`Store`: a database, its key store, and units of work. Synchronous: a turn is one short transaction on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field

from sqlalchemy import Engine

from bot.store import engines
from bot.store.failures import clear_errors
from bot.store.keyring import KeyRing, shred
from bot.store.keys import SCHEMA, KeyStore
from bot.store.migrating import migrate
from bot.store.sealing import MasterKey
from bot.store.transaction import Transaction
from bot.store.turnstile import Turnstile
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Store:
    """A database and its key store; shared by all threads."""

    engine: Engine
    keys: KeyStore
    master: MasterKey
    _turnstile: Turnstile = field(default_factory=Turnstile)

    @classmethod
    def open(cls, url: str, *, keys_url: str = "", master_key: bytes) -> Store:
        """Opens (and migrates) the database at `url`; the key store is `x.keys.db` beside `x.db`, else the same server.

        Erasures that a crash left over are carried out first. Raises `SettingsError` for a URL we cannot serve,
        `StoreUnavailableError` when the database is locked, gone or refuses us, or the master key is not its own.
        """
        where = engines.parse(url)
        beside = engines.parse(keys_url) if keys_url else engines.keys_beside(where)
        master = MasterKey(master_key)
        with clear_errors(), ExitStack() as on_failure:
            engine, keys_engine = engines.engine_for(where), engines.engine_for(beside, schema=SCHEMA)
            on_failure.callback(engine.dispose)
            on_failure.callback(keys_engine.dispose)
            migrate(engine)
            keys = KeyStore(keys_engine, master)
            shred(engine, keys)
            on_failure.pop_all()
        return cls(engine, keys, master)

    @contextmanager
    def work(self, *, first: bool = False) -> Iterator[Work]:
        """One transaction: commits whole at the end, or changes nothing when anything is raised.

        `first` passes by the turns that wait: for what has already happened outside and must be known, and for what is due.

        Raises `ConflictError` when two writers met, `StoreUnavailableError` when the database is locked, gone or
        refuses us.
        """
        ring = KeyRing(self.keys, self.master)
        with clear_errors():
            with self._one_writer(first=first), self.engine.begin() as db:
                yield Work(Transaction(db, ring, locks=db.dialect.name == "postgresql"))
                ring.before_commit(db)
            if ring.condemns:
                shred(self.engine, self.keys)

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One moment of the database, to look at: it waits for nobody, locks nothing and cannot write."""
        looking = self.engine.execution_options(**{engines.READING: True, "postgresql_readonly": True})
        with clear_errors(), looking.begin() as db:
            yield Work(Transaction(db, KeyRing(self.keys, self.master), locks=False))

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()
        self.keys.close()

    def _one_writer(self, *, first: bool) -> AbstractContextManager[None]:
        """SQLite has one writer: a process's threads queue here, fairer and faster than asking again and again."""
        alone = self.engine.dialect.name == "sqlite"
        return self._turnstile.passing(engines.BUSY_SECONDS, first=first) if alone else nullcontext()
