"""Accounts and sessions of the console; an agency's parts are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables and the index."""
    op.create_table(
        "accounts",
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("login_index", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked", MOMENT, nullable=True),
        sa.Column("stepped", sa.BigInteger(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login_index", name=op.f("uq_accounts_login_index")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_index", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_index", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_staff"), "sessions", ["staff"], unique=False)
    op.create_index("ix_parts_agency", "parts", ["agency", "status"], unique=False)
