"""The key store: one wrapped data key per owner (a contact, a case, a staff member), in a database of its own.

A key is committed here before the transaction that uses it; one that then fails leaves an orphan, which is harmless.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
)

from bot.errors import StoreUnavailableError
from bot.store.engines import one_at_a_time
from bot.store.sealing import KEY, MasterKey, Seal
from bot.store.tables import Moment

metadata = MetaData()
data_keys = Table(
    "data_keys",
    metadata,
    Column("owner", String(32), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made", Moment, nullable=False),
)

# On PostgreSQL the key store is a schema of its own, so that it can be backed up apart and its backups can expire.
SCHEMA = "keys"
# This entry opens with the right master key only; a wrong one is noticed before anybody is served.
PROBE = "probe"
# Unwrapped keys kept at hand; enough for every conversation of a busy hour.
AT_HAND = 10_000

_FIND = select(data_keys.c.wrapped).where(data_keys.c.owner == bindparam("sought"))


class KeyStore:
    """Keeps, finds and destroys data keys. Shared by all threads."""

    def __init__(self, engine: Engine, master: MasterKey) -> None:
        """Makes the table at the first start. Raises `StoreUnavailableError` for a master key that is not its own."""
        self._engine = engine
        self._master = master
        self._at_hand: OrderedDict[str, Seal] = OrderedDict()
        self._lock = Lock()
        with engine.begin() as connection:
            _prepare(connection)
        self._probe()

    def get(self, owner: str) -> Seal:
        """The owner's key; raises `StoreUnavailableError` when it was destroyed."""
        with self._lock:
            if seal := self._at_hand.get(owner):
                return seal
        wrapped = self._wrapped(owner)
        if wrapped is None:
            raise StoreUnavailableError("this record was erased: its key is gone")
        return self._keep(owner, self._master.unwrap(wrapped, owner))

    def add(self, keys: Mapping[str, bytes]) -> None:
        """Commits fresh keys, given by owner."""
        made = datetime.now(UTC)
        rows = [{"owner": o, "wrapped": self._master.wrap(key, o), "made": made} for o, key in keys.items()]
        with self._engine.begin() as connection:
            connection.execute(insert(data_keys), rows)

    def destroy(self, owners: Iterable[str]) -> None:
        """Whatever was sealed with these keys is gone for good; destroying twice does no harm."""
        gone = tuple(owners)
        with self._engine.begin() as connection:
            connection.execute(delete(data_keys).where(data_keys.c.owner.in_(gone)))
        self._leave_no_trace()
        with self._lock:
            for owner in gone:
                self._at_hand.pop(owner, None)

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _probe(self) -> None:
        """Opens the probe, or makes it at the first start."""
        wrapped = self._wrapped(PROBE)
        if wrapped is None:
            self.add({PROBE: bytes(KEY)})
        else:
            self._master.unwrap(wrapped, PROBE)

    def _wrapped(self, owner: str) -> bytes | None:
        with self._engine.connect() as connection:
            return connection.execute(_FIND, {"sought": owner}).scalar()

    def _keep(self, owner: str, seal: Seal) -> Seal:
        with self._lock:
            self._at_hand[owner] = seal
            if len(self._at_hand) > AT_HAND:
                self._at_hand.popitem(last=False)
        return seal

    def _leave_no_trace(self) -> None:
        """SQLite's log still holds the old pages (`secure_delete` overwrites them in the file itself): empty it."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _prepare(connection: Connection) -> None:
    one_at_a_time(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    metadata.create_all(connection)
