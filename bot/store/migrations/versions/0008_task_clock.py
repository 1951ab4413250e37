"""Tasks have a clock, and a wish to be erased waits for a supervisor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

OPEN = sa.text("done IS NULL")


def upgrade() -> None:
    """Adds the columns; what is open already is due when it was promised."""
    op.add_column("tasks", sa.Column("wake", MOMENT))
    op.add_column("tasks", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE tasks SET wake = due WHERE done IS NULL")
    op.create_index("ix_tasks_wake", "tasks", ["wake"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("contacts", sa.Column("erase_asked", MOMENT))
    op.add_column("contacts", sa.Column("erase_due", MOMENT))
    op.create_index("ix_contacts_erase_due", "contacts", ["erase_due"])
