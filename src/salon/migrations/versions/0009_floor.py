"""The floor: a queue of questions and requests to speak."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNTOLD = sa.text("state = 'open' AND votes <> told_votes")


def upgrade() -> None:
    op.create_table(
        "floor_settings",
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("min_words", sa.Integer(), nullable=False),
        sa.Column("max_words", sa.Integer(), nullable=False),
        sa.Column("open_items", sa.Integer(), nullable=False),
        sa.Column("cooldown_seconds", sa.Integer(), nullable=False),
        sa.Column("item_order", sa.String(length=16), nullable=False),
        sa.Column("upvotes", sa.Boolean(), nullable=False),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Boolean(), nullable=False),
        sa.Column("voice", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "floor_counters",
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "floor_items",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("told_votes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Float(precision=53), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("pinned", sa.BigInteger(), nullable=True),
        sa.Column("moved", sa.BigInteger(), nullable=True),
        sa.Column("after_id", sa.String(length=32), nullable=True),
        sa.UniqueConstraint("room_id", "number"),
    )
    op.create_index("floor_items_state", "floor_items", ["room_id", "state", "settled_at"])
    op.create_index("floor_items_member", "floor_items", ["member_id", "state"])
    op.create_index("floor_items_untold", "floor_items", ["room_id"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.create_table(
        "floor_votes",
        sa.Column("item_id", sa.String(length=32), sa.ForeignKey("floor_items.id"), primary_key=True),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), primary_key=True),
    )
    op.create_index("ix_floor_votes_member_id", "floor_votes", ["member_id"])
    op.create_table(
        "floor_asked",
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
