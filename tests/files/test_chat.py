"""Files that are dropped into the chat keep its rules, however they come."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from salon.core.tables import Member
from salon.files import finishing
from tests.files.conftest import Table
from tests.support.house import Stage


@pytest.mark.feature("C4")
async def test_what_is_dropped_into_the_chat_keeps_the_chats_rules(table: Table) -> None:
    await table.ann.drop(b"12345", chat="1")
    assert (await table.ben.files())[0]["chat"] is True
    await table.host.client.must("people.mute", person=table.ann.me, muted=True)
    refused = await table.ann.begin(3, chat="1")
    assert (refused.status_code, refused.json()["code"]) == (403, "muted")
    assert (await table.ann.begin(3)).status_code == 201
    await table.host.client.must("rooms.activity", activity="chat", on=False)
    assert (await table.ben.begin(3, chat="1")).json()["code"] == "activity_off"
    assert (await table.ben.begin(3, chat="1", to=table.ann.me)).status_code == 422


@pytest.mark.feature("C4", "C5")
async def test_where_only_participants_write_the_audience_drops_nothing_into_the_chat(table: Table) -> None:
    await table.host.client.must("people.role", person=table.ann.me, role="audience")
    await table.host.client.must("chat.settings", participants_only=True)
    refused = await table.ann.begin(3, chat="1")
    assert (refused.status_code, refused.json()["code"]) == (403, "participants_only")
    # Beside the chat they may, and others into it.
    assert (await table.ann.begin(3)).status_code == 201
    assert (await table.ben.begin(3, chat="1")).status_code == 201
    await table.host.client.must("chat.settings", participants_only=False)
    assert (await table.ann.begin(3, chat="1")).status_code == 201


@pytest.mark.feature("C4", "C5")
async def test_slow_mode_counts_files_and_messages_alike(table: Table) -> None:
    stage, ann = table.stage, table.ann
    await table.host.client.must("chat.settings", slow_seconds=30)
    file = await ann.drop(b"12345", chat="1")
    refused = await ann.begin(3, chat="1")
    assert (refused.status_code, refused.json()["code"]) == (429, "slow_mode")
    assert refused.json()["retry_after"] == pytest.approx(30, abs=1)
    assert int(refused.headers["retry-after"]) >= 30
    assert (await ann.client.ask("chat.send", body="hello"))["code"] == "slow_mode"
    # Deleting does not shorten it, and what is not for the chat is free.
    await ann.client.must("files.delete", files=[file])
    assert (await ann.begin(3, chat="1")).json()["code"] == "slow_mode"
    assert (await ann.begin(3)).status_code == 201
    await stage.pass_time(31)
    await ann.client.must("chat.send", body="hello")
    assert (await ann.begin(3, chat="1")).json()["code"] == "slow_mode"
    await stage.pass_time(31)
    assert (await ann.begin(3, chat="1")).status_code == 201
    # Everyone has their own time, and hosts none.
    assert (await table.ben.begin(3, chat="1")).status_code == 201
    for _ in range(2):
        assert (await table.host.begin(3, chat="1")).status_code == 201


@pytest.mark.feature("C4", "C5")
async def test_a_refused_file_takes_no_turn_and_one_that_appears_late_does(table: Table) -> None:
    stage, ann = table.stage, table.ann
    await table.host.client.must("chat.settings", slow_seconds=30)
    assert (await ann.begin(1 << 50, chat="1")).json()["code"] == "file_too_large"
    address = await ann.begun(6, chat="1")
    await stage.pass_time(31)
    assert (await ann.send(address, 0, b"123456")).status_code == 204
    assert (await ann.client.ask("chat.send", body="hello"))["code"] == "slow_mode"


@pytest.mark.feature("C4")
async def test_who_is_muted_in_the_middle_goes_on_when_they_may_speak_again(table: Table) -> None:
    address = await table.ann.begun(6, chat="1")
    assert (await table.ann.send(address, 0, b"123")).status_code == 204
    await table.host.client.must("people.mute", person=table.ann.me, muted=True)
    assert (await table.ann.send(address, 3, b"456")).json()["code"] == "muted"
    await table.host.client.must("people.mute", person=table.ann.me, muted=False)
    assert (await table.ann.send(address, 3, b"456")).status_code == 204
    assert len(await table.ben.files()) == 1


@pytest.mark.feature("C4")
async def test_who_is_muted_at_the_very_end_is_not_shown_in_the_chat(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await table.ann.begun(6, chat="1")
    done = finishing._tell_done

    async def muted_just_before(*arguments: Any, **named: Any) -> None:
        # Past every look at the transfer: what counts is what the transaction finds.
        monkeypatch.setattr(finishing, "_tell_done", done)
        await arguments[0].session.execute(update(Member).where(Member.id == table.ann.me).values(muted=True))
        await done(*arguments, **named)

    monkeypatch.setattr(finishing, "_tell_done", muted_just_before)
    refused = await table.ann.send(address, 0, b"123456")
    assert (refused.status_code, refused.json()["code"]) == (403, "muted")
    assert await table.ben.files() == []
    # The transaction that was refused had muted them; now they are not. All is here, and asking finishes it.
    assert await table.ann.offset(address) == 6
    assert [file["chat"] for file in await table.ben.files()] == [True]


@pytest.mark.feature("C4", "C5")
async def test_a_cleared_chat_shows_no_files_and_they_stay_in_the_room(table: Table, stage: Stage) -> None:
    shown = await table.ann.drop(b"12345", chat="1")
    other = await table.ann.drop(b"54321")
    coming = await table.ann.begun(3, chat="1")
    await table.host.client.must("chat.clear")
    await stage.settle()
    (told,) = table.ben.client.events("files.changed")[-1]["data"]["files"]
    assert (told["id"], told["chat"]) == (shown, False)
    assert {file["id"]: file["chat"] for file in await table.ben.files()} == {shown: False, other: False}
    assert (await table.ann.send(coming, 0, b"abc")).status_code == 204
    assert [file["chat"] for file in await table.ben.files()] == [False, False, True]
    await table.host.client.must("chat.clear")
    assert not any(file["chat"] for file in await table.ben.files())
