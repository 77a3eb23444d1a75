"""How large images are, so that pages keep their place free."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("width", "height"):
        op.add_column("files", sa.Column(name, sa.Integer(), nullable=True))
