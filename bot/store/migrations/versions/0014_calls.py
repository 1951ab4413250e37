"""Calls at the hotline desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("held", MOMENT, nullable=True),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_contact"), "calls", ["contact"])
    op.create_index(op.f("ix_calls_case_id"), "calls", ["case_id"])
    op.create_index("ix_calls_going", "calls", ["operator", "ended"])
