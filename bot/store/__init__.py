"""The store: SQLAlchemy tables, repositories, units of work, migrations, sealing, the audit log.

    store = Store.open("sqlite:///var/rightdoor.db", master_key=key)
    with store.work() as work:                      # one transaction, whole or not at all
        contact = work.contacts.by_address(Channel.WEB, "visitor")
    with store.read() as work:                      # one moment, waiting for nobody
        waiting = work.outbox.waiting()

Words and identities are sealed with the contact's or the case's key before they reach a table; chat ids, message ids
and receipt codes are found through keyed blind indexes. Keys live in a store of their own: destroying one erases.
"""

from bot.store.figures import MoveFigure, PartFigure
from bot.store.master_key import master_key
from bot.store.records import Call, Contact, Parcel, Priority, StaffMember, Task, Tracked, Waiting
from bot.store.store import Store
from bot.store.work import Work

__all__ = [
    "Call",
    "Contact",
    "MoveFigure",
    "Parcel",
    "PartFigure",
    "Priority",
    "StaffMember",
    "Store",
    "Task",
    "Tracked",
    "Waiting",
    "Work",
    "master_key",
]
