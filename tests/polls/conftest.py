"""A room with polls: its owner, a participant and somebody of the audience."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from salon.polls import live
from tests.polls.support import polls_on
from tests.support.house import LocalClient, Place, Stage


@dataclass
class Hall:
    stage: Stage
    place: Place
    host: LocalClient
    ann: LocalClient
    """A participant."""
    bea: LocalClient
    """Of the audience."""


@pytest.fixture
async def hall(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setattr(live, "MERGE_SECONDS", 0.0)
    place = await stage.room()
    host = await stage.owner(place)
    ann, bea = await stage.come(place, "Ann"), await stage.come(place, "Bea")
    await host.must("people.role", person=bea.me, role="audience")
    await polls_on(host)
    await stage.settle()
    return Hall(stage, place, host, ann, bea)
