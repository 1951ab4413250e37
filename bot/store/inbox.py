"""The inbox: what came in, so that a redelivery is recognised and its turn found."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.messages import Channel, Content, Departed, Incoming
from bot.store.records import Contact
from bot.store.tables import contacts, inbox
from bot.store.transaction import Transaction

CLOCK = "clock"

_SEEN = select(inbox.c.turn).where(inbox.c.channel == bindparam("on"), inbox.c.message_index == bindparam("index"))
_NEW = insert(inbox)


class Inbox:
    """The messages taken in one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def seen(self, channel: Channel, message: str) -> str | None:
        """The turn that took this message, if it was taken before."""
        return self._tx.db.execute(_SEEN, {"on": channel.value, "index": self._index(channel, message)}).scalar()

    def record(self, incoming: Incoming, contact: Contact) -> str:
        """Takes a message: its words are sealed with the contact's key. Returns the turn's id.

        Somebody who was out of reach and writes has come back.
        """
        turn = secrets.token_hex(8)
        row = {
            "turn": turn,
            "channel": incoming.channel.value,
            "message_index": self._index(incoming.channel, incoming.id),
            "contact": contact.id,
            "at": incoming.at,
            "body": self._tx.ring.of(contact.id).close(_body(incoming.content), f"inbox/{turn}"),
        }
        self._tx.db.execute(_NEW, row)
        if contact.blocked_at and not isinstance(incoming.content, Departed):
            self._tx.db.execute(update(contacts).where(contacts.c.id == contact.id).values(blocked_at=None))
        return turn

    def clock(self, at: datetime) -> str:
        """A turn of the clock's, or of somebody at a terminal."""
        turn = secrets.token_hex(8)
        self._tx.db.execute(_NEW, {"turn": turn, "channel": CLOCK, "message_index": turn, "at": at})
        return turn

    def _index(self, channel: Channel, message: str) -> str:
        """Half a blind index: 128 bits tell messages apart, and there are more of these than of anything else."""
        return self._tx.ring.blind(f"message/{channel.value}", message)[:32]


def _body(content: Content) -> dict[str, Any]:
    """A message as it is kept: `{"kind": "Text", "text": …}`."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(content), default=str))
    return {"kind": type(content).__name__} | plain
