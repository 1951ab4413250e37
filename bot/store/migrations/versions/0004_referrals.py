"""Terms of a part, reasons of events, and follow-up visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """A part's clock as columns, so that one index finds what is due; visits as a table."""
    for name in ("since", "remind_at", "awaiting", "wake"):
        op.add_column("parts", sa.Column(name, MOMENT, nullable=True))
    op.execute("UPDATE parts SET since = created")
    op.execute("UPDATE parts SET wake = deadline WHERE status NOT IN ('closed', 'withdrawn')")
    op.create_index("ix_parts_wake", "parts", ["wake"], unique=False)
    op.create_index("ix_parts_since", "parts", ["since"], unique=False)
    op.add_column("events", sa.Column("reason", sa.String(length=32), nullable=True))
    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("done", MOMENT, nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_part"), "visits", ["part"], unique=False)
