"""When somebody last said something in the chat that is no message, for slow mode."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_turns",
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_chat_turns_room_id", "chat_turns", ["room_id"])
