"""The tables. What is in clear is what routing needs (county, risk, service, times); words and identities are sealed.

Ids are random hex, times aware UTC; `…_index` is a keyed blind index; `revision` is for optimistic locking.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
)

from bot.decisions import Risk

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without a zone, so it is given back its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """As UTC; a time without a zone is a mistake of ours, and refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Aware again."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def _id(name: str = "id", **options: Any) -> Column[str]:  # noqa: ANN401 – whatever a Column takes
    return Column(name, String(32), **options)


def _seq() -> Column[int]:
    """A number that grows with every row (SQLite counts only plain integers)."""
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


contacts = Table(
    "contacts",
    metadata,
    _id(primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address_index", String(64)),  # gone once erased
    Column("address", LargeBinary),  # sealed
    Column("language", String(2)),
    Column("state", LargeBinary),  # sealed
    Column("details", LargeBinary),  # sealed; only after consent
    Column("consent", String(8), nullable=False),
    Column("consent_at", Moment),
    Column("case_id", String(32)),
    Column("told_something", Boolean, nullable=False),
    Column("last_heard", Moment, nullable=False),
    Column("quiet_due", Moment, index=True),
    Column("blocked_at", Moment),
    Column("erased_at", Moment),
    Column("erase_asked", Moment),  # kept for a child's sake; a supervisor decides
    Column("erase_due", Moment, index=True),  # when the clock erases it, once nothing holds it any more
    Column("created", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("channel", "address_index"),
)

# Erased, and only waiting for the goodbye to be delivered.
GOING = contacts.c.erased_at.is_not(None) & contacts.c.address.is_not(None)
Index("ix_contacts_going", contacts.c.erased_at, sqlite_where=GOING, postgresql_where=GOING)

inbox = Table(
    "inbox",
    metadata,
    _id("turn", primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("message_index", String(64), nullable=False),
    Column("contact", String(32), index=True),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary),  # sealed
    UniqueConstraint("channel", "message_index"),
)

cases = Table(
    "cases",
    metadata,
    _id(primary_key=True),
    Column("contact", String(32), nullable=False, index=True),
    Column("receipt_index", String(64), unique=True),  # gone once erased
    Column("body", LargeBinary),  # sealed receipt and place; gone once erased
    Column("county", String(6), index=True),
    Column("risk", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("sent", Moment),
    Column("merged_into", String(32), index=True),  # the same family's other case, once a human has said so
    Column("revision", Integer, nullable=False),
)

parts = Table(
    "parts",
    metadata,
    _id(primary_key=True),
    _id("case_id", nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("for_whom", String(16), nullable=False),
    Column("child", Integer),
    Column("lead", String(32), nullable=False),
    Column("level", String(32), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("staff", String(32), index=True),
    Column("status", String(16), nullable=False),
    Column("risk", Integer, nullable=False),
    Column("body", LargeBinary),  # sealed first action, rows, who else is told and who must not be
    Column("created", Moment, nullable=False),
    Column("act_by", Moment),
    Column("deadline", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("since", Moment, index=True),
    Column("remind_at", Moment),
    Column("awaiting", Moment),
    Column("wake", Moment, index=True),  # when the clock looks at it next; null once it is over
    Index("ix_parts_waiting", "status", "deadline"),
    Index("ix_parts_agency", "agency", "status"),
)

events = Table(
    "events",
    metadata,
    _seq(),
    _id("case_id", nullable=False, index=True),
    _id("part", nullable=False),
    Column("move", String(16), nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor", String(32)),
    Column("at", Moment, nullable=False),
    Column("detail", LargeBinary),  # sealed
    Column("reason", String(32)),  # a word of data/referrals.yml
)

visits = Table(
    "visits",
    metadata,
    _id(primary_key=True),
    _id("case_id", nullable=False),
    _id("part", nullable=False, index=True),
    Column("how", String(16), nullable=False),
    Column("due", Moment, nullable=False),
    Column("done", Moment),
    Column("dropped", Boolean, nullable=False),
    Column("body", LargeBinary),  # sealed plan and finding
)

# Moves that wait out the moment in which they can be undone; gone once made or taken back.
held = Table(
    "held",
    metadata,
    _id("part", primary_key=True),
    _id("staff", primary_key=True),
    _id("case_id", nullable=False, index=True),
    Column("move", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("meant_for", String(64), nullable=False),  # a service, an agency, somebody on staff, a risk
    Column("seen", Integer, nullable=False),
    Column("due", Moment, nullable=False, index=True),
    Column("body", LargeBinary),  # sealed words
)

inquiries = Table(
    "inquiries",
    metadata,
    _id("part", primary_key=True),
    Column("what", String(16), primary_key=True),
    _id("case_id", nullable=False, index=True),
    Column("asks", Integer, nullable=False),
    Column("asked", Moment),
    Column("due", Moment, index=True),  # when the clock looks at it next
    Column("waiting", Boolean, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    _id(primary_key=True),
    _id("case_id", nullable=False),
    _id("part", nullable=False),
    _id("contact", nullable=False),
    Column("side", String(8), nullable=False),  # who wrote it: family | staff
    _id("staff"),
    Column("at", Moment, nullable=False),
    Column("read", Moment),
    Column("due", Moment),  # when the clock looks whether it was read
    Column("body", LargeBinary),  # sealed with the family's key; gone once erased
    Index("ix_letters_part", "part", "side"),
    Index("ix_letters_contact", "contact"),
)
WATCHED = letters.c.due.is_not(None)
Index("ix_letters_due", letters.c.due, sqlite_where=WATCHED, postgresql_where=WATCHED)

# What would be the same if two cases were one family; keyed, and gone once erased.
marks = Table(
    "marks",
    metadata,
    _id("case_id", primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_marks_mark", "mark", "at"),
)

# Two cases that a human was asked about.
pairs = Table(
    "pairs",
    metadata,
    _id("one", primary_key=True),
    _id("other", primary_key=True),
    Column("at", Moment, nullable=False),
)

told = Table(
    "told",
    metadata,
    _id("part", primary_key=True),
    Column("agency", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _seq(),
    _id("case_id", nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("rules", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed
)

# What cannot wait is found without looking through the rest.
URGENT = parts.c.risk >= int(Risk.HIGH)
Index("ix_parts_urgent", parts.c.wake, sqlite_where=URGENT, postgresql_where=URGENT)

children = Table(
    "children",
    metadata,
    _id("case_id", primary_key=True),
    Column("child", Integer, primary_key=True),
    Column("created", Moment, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    _seq(),
    _id("case_id", nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # told | back | restart; answer and mention in older rows
    Column("body", LargeBinary),  # sealed answers and mentions of one message
    Column("at", Moment, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    _id(primary_key=True),
    Column("role", String(32), nullable=False),
    Column("agency", String(64), nullable=False, index=True),
    Column("county", String(6), index=True),
    Column("name", LargeBinary),  # sealed
    _id("contact", unique=True),  # null until enrolled
    Column("code_index", String(64), unique=True),  # gone once used
    Column("code_expires", Moment),
    Column("on_duty", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    _id("staff", primary_key=True),
    Column("login_index", String(64), unique=True, nullable=False),
    Column(
        "body", LargeBinary, nullable=False
    ),  # sealed with the staff member's key: the password's hash, the second factor
    Column("failed", Integer, nullable=False),  # wrong tries in a row
    Column("locked", Moment),  # until when none is looked at
    Column("stepped", BigInteger, nullable=False),  # the last time step whose code was used
    Column("created", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_index", String(64), primary_key=True),
    _id("staff", nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

# Programs that act for somebody on staff.
api_keys = Table(
    "api_keys",
    metadata,
    _id(primary_key=True),
    Column("key_index", String(64), unique=True, nullable=False),
    _id("staff", nullable=False),
    Column("may", String(64), nullable=False),
    Column("created", Moment, nullable=False),
    Column("used", Moment),
    Column("revoked", Moment),
)

# What somebody on staff has practised: training on invented cases, and still nobody's business but their own.
drills = Table(
    "drills",
    metadata,
    _id("staff", primary_key=True),
    Column("body", LargeBinary, nullable=False),  # sealed with the staff member's key
    Column("changed", Moment, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    _id(primary_key=True),
    Column("kind", String(32), nullable=False),
    _id("contact", index=True),
    _id("case_id"),
    _id("other"),  # another case it is about
    Column("county", String(6), index=True),
    Column("risk", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    _id("owner", index=True),
    Column("done", Moment),
    Column("dedupe", String(160), unique=True),  # gone once done, so that it can happen again
    Column("wake", Moment),  # when somebody is asked again
    Column("rung", Integer, nullable=False, server_default="0"),  # how often the clock has asked
)

OPEN_TASKS = tasks.c.done.is_(None)
Index("ix_tasks_wake", tasks.c.wake, sqlite_where=OPEN_TASKS, postgresql_where=OPEN_TASKS)
Index("ix_tasks_open", tasks.c.owner, sqlite_where=OPEN_TASKS, postgresql_where=OPEN_TASKS)

outbox = Table(
    "outbox",
    metadata,
    _seq(),
    _id("contact", nullable=False),
    Column("carried_by", String(16)),  # the channel that must be written to; null where the receiver comes and reads
    _id("turn", nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    _id("part"),
    Column("body", LargeBinary),  # sealed
    Column("priority", Integer, nullable=False),
    Column("due", Moment, nullable=False),  # when it was written; after a failure, when it is tried again
    Column("attempts", Integer, nullable=False),
    Column("tried", Moment),  # since when `due` counts: when it was last given to somebody to carry
    Column("lapsed", Integer, nullable=False, server_default="0"),  # how often whoever carried it vanished
    Column("lease_by", String(64)),
    Column("lease_until", Moment),
    Column("sent", Moment),
    Column("dead", Moment),
    Column("error", String(64)),
    Column("settled", Moment),  # a human has dealt with it, though it never arrived
    Index("ix_outbox_contact_seq", "contact", "seq"),
    sqlite_autoincrement=True,
)

# What is still to be carried, a small part of the whole once the service has run for a while.
UNDONE = outbox.c.sent.is_(None) & outbox.c.dead.is_(None) & outbox.c.carried_by.is_not(None)
Index("ix_outbox_next", outbox.c.priority, outbox.c.seq, sqlite_where=UNDONE, postgresql_where=UNDONE)
Index("ix_outbox_chat", outbox.c.contact, outbox.c.priority, outbox.c.seq, sqlite_where=UNDONE, postgresql_where=UNDONE)
DEAD = outbox.c.dead.is_not(None) & outbox.c.settled.is_(None)
HELD = outbox.c.lease_until.is_not(None)
Index("ix_outbox_held", outbox.c.contact, sqlite_where=HELD, postgresql_where=HELD)
LAPSED = outbox.c.lapsed > literal_column("0")  # as it stands in the index, to be found by it
Index("ix_outbox_lapsed", outbox.c.lapsed, sqlite_where=LAPSED, postgresql_where=LAPSED)
Index("ix_outbox_dead", outbox.c.seq, sqlite_where=DEAD, postgresql_where=DEAD)

# What is left alone for a while: a chat that was just written to, a channel that asked for it.
rests = Table(
    "rests",
    metadata,
    Column("name", String(32), primary_key=True),  # a contact or a channel
    Column("channel", String(16), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    Column("asked", Boolean, nullable=False),  # by the channel, not by our own manners
)

# What was begun just now, for all who carry a channel together.
strides = Table(
    "strides",
    metadata,
    _seq(),
    Column("channel", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("lease_by", String(64)),
    Column("lease_until", Moment),
)

# Owners of keys whose erasure is committed but not carried out yet.
condemned = Table("condemned", metadata, _id("owner", primary_key=True))

audit = Table(
    "audit",
    metadata,
    _seq(),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("county", String(6)),
    Column("batch", Integer),  # under which seal of its county; null until sealed
    Index("ix_audit_batch", "county", "batch"),
    Index("ix_audit_subject", "subject"),
    Index("ix_audit_actor", "actor", "action"),
)
UNSEALED = audit.c.batch.is_(None)
Index("ix_audit_open", audit.c.at, sqlite_where=UNSEALED, postgresql_where=UNSEALED)

# Calls at the hotline desk. What is being said is sealed with the contact's key.
calls = Table(
    "calls",
    metadata,
    _id(primary_key=True),
    _id("contact", nullable=False, index=True),
    _id("case_id", index=True),  # of which family it is, once that is known
    _id("operator", nullable=False),  # who has it; it may be handed over
    Column("county", String(6)),
    Column("started", Moment, nullable=False),
    Column("held", Moment),
    Column("ended", Moment),
    Column("kind", String(16)),  # a word of data/calls.yml, once it has ended
    Column("body", LargeBinary),  # sealed notes and what is to be confirmed; gone once erased
    Column("revision", Integer, nullable=False),
    Index("ix_calls_going", "operator", "ended"),
)

# Changes of the directory that somebody proposed; they hold once another has approved them.
amendments = Table(
    "amendments",
    metadata,
    _id(primary_key=True),
    Column("agency", String(64), nullable=False),
    Column("county", String(6)),
    Column("body", Text, nullable=False),  # JSON: the row as in a directory file, or null
    _id("proposed_by", nullable=False),
    Column("proposed", Moment, nullable=False),
    _id("decided_by"),
    Column("decided", Moment, index=True),
    Column("approved", Boolean),
)

# For which end of an entry of the directory its keepers were told.
worn = Table(
    "worn",
    metadata,
    Column("agency", String(64), primary_key=True),
    Column("expires", Date, nullable=False),
    Column("told", Moment, nullable=False),
)

# Each batch of the audit log, hashed together with the one before; "" is where no county is known.
seals = Table(
    "seals",
    metadata,
    Column("county", String(6), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("rows", Integer, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
