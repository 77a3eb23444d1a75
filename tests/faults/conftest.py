"""A real server for the tests of faults, and a world in it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger, read_sqlite
from tests.faults.shaky import ShakyCluster
from tests.faults.world import GENEROUS, ReadLedger, World
from tests.support.process import ServerProcess


def reader(folder: Path) -> ReadLedger:
    """Reads the database of a server that keeps its data in the folder."""

    async def read(rooms: Collection[str]) -> Ledger:
        return read_sqlite(folder / "data" / "salon.db", rooms)

    return read


@pytest.fixture(scope="session")
def faulty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="session")
def faulty_server(faulty_folder: Path) -> Iterator[ServerProcess]:
    """One server for many tests: each makes rooms of its own. It may be killed, but must be running afterwards."""
    server = ServerProcess(faulty_folder, **GENEROUS)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def shaky(real_part: Callable[[str], str]) -> Iterator[ShakyCluster]:
    """A PostgreSQL server that nobody else uses."""
    # Not below pytest's folder, which nobody else may enter; and the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="salon-pg-") as folder:
        running = ShakyCluster(Path(real_part("postgres")), Path(folder))
        yield running
        running.stop()


@pytest.fixture
async def world(faulty_server: ServerProcess, faulty_folder: Path) -> AsyncIterator[World]:
    made = World(faulty_server, reader(faulty_folder))
    yield made
    await made.close()
