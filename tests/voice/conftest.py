"""A hall: a host, a co-host, and people who may ask to speak."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.house import LocalClient, Place, Stage


@dataclass
class Hall:
    stage: Stage
    place: Place
    host: LocalClient
    second: LocalClient
    """A co-host."""
    ana: LocalClient
    ben: LocalClient
    cem: LocalClient


async def open_hall(stage: Stage) -> Hall:
    place = await stage.room("stage")
    host = await stage.owner(place)
    second = await stage.come(place, "Carl")
    await host.must("people.role", person=second.me, role="cohost")
    await host.must("floor.settings", cooldown_seconds=0)
    people = [await stage.come(place, name, device="phone") for name in ("Ana", "Ben", "Cem")]
    await stage.settle()
    return Hall(stage, place, host, second, *people)


@pytest.fixture
async def hall(stage: Stage) -> Hall:
    return await open_hall(stage)
