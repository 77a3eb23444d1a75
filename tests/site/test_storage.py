"""What administrators see of what the server keeps."""

from __future__ import annotations

import pytest

from tests.accounts.support import caller, make_admin
from tests.support.house import LocalClient, Place, Stage


@pytest.mark.feature("P6")
async def test_what_there_is_is_counted(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    for number in range(5):
        await guest.must("chat.send", body=f"{number} " + "x" * 1000)
    small = await stage.room(name="Small")
    await stage.owner(small)
    admin = await caller(stage)
    await admin.sign_up()
    await make_admin(stage, admin)
    seen = await admin.must("GET", "/admin/storage")
    rows = {each["table"]: each["rows"] for each in seen["kinds"]}
    assert (rows["messages"], rows["rooms"], rows["members"], rows["accounts"]) == (5, 2, 3, 1)
    assert rows["attendance_stays"] == 3
    assert [each["rows"] for each in seen["kinds"]] == sorted((each["rows"] for each in seen["kinds"]), reverse=True)
    assert [(each["id"], each["name"], each["closed"]) for each in seen["rooms"]] == [
        (place.id, "Meeting", False),
        (small.id, "Small", False),
    ]
    large, little = seen["rooms"]
    assert large["size"] > 10_000 > little["size"] > 100
    assert large["rows"] > little["rows"] > 0
    assert seen["log_events"] >= 6
    assert seen["log_size"] > 5_000
    assert seen["database_size"] > 50_000
    assert seen["free"] > 0
    if seen["database"] == "sqlite":
        assert seen["data_size"] >= seen["database_size"] > 0
