"""The outbox's pace is kept by all couriers together; what a vanished one held is counted; dead letters are dealt with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DEAD = sa.text("dead IS NOT NULL AND settled IS NULL")


def upgrade() -> None:
    """Adds the columns and tables."""
    op.add_column("outbox", sa.Column("tried", MOMENT, nullable=True))
    op.add_column("outbox", sa.Column("lapsed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("settled", MOMENT, nullable=True))
    op.create_index("ix_outbox_dead", "outbox", ["seq"], unique=False, sqlite_where=DEAD, postgresql_where=DEAD)
    few = sa.text("lapsed > 0")
    op.create_index("ix_outbox_lapsed", "outbox", ["lapsed"], unique=False, sqlite_where=few, postgresql_where=few)
    op.create_table(
        "rests",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rests")),
    )
    op.create_index(op.f("ix_rests_until"), "rests", ["until"], unique=False)
    op.create_table(
        "strides",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_strides")),
    )
