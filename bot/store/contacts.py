"""Contacts: who writes to us, found by a blind index of their address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.errors import ConflictError
from bot.messages import Channel
from bot.store.records import Contact
from bot.store.sealing import Seal
from bot.store.tables import GOING, UNDONE, calls, contacts, inbox, letters, outbox
from bot.store.transaction import Transaction

_ADDRESSED = select(contacts).where(
    contacts.c.channel == bindparam("at_channel"), contacts.c.address_index == bindparam("at_index")
)
_ADDRESSED_HELD = _ADDRESSED.with_for_update(key_share=True)
_ONE = select(contacts).where(contacts.c.id == bindparam("wanted"))
_NEW = insert(contacts)
_SAVE = update(contacts).where(contacts.c.id == bindparam("wanted"), contacts.c.revision == bindparam("read"))
_QUIET = (
    select(contacts)
    .where(contacts.c.quiet_due <= bindparam("now"))
    .order_by(contacts.c.quiet_due)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)
_OWED = select(outbox.c.seq).where(outbox.c.contact == contacts.c.id, UNDONE).exists()
_TO_FORGET = select(contacts.c.id).where(GOING, ~_OWED).limit(1)


_ERASE_DUE = (
    select(contacts)
    .where(contacts.c.erase_due <= bindparam("now"))
    .order_by(contacts.c.erase_due)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)


class Contacts:
    """The contacts of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def by_address(self, channel: Channel, address: str) -> Contact | None:
        """The contact at this address, held to the end of the transaction: turns of one conversation are serial."""
        index = address_index(self._tx, channel, address)
        self._tx.hold(index)
        query = _ADDRESSED_HELD if self._tx.locks else _ADDRESSED
        return self._read(self._tx.db.execute(query, {"at_channel": channel.value, "at_index": index}).one_or_none())

    def new(self, channel: Channel, address: str, at: datetime, language: str | None) -> Contact:
        """A first contact, with a key of its own."""
        contact = Contact(secrets.token_hex(8), channel, address, _spoken(language), at, revision=1)
        seal = self._tx.ring.new(contact.id)
        row = _row(contact, seal) | {
            "id": contact.id,
            "channel": channel.value,
            "address_index": address_index(self._tx, channel, address),
            "address": seal.close({"chat": address}, f"contacts/{contact.id}/address"),
            "created": at,
        }
        self._tx.db.execute(_NEW, row)
        return contact

    def get(self, contact_id: str) -> Contact | None:
        """The contact of this id."""
        return self._read(self._tx.db.execute(_ONE, {"wanted": contact_id}).one_or_none())

    def save(self, contact: Contact) -> Contact:
        """Writes a contact back; raises `ConflictError` when somebody else has written it since it was read."""
        saved = replace(contact, revision=contact.revision + 1)
        values = _row(saved, self._tx.ring.of(contact.id))
        if self._tx.db.execute(_SAVE, values | {"wanted": contact.id, "read": contact.revision}).rowcount != 1:
            raise ConflictError(f"contact {contact.id} was changed meanwhile")
        return saved

    def quiet(self, now: datetime) -> Contact | None:
        """The conversation that fell silent first and is nobody's task yet; whoever is being served is passed over."""
        return self._read(self._tx.db.execute(_QUIET, {"now": now}).one_or_none())

    def erase_due(self, now: datetime) -> Contact | None:
        """Somebody who asked to be erased, and for whom the time has come."""
        return self._read(self._tx.db.execute(_ERASE_DUE, {"now": now}).one_or_none())

    def erase(self, contact_id: str, at: datetime) -> None:
        """Forgets what was said and who it was; the sealed address stays only until the goodbye has been delivered."""
        blank = {
            "address_index": None,
            "state": None,
            "details": None,
            "case_id": None,
            "quiet_due": None,
            "erased_at": at,
            "erase_due": None,
        }
        self._tx.db.execute(update(contacts).where(contacts.c.id == contact_id).values(blank))
        self._tx.db.execute(update(inbox).where(inbox.c.contact == contact_id).values(body=None))
        self._tx.db.execute(update(letters).where(letters.c.contact == contact_id).values(body=None, due=None))
        self._tx.db.execute(update(calls).where(calls.c.contact == contact_id).values(body=None))

    def to_forget(self) -> str | None:
        """An erased contact with nothing left to deliver, whose key can be destroyed."""
        return self._tx.db.execute(_TO_FORGET).scalar()

    def forget(self, contact_id: str) -> None:
        """Destroys the contact's key: nothing that was sealed with it can be read again."""
        self._tx.db.execute(update(contacts).where(contacts.c.id == contact_id).values(address=None))
        self._tx.db.execute(update(outbox).where(outbox.c.contact == contact_id).values(body=None))
        self._tx.ring.condemn(contact_id)

    def _read(self, row: Row[Any] | None) -> Contact | None:
        if row is None:
            return None
        place = f"contacts/{row.id}"
        seal = self._tx.ring.of(row.id) if row.address is not None else None
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
            erase_asked=row.erase_asked,
            erase_due=row.erase_due,
            revision=row.revision,
        )


def address_index(transaction: Transaction, channel: Channel, address: str) -> str:
    """The blind index under which an address of a channel is found."""
    return transaction.ring.blind(f"address/{channel.value}", address)


def _row(contact: Contact, seal: Seal) -> dict[str, Any]:
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
        "erase_asked": contact.erase_asked,
        "erase_due": contact.erase_due,
        "revision": contact.revision,
    }


def _sealed(seal: Seal, value: Mapping[str, Any] | None, context: str) -> bytes | None:
    return seal.close(value, context) if value else None


def _spoken(language: str | None) -> str | None:
    """The two languages we speak; zh unless somebody's device clearly says English."""
    return "en" if language and language.lower().startswith("en") else "zh"
