"""What is older than it may be kept. Looked for about once an hour; each query reads its whole table, so it is not for turns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from bot.store.cases import OPEN
from bot.store.tables import cases, contacts, events, inbox, outbox, parts, staff
from bot.store.transaction import Transaction

AT_ONCE = 100  # rows of one transaction, so that no turn waits long
_FAMILY = (
    contacts.c.erased_at.is_(None),
    ~exists().where(staff.c.contact == contacts.c.id),
)
_SENT = exists().where(cases.c.contact == contacts.c.id, cases.c.sent.is_not(None))
_OPEN = exists().where(cases.c.contact == contacts.c.id, parts.c.case_id == cases.c.id, parts.c.status.in_(OPEN))


class Retention:
    """The oldest of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def silent(self, before: datetime) -> tuple[str, ...]:
        """Families last heard before then who never had anything passed on."""
        return self._families(contacts.c.last_heard < before, ~_SENT)

    def ended(self, before: datetime) -> tuple[str, ...]:
        """Families all of whose parts ended, and of whom nothing was heard or done since."""
        moved = exists().where(cases.c.contact == contacts.c.id, events.c.case_id == cases.c.id, events.c.at >= before)
        return self._families(contacts.c.last_heard < before, _SENT, ~_OPEN, ~moved)

    def wordless(self, before: datetime) -> int:
        """Takes the words from messages that came in or went out before then; how many. Who and when stays."""
        old = select(outbox.c.seq).where(outbox.c.due < before, outbox.c.body.is_not(None)).limit(AT_ONCE)
        count = self._tx.db.execute(update(outbox).where(outbox.c.seq.in_(old)).values(body=None)).rowcount
        heard = select(inbox.c.turn).where(inbox.c.at < before, inbox.c.body.is_not(None)).limit(AT_ONCE)
        return count + self._tx.db.execute(update(inbox).where(inbox.c.turn.in_(heard)).values(body=None)).rowcount

    def _families(self, *which: ColumnElement[bool]) -> tuple[str, ...]:
        return tuple(self._tx.db.execute(select(contacts.c.id).where(*_FAMILY, *which).limit(AT_ONCE)).scalars())
