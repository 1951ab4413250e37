"""Contacts: who writes to us, found by a blind index of their address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from bot.errors import ConflictError
from bot.messages import Channel
from bot.store.keys import KeyStore
from bot.store.records import Contact
from bot.store.sealing import MasterKey, Seal
from bot.store.tables import contacts, inbox, outbox


class Contacts:
    """The contacts of one transaction."""

    def __init__(self, connection: Connection, keys: KeyStore, master: MasterKey) -> None:
        self._db = connection
        self._keys = keys
        self._master = master

    def by_address(self, channel: Channel, address: str) -> Contact | None:
        """The contact at this address, locked until the transaction ends, so that turns of one conversation are serial."""
        index = self._index(channel, address)
        self._serialise(index)
        query = select(contacts).where(contacts.c.channel == channel.value, contacts.c.address_index == index)
        return self._read(self._db.execute(query.with_for_update()).one_or_none())

    def new(self, channel: Channel, address: str, at: datetime, language: str | None) -> Contact:
        """A first contact, with a key of its own."""
        seal = self._keys.new()
        contact = Contact(secrets.token_hex(8), channel, address, _spoken(language), at)
        row = self._row(contact, seal) | {
            "id": contact.id,
            "channel": channel.value,
            "address_index": self._index(channel, address),
            "address": seal.close({"chat": address}, f"contacts/{contact.id}/address"),
            "key_id": seal.key_id,
            "created": at,
        }
        self._db.execute(insert(contacts).values(row))
        return replace(contact, revision=1)

    def get(self, contact_id: str) -> Contact | None:
        """The contact of this id, locked."""
        return self._read(
            self._db.execute(select(contacts).where(contacts.c.id == contact_id).with_for_update()).one_or_none()
        )

    def save(self, contact: Contact) -> Contact:
        """Writes a contact back; raises `ConflictError` when somebody else has written it since it was read."""
        key_id = self._db.execute(select(contacts.c.key_id).where(contacts.c.id == contact.id)).scalar_one()
        row = self._row(contact, self._keys.get(key_id))
        same = (contacts.c.id == contact.id) & (contacts.c.revision == contact.revision)
        if self._db.execute(update(contacts).where(same).values(row)).rowcount != 1:
            raise ConflictError(f"contact {contact.id} was changed meanwhile")
        return replace(contact, revision=contact.revision + 1)

    def quiet(self, now: datetime) -> Contact | None:
        """The conversation that fell silent first and is nobody's task yet."""
        due = contacts.c.quiet_due <= now
        query = select(contacts).where(due).order_by(contacts.c.quiet_due).limit(1)
        return self._read(self._db.execute(query.with_for_update(skip_locked=True)).one_or_none())

    def erase(self, contact_id: str, at: datetime) -> None:
        """Forgets what was said and who it was; the address is kept sealed only until the goodbye has been delivered."""
        blank = {"address_index": None, "state": None, "details": None, "case_id": None, "quiet_due": None, "erased_at": at}
        self._db.execute(update(contacts).where(contacts.c.id == contact_id).values(blank))
        self._db.execute(update(inbox).where(inbox.c.contact == contact_id).values(body=None))

    def to_forget(self) -> str | None:
        """An erased contact with nothing left to deliver, whose key can be destroyed."""
        owed = select(outbox.c.seq).where(
            outbox.c.contact == contacts.c.id, outbox.c.pushed, outbox.c.sent.is_(None), outbox.c.dead.is_(None)
        )
        erased = contacts.c.erased_at.is_not(None) & contacts.c.address.is_not(None)
        return self._db.execute(select(contacts.c.id).where(erased & ~owed.exists()).limit(1)).scalar()

    def forget(self, contact_id: str) -> None:
        """Destroys the contact's key: nothing that was sealed with it can be read again."""
        key_id = self._db.execute(select(contacts.c.key_id).where(contacts.c.id == contact_id)).scalar_one()
        self._db.execute(update(contacts).where(contacts.c.id == contact_id).values(address=None))
        self._db.execute(update(outbox).where(outbox.c.contact == contact_id).values(body=None))
        self._keys.destroy(key_id)

    def seal_of(self, contact_id: str) -> Seal:
        """The key for this contact's words."""
        return self._keys.get(self._db.execute(select(contacts.c.key_id).where(contacts.c.id == contact_id)).scalar_one())

    def _serialise(self, index: str) -> None:
        """On PostgreSQL two first messages of one person wait for each other; SQLite has one writer anyway."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(index[:15], 16)})

    def _index(self, channel: Channel, address: str) -> str:
        return self._master.blind(f"address/{channel.value}", address)

    def _row(self, contact: Contact, seal: Seal) -> dict[str, Any]:
        place = f"contacts/{contact.id}"
        return {
            "language": contact.language,
            "state": _sealed(seal, contact.state, f"{place}/state"),
            "details": _sealed(seal, contact.details, f"{place}/details"),
            "consent": contact.consent,
            "consent_at": contact.consent_at,
            "case_id": contact.case,
            "told_something": contact.told_something,
            "last_heard": contact.last_heard,
            "quiet_due": contact.quiet_due,
            "blocked_at": contact.blocked_at,
            "erased_at": contact.erased_at,
            "revision": contact.revision + 1,
        }

    def _read(self, row: Row[Any] | None) -> Contact | None:
        if row is None:
            return None
        place = f"contacts/{row.id}"
        seal = self._keys.get(row.key_id) if row.address is not None else None
        return Contact(
            id=row.id,
            channel=Channel(row.channel),
            address=seal.open(row.address, f"{place}/address")["chat"] if seal else "",
            language=row.language,
            last_heard=row.last_heard,
            state=seal.open(row.state, f"{place}/state") if seal and row.state else None,
            details=seal.open(row.details, f"{place}/details") if seal and row.details else None,
            consent=row.consent,
            consent_at=row.consent_at,
            case=row.case_id,
            told_something=row.told_something,
            quiet_due=row.quiet_due,
            blocked_at=row.blocked_at,
            erased_at=row.erased_at,
            revision=row.revision,
        )


def _sealed(seal: Seal, value: Mapping[str, Any] | None, context: str) -> bytes | None:
    return seal.close(value, context) if value else None


def _spoken(language: str | None) -> str | None:
    """The two languages we speak; zh unless somebody's device clearly says English."""
    return "en" if language and language.lower().startswith("en") else "zh"
