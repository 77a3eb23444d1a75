"""What becomes of files when their people sign in or have their account deleted; what a restart keeps of quotas."""

from __future__ import annotations

from pathlib import Path

import pytest

from salon.core.clock import ManualClock
from salon.core.dispatch import Context
from salon.core.tables import Member
from salon.files.farewell import adopt, forget_person
from tests.files.conftest import Table
from tests.files.support import check_taken, on_disk, owner_of
from tests.support.house import open_stage


@pytest.mark.feature("P5", "D5")
async def test_files_of_a_guest_who_signs_in_are_the_accounts(table: Table) -> None:
    file = await table.ann.drop(b"anns")
    sent = await table.host.drop(b"to ann", to=table.ann.me)

    async def merge(ctx: Context) -> None:
        guest = await ctx.session.get(Member, table.ann.me)
        own = await ctx.session.get(Member, table.ben.me)
        assert guest is not None
        assert own is not None
        await adopt(ctx, guest, own)

    await table.stage.house.dispatcher.system(table.place.id, merge)
    await table.stage.settle()
    assert [each["author"] for each in await table.ben.files()] == [table.ben.me]
    assert [each["id"] for each in await table.ben.direct()] == [sent]
    await table.ben.client.must("files.answer", file=sent, accept=True)
    await table.ben.client.must("files.delete", files=[file])
    assert await table.ann.direct() == []


@pytest.mark.feature("P2", "D5")
async def test_of_a_deleted_account_no_byte_is_left(table: Table) -> None:
    await table.ann.drop(b"anns")
    await table.ann.begun(100)
    await table.ann.drop(b"to ben", to=table.ben.me)
    await table.ben.drop(b"to ann", to=table.ann.me)
    kept = await table.ben.drop(b"bens")

    async def forget(ctx: Context) -> None:
        member = await ctx.session.get(Member, table.ann.me)
        assert member is not None
        await forget_person(ctx, member)

    await table.stage.house.dispatcher.system(table.place.id, forget)
    await table.stage.settle()
    assert [each["id"] for each in await table.ben.files()] == [kept]
    assert await table.ben.direct() == []
    assert len(on_disk(table.stage.house)) == 1
    assert await check_taken(table.stage) == 4


@pytest.mark.feature("D6", "R8")
async def test_what_is_taken_is_known_after_a_restart(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        host = await owner_of(stage, await stage.room("drop"))
        file = await host.drop(b"12345")
        await host.begun(1000)
        assert await check_taken(stage) == 1005
    async with open_stage(tmp_path, clock=clock) as stage:
        assert await check_taken(stage) == 1005
        clock.advance(seconds=25 * 3600)
        back = await stage.come_back(host.client)
        await stage.house.sweep()
        await stage.settle()
        assert await check_taken(stage) == 5
        assert (await back.look())["features"]["files"]["files"][0]["id"] == file


@pytest.mark.feature("R8", "D7")
async def test_a_room_that_nobody_is_in_loses_its_files_with_its_end(table: Table) -> None:
    await table.ann.drop(b"12345")
    for somebody in (table.host, table.ann, table.ben):
        somebody.client.lose()
    await table.stage.pass_time(60)
    await table.stage.pass_time(25 * 3600)
    await table.stage.settle()
    assert on_disk(table.stage.house) == []
    assert await check_taken(table.stage) == 0
