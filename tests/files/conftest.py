"""A Drop room whose owner lets everyone put files into it, and two others."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from salon.files import devices, progress
from tests.files.support import Person, owner_of, person
from tests.support.house import Place, Stage


@dataclass
class Table:
    stage: Stage
    place: Place
    host: Person
    ann: Person
    ben: Person


@pytest.fixture
async def table(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Table:
    for module in (devices, progress):
        monkeypatch.setattr(module, "MERGE_SECONDS", 0.0)
    place = await stage.room("drop")
    host = await owner_of(stage, place)
    await host.client.must("files.settings", uploads="everyone")
    return Table(stage, place, host, await person(stage, place, "Ann"), await person(stage, place, "Ben"))
