"""A meeting: an owner, a co-host, two participants and somebody of the audience."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.house import LocalClient, Place, Stage


@dataclass
class Meeting:
    stage: Stage
    place: Place
    host: LocalClient
    second: LocalClient
    """A co-host."""
    ana: LocalClient
    ben: LocalClient
    lea: LocalClient
    """Of the audience."""


async def open_meeting(stage: Stage) -> Meeting:
    place = await stage.room("meeting")
    host = await stage.owner(place)
    second, ana, ben, lea = [await stage.come(place, name) for name in ("Carl", "Ana", "Ben", "Lea")]
    await host.must("people.role", person=second.me, role="cohost")
    await host.must("people.role", person=lea.me, role="audience")
    await stage.settle()
    return Meeting(stage, place, host, second, ana, ben, lea)


@pytest.fixture
async def meeting(stage: Stage) -> Meeting:
    return await open_meeting(stage)
