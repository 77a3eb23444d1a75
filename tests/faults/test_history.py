"""Histories that hypothesis draws, judged. The same ones on every run, unless others are asked for:

``SALON_FAULTS_EXAMPLES=300 make test ARGS=tests/faults/test_history.py`` draws that many new ones, and shortens a
failing one as far as it still fails, which takes minutes. A failure prints the steps that led to it, and the stories of
those whom it is about.
"""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.conftest import reader
from tests.faults.ledger import read_postgres
from tests.faults.machine import Machine
from tests.faults.shaky import ShakyCluster
from tests.faults.world import GENEROUS, World
from tests.support.process import ServerProcess

ASKED_FOR = int(os.environ.get("SALON_FAULTS_EXAMPLES", "0"))
STEPS = int(os.environ.get("SALON_FAULTS_STEPS", "60"))
QUICK = 7
QUICK_ON_POSTGRES = 4
MINUTE_EACH = 60
LOG_SHOWN = 10_000


def profile(examples: int = QUICK) -> settings:
    return settings(
        max_examples=ASKED_FOR or examples,
        stateful_step_count=STEPS,
        derandomize=not ASKED_FOR,
        database=None,
        deadline=None,
        print_blob=True,
        phases=[Phase.generate, Phase.shrink] if ASKED_FOR else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.feature("C1", "C2", "C3", "R5", "R8")
@pytest.mark.xdist_group("faults")
@pytest.mark.timeout(600 + MINUTE_EACH * ASKED_FOR)
def test_drawn_histories(faulty_server: ServerProcess, faulty_folder: Path) -> None:
    read = reader(faulty_folder)

    class OnThisServer(Machine):
        make_world = staticmethod(lambda: World(faulty_server, read))

    run_state_machine_as_test(OnThisServer, settings=profile())


@pytest.mark.feature("C1", "C2", "C3", "R5", "R8")
@pytest.mark.real("postgres")
@pytest.mark.xdist_group("postgres")
@pytest.mark.timeout(600 + MINUTE_EACH * ASKED_FOR)
def test_drawn_histories_on_postgres(shaky: ShakyCluster, tmp_path: Path) -> None:
    """The same, and the database server restarts under it or loses its connections."""
    url = asyncio.run(shaky.database())
    server = ServerProcess(tmp_path, **GENEROUS, database_url=url)
    server.start()

    class OnPostgres(Machine):
        make_world = staticmethod(lambda: World(server, partial(read_postgres, url)))
        database = shaky

    try:
        run_state_machine_as_test(OnPostgres, settings=profile(examples=QUICK_ON_POSTGRES))
    except Exception:
        print(f"the server's log ends with\n{server.log[-LOG_SHOWN:]}")
        raise
    finally:
        server.kill()
