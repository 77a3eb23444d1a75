"""Alembic's entry: the connection comes from ``salon.core.storage``."""

from alembic import context

from salon import features as features  # its import knows every table
from salon.core.storage import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter tables in place: Alembic copies them.
    render_as_batch=True,
)
context.run_migrations()
