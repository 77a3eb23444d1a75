"""The Socket.IO edge with the stock client."""

from __future__ import annotations

import pytest

from tests.support.wire import Served


@pytest.mark.feature("C1")
async def test_two_talk(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    olga = await served.come(room, "Olga", token)
    gil = await served.come(room, "Gil")
    await olga.must("chat.send", body="hello")
    await gil.event("chat.sent")
    assert gil.said == ["hello"]
