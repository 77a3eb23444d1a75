"""Messages reach everyone, in order."""

from __future__ import annotations

import pytest

from tests.support.house import LocalClient, Place, Stage


@pytest.mark.feature("C1")
async def test_everyone_hears(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("chat.send", body="hello")
    await guest.must("chat.send", body="hi")
    assert owner.said == guest.said == ["hello", "hi"]
