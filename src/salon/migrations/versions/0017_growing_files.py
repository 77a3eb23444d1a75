"""Uploads whose length is told later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("files", sa.Column("grows", sa.String(8), nullable=True))
