"""Who is let in: rules for each room, invitations, passwords."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added one by one: copying these tables would take long, and neither database needs it for this.
    op.add_column("rooms", sa.Column("admission", sa.String(length=16), server_default="open", nullable=False))
    op.add_column("rooms", sa.Column("groups", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("rooms", sa.Column("password_hash", sa.String(length=200), nullable=True))
    op.add_column("rooms", sa.Column("password_version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("knocks", sa.Column("via", sa.String(length=8), server_default="pin", nullable=False))
    op.add_column("knocks", sa.Column("settled_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "room_invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("identity_id", sa.String(length=32), nullable=True),
        sa.Column("label", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("room_id", "email_key"),
    )
    op.create_index("room_invitations_email", "room_invitations", ["email_key"])
    op.create_index("room_invitations_identity", "room_invitations", ["identity_id"])
    op.create_table(
        "room_passes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("room_passes_holder", "room_passes", ["room_id", "identity_id"])
    op.create_index("ix_room_passes_identity_id", "room_passes", ["identity_id"])
