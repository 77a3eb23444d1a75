"""Files: what lies in rooms, what rooms have decided about them, how much they take, and bytes to be deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=False),
        sa.Column("person", sa.String(length=400), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("folder", sa.String(length=1000), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("blob", sa.String(length=32), nullable=True, unique=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("chat", sa.Boolean(), nullable=False),
        sa.Column("to_id", sa.String(length=32), sa.ForeignKey("members.id"), nullable=True),
        sa.Column("device", sa.String(length=32), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("thumbnail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("synced", sa.BigInteger(), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
    )
    for column in ("room_id", "member_id", "to_id"):
        op.create_index(f"ix_files_{column}", "files", [column])
    op.create_index("files_due", "files", ["expires_at"])
    op.create_table(
        "file_rooms",
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("uploads", sa.String(length=16), nullable=True),
        sa.Column("expiry_minutes", sa.Integer(), nullable=True),
        sa.Column("taken", sa.BigInteger(), nullable=False),
    )
    total = op.create_table(
        "file_total",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
    )
    op.bulk_insert(total, [{"id": 1, "taken": 0}])
    op.create_table(
        "gone_blobs",
        sa.Column("blob", sa.String(length=32), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
