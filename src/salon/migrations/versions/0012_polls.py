"""Polls: questions, who has voted, what was chosen, and templates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("room_id", sa.String(length=32), sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("place", sa.Float(precision=53), nullable=False),
        sa.Column("series", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("revealed", sa.Boolean(), nullable=False),
        sa.Column("projected", sa.Boolean(), nullable=False),
        sa.Column("final", sa.Text(), nullable=True),
    )
    op.create_index("ix_polls_room_id", "polls", ["room_id"])
    op.create_index("polls_due", "polls", ["state", "closes_at"])
    _votes()
    op.create_table(
        "poll_hidden",
        sa.Column("poll_id", sa.String(length=32), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("key", sa.String(length=400), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "poll_templates",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("identity_id", sa.String(length=32), sa.ForeignKey("identities.id"), nullable=False),
        sa.Column("name", sa.String(length=1200), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
    )
    op.create_index("ix_poll_templates_identity_id", "poll_templates", ["identity_id"])


def _votes() -> None:
    """Without a number of the row in SQLite: it would say in which order the votes came."""
    op.create_table(
        "poll_voters",
        sa.Column("poll_id", sa.String(length=32), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("took", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poll_voters_member_id", "poll_voters", ["member_id"])
    op.create_table(
        "poll_choices",
        sa.Column("poll_id", sa.String(length=32), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("member_id", sa.String(length=32), sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("key", sa.String(length=400), primary_key=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poll_choices_member_id", "poll_choices", ["member_id"])
    op.create_table(
        "poll_counts",
        sa.Column("poll_id", sa.String(length=32), sa.ForeignKey("polls.id"), primary_key=True),
        sa.Column("key", sa.String(length=400), primary_key=True),
        sa.Column("rank", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
