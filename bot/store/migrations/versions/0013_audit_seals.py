"""The audit log is sealed in batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("batch IS NULL")


def upgrade() -> None:
    """Makes the table, the column and what finds rows by it."""
    op.add_column("audit", sa.Column("batch", sa.Integer()))
    op.create_index("ix_audit_open", "audit", ["at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_audit_batch", "audit", ["county", "batch"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["subject"], unique=False)
    op.create_table(
        "seals",
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("county", "number", name=op.f("pk_seals")),
    )
