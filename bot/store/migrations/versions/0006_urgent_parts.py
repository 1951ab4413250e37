"""Urgent parts are found without looking through the rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

URGENT = sa.text("risk >= 3")  # high or emergency


def upgrade() -> None:
    """Adds the index."""
    op.create_index("ix_parts_urgent", "parts", ["wake"], unique=False, sqlite_where=URGENT, postgresql_where=URGENT)
