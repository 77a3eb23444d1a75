"""Who was in a room from when to when; lists of rooms; what administrators say and set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _attendance()
    _dashboard()
    _site()


def _attendance() -> None:
    op.create_table(
        "attendance_stays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("attendance_room", "attendance_stays", ["room_id", "joined_at"])
    op.create_index("attendance_member", "attendance_stays", ["member_id", "left_at"])
    op.create_index("attendance_here", "attendance_stays", ["left_at", "lost_at"])


def _dashboard() -> None:
    op.create_table(
        "dashboard_forgotten",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("dashboard_forgotten_whose", "dashboard_forgotten", ["identity_id", "room_id"])
    op.create_index("ix_rooms_creator_id", "rooms", ["creator_id"])


def _site() -> None:
    op.create_table(
        "site_announcements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "site_announcement_readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["announcement_id"], ["site_announcements.id"]),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_site_announcement_readers_announcement_id", "site_announcement_readers", ["announcement_id"])
    op.create_index("ix_site_announcement_readers_identity_id", "site_announcement_readers", ["identity_id"])
    op.create_table(
        "site_settings",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "site_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
