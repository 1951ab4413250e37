"""What somebody has done is found without reading what everybody has."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index."""
    op.create_index("ix_audit_actor", "audit", ["actor", "action"])
