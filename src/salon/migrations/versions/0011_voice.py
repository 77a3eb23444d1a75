"""Voice: requests to speak, calls, and the screen that auto mode calls to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REQUESTS = """
INSERT INTO voice_requests (item_id, room_id, member_id, place, missed)
SELECT id, room_id, member_id, place, false FROM floor_items WHERE kind = 'voice' AND state = 'open'
"""


def upgrade() -> None:
    op.create_table(
        "voice_settings",
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("phones", sa.Integer(), nullable=False),
        sa.Column("speak_seconds", sa.Integer(), nullable=False),
    )
    op.create_table(
        "voice_requests",
        sa.Column("item_id", sa.String(length=32), primary_key=True),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("place", sa.Float(precision=53), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_voice_requests_room_id", "voice_requests", ["room_id"])
    op.create_index("ix_voice_requests_member_id", "voice_requests", ["member_id"])
    op.execute(sa.text(REQUESTS))
    op.create_table(
        "voice_calls",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False, unique=True),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=False, unique=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("screen_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("screen_sid", sa.String(length=64), nullable=True),
        sa.Column("screen_line", sa.String(length=64), nullable=True),
        sa.Column("phone_sid", sa.String(length=64), nullable=True),
        sa.Column("phone_line", sa.String(length=64), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("auto", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("live_at", sa.BigInteger(), nullable=True),
        sa.Column("rings_until", sa.BigInteger(), nullable=True),
        sa.Column("speaks_until", sa.BigInteger(), nullable=True),
        sa.Column("back_until", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
    )
    for column in ("room_id", "screen_id", "due_at"):
        op.create_index(f"ix_voice_calls_{column}", "voice_calls", [column])
    op.create_table(
        "voice_desks",
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=False),
    )
    op.create_index("ix_voice_desks_member_id", "voice_desks", ["member_id"])
