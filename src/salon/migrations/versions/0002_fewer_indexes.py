"""Two indexes fewer on what is written with every message: others serve the few who used them."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_events_room_id", "events")
    op.drop_index("messages_room", "messages")
