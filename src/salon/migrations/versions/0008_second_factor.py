"""A second factor for accounts: codes of an authenticator app, and recovery codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("second_factor_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "account_second_factors",
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_step", sa.BigInteger(), nullable=False),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.PrimaryKeyConstraint("identity_id"),
    )
    op.create_table(
        "account_recovery_codes",
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.PrimaryKeyConstraint("identity_id", "mark"),
    )
    op.create_table(
        "account_half_sign_ins",
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("bearer", sa.Boolean(), nullable=False),
        sa.Column("pair", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"]),
        sa.PrimaryKeyConstraint("ticket_hash"),
    )
    op.create_index("ix_account_half_sign_ins_identity_id", "account_half_sign_ins", ["identity_id"])
    op.create_index("ix_account_half_sign_ins_expires_at", "account_half_sign_ins", ["expires_at"])
