"""What members knew a renamed room by; the browsers that are told by push have names, and can be taken off a list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_names",
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"]),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_index("ix_former_names_room_id", "former_names", ["room_id"])
    op.create_table(
        "push_stopped",
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.PrimaryKeyConstraint("endpoint_hash"),
    )
    op.create_index("ix_push_stopped_identity_id", "push_stopped", ["identity_id"])
    op.add_column(
        "push_subscriptions",
        sa.Column("browser", sa.String(length=60), nullable=False, server_default="A browser"),
    )
