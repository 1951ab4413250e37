"""The key store: one wrapped data key per contact and per case, in a database of its own.

A key is committed here before the turn that uses it commits; a turn that then fails leaves an orphan key, which is harmless.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, delete, insert, select

from bot.errors import StoreUnavailableError
from bot.store.sealing import MasterKey, Seal
from bot.store.tables import Moment

metadata = MetaData()
data_keys = Table(
    "data_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made", Moment, nullable=False),
)

# Unwrapped keys kept at hand; enough for every conversation of a busy hour.
AT_HAND = 10_000


class KeyStore:
    """Makes, finds and destroys data keys."""

    def __init__(self, engine: Engine, master: MasterKey) -> None:
        self._engine = engine
        self._master = master
        self._at_hand: OrderedDict[str, Seal] = OrderedDict()
        self._lock = Lock()
        metadata.create_all(engine)

    def new(self) -> Seal:
        """A fresh key, committed."""
        key_id, key = secrets.token_hex(16), AESGCM.generate_key(256)
        with self._engine.begin() as connection:
            row = {"id": key_id, "wrapped": self._master.wrap(key, key_id), "made": datetime.now(UTC)}
            connection.execute(insert(data_keys).values(row))
        return self._keep(Seal(key_id, AESGCM(key)))

    def get(self, key_id: str) -> Seal:
        """The key; raises `StoreUnavailableError` when it was destroyed."""
        with self._lock:
            if seal := self._at_hand.get(key_id):
                return seal
        with self._engine.connect() as connection:
            wrapped = connection.execute(select(data_keys.c.wrapped).where(data_keys.c.id == key_id)).scalar()
        if wrapped is None:
            raise StoreUnavailableError("this record was erased: its key is gone")
        return self._keep(self._master.unwrap(wrapped, key_id))

    def destroy(self, key_id: str) -> None:
        """Whatever was sealed with this key is gone for good."""
        with self._engine.begin() as connection:
            connection.execute(delete(data_keys).where(data_keys.c.id == key_id))
        with self._lock:
            self._at_hand.pop(key_id, None)

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _keep(self, seal: Seal) -> Seal:
        with self._lock:
            self._at_hand[seal.key_id] = seal
            if len(self._at_hand) > AT_HAND:
                self._at_hand.popitem(last=False)
        return seal
