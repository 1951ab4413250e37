"""The keys of one transaction: fresh ones are stored just before it commits, condemned ones destroyed just after.

So a row that can be read always has its key, and a transaction that fails destroys nothing.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, delete, insert, select

from bot.store.keys import KeyStore
from bot.store.sealing import KEY, MasterKey, Seal
from bot.store.tables import condemned


class KeyRing:
    """What the repositories of one transaction seal, open and blind with."""

    def __init__(self, keys: KeyStore, master: MasterKey) -> None:
        self._keys = keys
        self._master = master
        self._fresh: dict[str, bytes] = {}
        self._seals: dict[str, Seal] = {}
        self._condemned: set[str] = set()

    @property
    def condemns(self) -> bool:
        """Whether this transaction erases something."""
        return bool(self._condemned)

    def new(self, owner: str) -> Seal:
        """A fresh key for this contact, case or staff member."""
        key = secrets.token_bytes(KEY)
        self._fresh[owner] = key
        return self._seals.setdefault(owner, Seal(AESGCM(key)))

    def of(self, owner: str) -> Seal:
        """The owner's key; raises `StoreUnavailableError` when it was destroyed."""
        if owner not in self._seals:
            self._seals[owner] = self._keys.get(owner)
        return self._seals[owner]

    def condemn(self, owner: str) -> None:
        """The owner's key is destroyed as soon as this transaction has committed."""
        self._condemned.add(owner)

    def blind(self, purpose: str, value: str) -> str:
        """The keyed index under which `value` is found."""
        return self._master.blind(purpose, value)

    def before_commit(self, db: Connection) -> None:
        """Fresh keys are stored; what is condemned is written down, so that a crash after the commit only delays it."""
        if self._fresh:
            self._keys.add(self._fresh)
        if self._condemned:
            db.execute(insert(condemned), [{"owner": owner} for owner in sorted(self._condemned)])


def shred(engine: Engine, keys: KeyStore) -> None:
    """Destroys every condemned key. Done after each erasing commit, and at the start for what a crash left over."""
    with engine.begin() as db:
        owners = tuple(db.execute(select(condemned.c.owner)).scalars())
        if owners:
            keys.destroy(owners)
            db.execute(delete(condemned).where(condemned.c.owner.in_(owners)))
