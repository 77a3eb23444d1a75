"""The golden files: old snapshot, what came, new snapshot. The web tests fold the same files with the page's code.

``SALON_GOLDEN=write`` writes them anew.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from salon.core import gather, socket
from salon.core.clock import ManualClock
from salon.core.contract import COMMANDS, EVENTS
from salon.floor import tally
from salon.people import roll
from salon.polls import live
from tests.golden import (
    cases_call,
    cases_chat,
    cases_files,
    cases_floor,
    cases_people,
    cases_polls,
    cases_reactions,
    cases_rooms,
    cases_study,
    cases_voice,
)
from tests.golden.play import CASES, FOLDER, PUBLIC_URL, Case, Play, Scene, Seeded, compare
from tests.support.house import open_stage

MODULES = (
    cases_call,
    cases_chat,
    cases_files,
    cases_floor,
    cases_people,
    cases_polls,
    cases_reactions,
    cases_rooms,
    cases_study,
    cases_voice,
)
RANDOM = ("salon.core.security.secrets", "salon.core.pins.secrets", "salon.core.sessions.secrets")


PARAMETERS = [pytest.param(case, id=case.id, marks=pytest.mark.feature(*case.features)) for case in CASES.values()]


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    with seeded("scene"):
        return asyncio.run(Scene.prepare(tmp_path_factory.mktemp("scene")))


@contextmanager
def seeded(name: str) -> Iterator[None]:
    """What is random elsewhere follows from the name."""
    with pytest.MonkeyPatch.context() as patch:
        source = Seeded(name)
        for module in RANDOM:
            patch.setattr(module, source)
        # Nothing waits a while: what happens first, and together, would depend on how fast the machine is.
        patch.setattr(tally, "MERGE_SECONDS", 0.0)
        patch.setattr(live, "MERGE_SECONDS", 0.0)
        patch.setattr(roll, "MERGE_SECONDS", 0.0)
        patch.setattr(gather, "GATHERING_SECONDS", 0.0)
        patch.setattr(socket, "FAREWELL_SECONDS", 0.0)
        yield


@pytest.mark.parametrize("case", PARAMETERS)
async def test_old_snapshot_and_events_are_recorded(case: Case, scene: Scene, clean: None, tmp_path: Path) -> None:
    shutil.copy(scene.folder / "salon.db", tmp_path)
    wrong: list[str | None] = []
    with seeded(case.id):
        async with open_stage(tmp_path, clock=ManualClock(scene.time), public_url=PUBLIC_URL) as stage:
            play = Play(stage, scene)
            await play.gather()
            await case.act(play)
            for role in case.seen_by:
                recorded = {
                    "name": f"{case.id}, seen by the {role}",
                    "features": list(case.features),
                    **await play.record(role, closed=case.word == "rooms.close"),
                }
                wrong.append(compare(case.path(role), recorded))
            if case.word != "rooms.close":
                await play.check_welcomes(case.seen_by)
    assert not any(wrong), f"{', '.join(filter(None, wrong))}; if it is meant, run with SALON_GOLDEN=write"


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def test_every_command_has_a_golden_file() -> None:
    assert set(COMMANDS) <= {case.word for case in CASES.values()}


def test_every_event_is_in_a_golden_file() -> None:
    told = set()
    for file in _files():
        told |= set(re.findall(r'"type":"([a-z_.]+)"', file.read_text()))
    assert told == set(EVENTS)


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in _files()} == {
        case.path(role).name for case in CASES.values() for role in case.seen_by
    }


def test_events_have_no_gaps() -> None:
    """What the files hold is what an ordered log gives out: every number once, up to those of the new snapshot."""
    for file in _files():
        golden = orjson.loads(file.read_bytes())
        seqs = dict(golden["before"]["seqs"])
        for step in golden["then"]:
            if "snapshot" in step:
                seqs = dict(step["snapshot"]["seqs"])
            else:
                event = step["event"]
                assert event["seq"] == seqs[event["stream"]] + 1, file.name
                seqs[event["stream"]] = event["seq"]
        assert seqs == golden["after"]["seqs"], file.name
