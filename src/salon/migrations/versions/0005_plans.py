"""Planned rooms, whom they are for, and what reminds of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("kept_until", sa.BigInteger(), nullable=True))
    op.add_column("outgoing_mail", sa.Column("calendar", sa.Text(), nullable=True))
    op.add_column("outgoing_mail", sa.Column("calendar_method", sa.String(length=16), nullable=True))
