"""The tables. What is in clear is what routing needs (county, risk, service, times); words and identities are sealed.

Codes and times are text and aware UTC; `revision` is for optimistic locking.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
)

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

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def _id(name: str = "id", **options: Any) -> Column[str]:
    return Column(name, String(32), **options)


contacts = Table(
    "contacts",
    metadata,
    _id(primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address_index", String(64)),  # blind; gone once erased
    Column("address", LargeBinary),  # sealed
    Column("key_id", String(32), nullable=False),
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
    Column("created", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("channel", "address_index"),
)

inbox = Table(
    "inbox",
    metadata,
    _id("turn", primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("message", String(128), nullable=False),
    Column("contact", String(32), index=True),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary),  # sealed
    UniqueConstraint("channel", "message"),
)

cases = Table(
    "cases",
    metadata,
    _id(primary_key=True),
    Column("contact", String(32), nullable=False, index=True),
    Column("key_id", String(32), nullable=False),
    Column("receipt_index", String(64), unique=True),  # blind
    Column("receipt", LargeBinary),  # sealed
    Column("county", String(6), index=True),
    Column("place", String(12)),
    Column("risk", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("sent", Moment),
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
    Column("also", Text, nullable=False),
    Column("first_action", String(64), nullable=False),
    Column("rows", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("act_by", Moment),
    Column("deadline", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("ix_parts_waiting", "status", "deadline"),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _id("case_id", nullable=False, index=True),
    _id("part", nullable=False),
    Column("move", String(16), nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor", String(32)),
    Column("at", Moment, nullable=False),
    Column("detail", LargeBinary),  # sealed
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
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _id("case_id", nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("rules", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed
)

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
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _id("case_id", nullable=False, index=True),
    Column("child", Integer),  # null: about the family
    Column("fact", String(64), nullable=False),
    Column("kind", String(8), nullable=False),  # answer | mention | back | restart
    Column("body", LargeBinary),  # sealed value and source
    Column("at", Moment, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    _id(primary_key=True),
    Column("role", String(32), nullable=False),
    Column("agency", String(64), nullable=False, index=True),
    Column("county", String(6), index=True),
    Column("key_id", String(32), nullable=False),
    Column("name", LargeBinary),  # sealed
    _id("contact", index=True),
    Column("code_index", String(64), unique=True),  # blind; gone once used
    Column("code_expires", Moment),
    Column("on_duty", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    _id(primary_key=True),
    Column("kind", String(32), nullable=False),
    _id("contact", index=True),
    _id("case_id"),
    Column("county", String(6), index=True),
    Column("risk", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    _id("owner", index=True),
    Column("done", Moment),
    Column("dedupe", String(160), unique=True),  # gone once done, so that it can happen again
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _id("contact", nullable=False),
    _id("turn", nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    _id("part"),
    Column("body", LargeBinary),  # sealed
    Column("pushed", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_by", String(64)),
    Column("lease_until", Moment),
    Column("sent", Moment),
    Column("dead", Moment),
    Column("error", String(64)),
    Index("ix_outbox_contact_seq", "contact", "seq"),
    Index("ix_outbox_waiting", "sent", "dead", "pushed", "due"),
)

channels = Table(
    "channels",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("lease_by", String(64)),
    Column("lease_until", Moment),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("county", String(6)),
)

