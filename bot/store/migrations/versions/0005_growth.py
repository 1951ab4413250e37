"""What is looked for every second is found however much is stored: who is to be forgotten, what is still to be done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GOING = sa.text("erased_at IS NOT NULL AND address IS NOT NULL")
HELD = sa.text("lease_until IS NOT NULL")
OPEN = sa.text("done IS NULL")


def upgrade() -> None:
    """Adds the indexes."""
    op.create_index("ix_contacts_going", "contacts", ["erased_at"], sqlite_where=GOING, postgresql_where=GOING)
    op.create_index("ix_outbox_held", "outbox", ["contact"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_index("ix_tasks_open", "tasks", ["owner"], sqlite_where=OPEN, postgresql_where=OPEN)
