"""The first schema: contacts, inbox, cases with parts, sheets, staff, tasks, outbox, channels, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(length=32)
INDEX = sa.String(length=64)
MOMENT = sa.DateTime(timezone=True)
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDONE = sa.text("sent IS NULL AND dead IS NULL AND carried_by IS NOT NULL")


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "answers",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_case_id"), "answers", ["case_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", INDEX, nullable=False),
        sa.Column("action", ID, nullable=False),
        sa.Column("subject", INDEX, nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact", ID, nullable=False),
        sa.Column("receipt_index", INDEX, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("sent", MOMENT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("receipt_index", name=op.f("uq_cases_receipt_index")),
    )
    op.create_index(op.f("ix_cases_contact"), "cases", ["contact"], unique=False)
    op.create_index(op.f("ix_cases_county"), "cases", ["county"], unique=False)
    op.create_table(
        "channels",
        sa.Column("name", ID, nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("lease_by", INDEX, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "children",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "child", name=op.f("pk_children")),
    )
    op.create_table(
        "condemned", sa.Column("owner", ID, nullable=False), sa.PrimaryKeyConstraint("owner", name=op.f("pk_condemned"))
    )
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address_index", INDEX, nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.String(length=8), nullable=False),
        sa.Column("consent_at", MOMENT, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("told_something", sa.Boolean(), nullable=False),
        sa.Column("last_heard", MOMENT, nullable=False),
        sa.Column("quiet_due", MOMENT, nullable=True),
        sa.Column("blocked_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("channel", "address_index", name=op.f("uq_contacts_channel_address_index")),
    )
    op.create_index(op.f("ix_contacts_quiet_due"), "contacts", ["quiet_due"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rules", INDEX, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_case_id"), "decisions", ["case_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("part", ID, nullable=False),
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_case_id"), "events", ["case_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("turn", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("message_index", INDEX, nullable=False),
        sa.Column("contact", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("turn", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "message_index", name=op.f("uq_inbox_channel_message_index")),
    )
    op.create_index(op.f("ix_inbox_contact"), "inbox", ["contact"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("contact", ID, nullable=False),
        sa.Column("carried_by", sa.String(length=16), nullable=True),
        sa.Column("turn", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("part", ID, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_by", INDEX, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("sent", MOMENT, nullable=True),
        sa.Column("dead", MOMENT, nullable=True),
        sa.Column("error", INDEX, nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_chat",
        "outbox",
        ["contact", "priority", "seq"],
        unique=False,
        sqlite_where=UNDONE,
        postgresql_where=UNDONE,
    )
    op.create_index("ix_outbox_contact_seq", "outbox", ["contact", "seq"], unique=False)
    op.create_index(
        "ix_outbox_next", "outbox", ["priority", "seq"], unique=False, sqlite_where=UNDONE, postgresql_where=UNDONE
    )
    op.create_index(op.f("ix_outbox_turn"), "outbox", ["turn"], unique=False)
    op.create_table(
        "parts",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("for_whom", sa.String(length=16), nullable=False),
        sa.Column("child", sa.Integer(), nullable=True),
        sa.Column("lead", ID, nullable=False),
        sa.Column("level", ID, nullable=False),
        sa.Column("agency", INDEX, nullable=False),
        sa.Column("staff", ID, nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("act_by", MOMENT, nullable=True),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
    )
    op.create_index(op.f("ix_parts_case_id"), "parts", ["case_id"], unique=False)
    op.create_index(op.f("ix_parts_staff"), "parts", ["staff"], unique=False)
    op.create_index("ix_parts_waiting", "parts", ["status", "deadline"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", ID, nullable=False),
        sa.Column("role", ID, nullable=False),
        sa.Column("agency", INDEX, nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("contact", ID, nullable=True),
        sa.Column("code_index", INDEX, nullable=True),
        sa.Column("code_expires", MOMENT, nullable=True),
        sa.Column("on_duty", sa.Boolean(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("code_index", name=op.f("uq_staff_code_index")),
        sa.UniqueConstraint("contact", name=op.f("uq_staff_contact")),
    )
    op.create_index(op.f("ix_staff_agency"), "staff", ["agency"], unique=False)
    op.create_index(op.f("ix_staff_county"), "staff", ["county"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", ID, nullable=False),
        sa.Column("contact", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("owner", ID, nullable=True),
        sa.Column("done", MOMENT, nullable=True),
        sa.Column("dedupe", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_tasks_dedupe")),
    )
    op.create_index(op.f("ix_tasks_contact"), "tasks", ["contact"], unique=False)
    op.create_index(op.f("ix_tasks_county"), "tasks", ["county"], unique=False)
    op.create_index(op.f("ix_tasks_owner"), "tasks", ["owner"], unique=False)
    op.create_table(
        "told",
        sa.Column("part", ID, nullable=False),
        sa.Column("agency", INDEX, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("part", "agency", name=op.f("pk_told")),
    )
