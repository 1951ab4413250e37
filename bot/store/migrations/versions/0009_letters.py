"""Families and whoever helps them write to each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WATCHED = sa.text("due IS NOT NULL")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "letters",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read", MOMENT, nullable=True),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_part", "letters", ["part", "side"], unique=False)
    op.create_index("ix_letters_contact", "letters", ["contact"], unique=False)
    op.create_index("ix_letters_due", "letters", ["due"], unique=False, sqlite_where=WATCHED, postgresql_where=WATCHED)
