"""For which end of an agency's entry its keepers were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "worn",
        sa.Column("agency", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_worn")),
    )
