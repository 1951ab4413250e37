"""What families are asked about promises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "inquiries",
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("part", "what", name=op.f("pk_inquiries")),
    )
    op.create_index(op.f("ix_inquiries_case_id"), "inquiries", ["case_id"], unique=False)
    op.create_index(op.f("ix_inquiries_due"), "inquiries", ["due"], unique=False)
