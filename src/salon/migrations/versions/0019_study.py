"""Study: to-dos and their lists, timers, alarms, settings, and records of those who take part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _owner(table: str, *, single: bool = False) -> tuple[sa.Column[str] | sa.CheckConstraint, ...]:
    """A room or an identity, never both."""
    return (
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=True, unique=single),
        sa.Column("identity_id", sa.String(length=32), sa.ForeignKey("identities.id"), nullable=True, unique=single),
        sa.CheckConstraint("(room_id IS NULL) <> (identity_id IS NULL)", name=f"{table}_owner"),
    )


def _member(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), sa.ForeignKey("members.id"), nullable=True)


def upgrade() -> None:
    op.create_table(
        "study_lists",
        sa.Column("id", sa.String(length=64), primary_key=True),
        sa.Column("name", sa.String(length=1200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        *_owner("study_lists"),
    )
    op.create_table(
        "study_todos",
        sa.Column("id", sa.String(length=64), primary_key=True),
        sa.Column("list", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Float(precision=53), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        _member("assignee_id"),
        _member("by_id"),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        _member("done_by_id"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        *_owner("study_todos"),
    )
    op.create_table(
        "study_alarms",
        sa.Column("id", sa.String(length=64), primary_key=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("rings_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("late_ms", sa.BigInteger(), nullable=False),
        sa.Column("snoozed", sa.Boolean(), nullable=False),
        _member("by_id"),
        *_owner("study_alarms"),
    )
    op.create_table(
        "study_timers",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("remaining_ms", sa.Integer(), nullable=True),
        sa.Column("length_ms", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("focus_ms", sa.Integer(), nullable=False),
        sa.Column("short_ms", sa.Integer(), nullable=False),
        sa.Column("long_ms", sa.Integer(), nullable=False),
        sa.Column("cycles", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.Boolean(), nullable=False),
        sa.Column("auto_start", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rang_phase", sa.String(length=8), nullable=True),
        sa.Column("rang_at", sa.BigInteger(), nullable=True),
        sa.Column("rang_late_ms", sa.BigInteger(), nullable=True),
        *_owner("study_timers", single=True),
    )
    op.create_table(
        "study_settings",
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("control", sa.String(length=16), nullable=False),
        sa.Column("mood", sa.String(length=16), nullable=False),
        sa.Column("announce", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "study_parts",
        sa.Column("identity_id", sa.String(length=32), sa.ForeignKey("identities.id"), primary_key=True),
        sa.Column("recording", sa.Boolean(), nullable=False),
        sa.Column("board", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
    )
    op.create_table(
        "study_records",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("identity_id", sa.String(length=32), sa.ForeignKey("identities.id"), nullable=False),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("focus_ms", sa.Integer(), nullable=False),
    )
    for table in ("study_lists", "study_todos", "study_alarms"):
        for column in ("room_id", "identity_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])
    for column in ("assignee_id", "by_id", "done_by_id"):
        op.create_index(f"ix_study_todos_{column}", "study_todos", [column])
    op.create_index("ix_study_alarms_by_id", "study_alarms", ["by_id"])
    op.create_index("study_alarms_due", "study_alarms", ["state", "rings_at"])
    op.create_index("study_timers_due", "study_timers", ["ends_at"])
    op.create_index("study_records_whose", "study_records", ["identity_id", "ended_at"])
    op.create_index("study_records_where", "study_records", ["room_id", "ended_at"])
