"""Write a migration for what the tables have that the newest migration has not: ``make migration NAME=…``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "src" / "salon" / "migrations"


def main(name: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    number = max(int(each.name[:4]) for each in (MIGRATIONS / "versions").glob("[0-9]*.py")) + 1
    with tempfile.TemporaryDirectory() as folder, create_engine(f"sqlite:///{folder}/new.db").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.revision(config, message=name, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    main(sys.argv[1])
