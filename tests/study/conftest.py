"""A room in which people study: its owner, two participants, and somebody of the audience."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.study.support import study_on
from tests.support.house import LocalClient, Place, Stage


@dataclass
class Hall:
    stage: Stage
    place: Place
    host: LocalClient
    ann: LocalClient
    ben: LocalClient
    lea: LocalClient
    """Of the audience."""


@pytest.fixture
async def hall(stage: Stage) -> Hall:
    place = await stage.room()
    host = await stage.owner(place)
    ann, ben, lea = [await stage.come(place, name) for name in ("Ann", "Ben", "Lea")]
    await host.must("people.role", person=lea.me, role="audience")
    await study_on(host)
    await stage.settle()
    return Hall(stage, place, host, ann, ben, lea)
