"""Two contacts of one family: what would be alike, whom a human was asked about, and what was merged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables and the columns."""
    op.create_table(
        "marks",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "mark", name=op.f("pk_marks")),
    )
    op.create_index("ix_marks_mark", "marks", ["mark", "at"], unique=False)
    op.create_table(
        "pairs",
        sa.Column("one", sa.String(length=32), nullable=False),
        sa.Column("other", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_pairs")),
    )
    op.add_column("cases", sa.Column("merged_into", sa.String(length=32)))
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"])
    op.add_column("tasks", sa.Column("other", sa.String(length=32)))
