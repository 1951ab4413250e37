"""The store: SQLAlchemy tables, repositories, units of work, migrations, sealing, the audit log.

    store = Store.open("sqlite:///var/rightdoor.db", master_key=key)
    with store.work() as work:                      # one transaction, whole or not at all
        contact = work.contacts.by_address(Channel.WEB, "visitor")

Words and identities are sealed with the contact's or the case's key before they reach a table; chat ids and receipt codes
are found through keyed blind indexes.
"""

from bot.store.master_key import master_key
from bot.store.records import Contact, Parcel, Priority, StaffMember, Task
from bot.store.store import Store, Work

__all__ = ["Contact", "Parcel", "Priority", "StaffMember", "Store", "Task", "Work", "master_key"]
