"""Commits in groups: neighbours do not harm each other, and what cannot be stored is told to nobody."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest
from sqlalchemy import text

from salon.chat import contract
from salon.chat.tables import Conversation
from salon.core import dispatch
from salon.core.dispatch import Context
from tests.support.dump import changed, dump
from tests.support.house import LocalClient, Place, Stage


@pytest.mark.feature("C1")
async def test_a_refused_neighbour_leaves_nothing_and_takes_nothing(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    """The first one begins the conversation before it is refused: its beginning is undone, not the others'."""
    answers = await asyncio.gather(
        guest.ask("chat.send", body="reply", reply_to="nothing"),
        owner.ask("chat.send", body="one"),
        guest.ask("chat.send", body=" "),
        guest.ask("people.mute", person=owner.me, muted=True),
        owner.ask("chat.react", message="nothing", emoji="👍", on=True),
        guest.ask("chat.send", body="two"),
    )
    assert [answer.get("code", "ok") for answer in answers] == [
        "message_unknown",
        "ok",
        "message_empty",
        "forbidden",
        "message_unknown",
        "ok",
    ]
    assert [answers[1]["n"], answers[5]["n"]] == [1, 2]
    assert owner.said == guest.said == ["one", "two"]


@pytest.mark.feature("C1")
async def test_a_fault_in_one_handler_is_its_own(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has written and told something before it broke: both are undone."""
    send = dispatch._commands[contract.Send]

    async def sometimes(cmd: contract.Send, ctx: Context) -> Any:
        answer = await send(cmd, ctx)
        if cmd.body == "break":
            raise RuntimeError("a bug")
        return answer

    handlers: dict[Any, Any] = dispatch._commands
    monkeypatch.setitem(handlers, contract.Send, sometimes)
    answers = await asyncio.gather(
        owner.ask("chat.send", body="one"),
        owner.ask("chat.send", body="break"),
        owner.ask("chat.send", body="two"),
        return_exceptions=True,
    )
    assert isinstance(answers[1], RuntimeError)
    assert [answers[0]["n"], answers[2]["n"]] == [1, 2]  # type: ignore[index]
    await stage.settle()
    assert owner.said == ["one", "two"]


async def pragma(stage: Stage, statement: str) -> Any:
    """Something to the one writing connection, outside of any transaction."""
    async with stage.house.storage._writer.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        row = raw.execute(f"PRAGMA {statement}").fetchone()
        return row[0] if row else None


async def fill_the_disk(stage: Stage) -> None:
    pages = await pragma(stage, "page_count")
    await pragma(stage, f"max_page_count = {pages}")


async def free_the_disk(stage: Stage) -> None:
    await pragma(stage, "max_page_count = 1000000")


async def write_until_full(client: LocalClient) -> tuple[str, dict[str, Any]]:
    """The id of the first command that could not be stored, and its answer."""
    for number in range(200):
        answer = await client.ask("chat.send", id=f"fill{number}", body="x" * 3000)
        if not answer["ok"]:
            return f"fill{number}", answer
    raise AssertionError("the disk was never full")


@pytest.mark.feature("C1", "R8")
async def test_a_full_disk_is_told_and_harms_nothing_else(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    for number in range(3):
        await owner.must("chat.send", body=f"number {number}")
    await fill_the_disk(stage)
    failed, answer = await write_until_full(owner)
    assert answer["code"] == "unavailable"
    assert answer["retry_after"] > 0
    before, heard = await dump(stage.house.storage), len(guest.said)
    answers = await asyncio.gather(*(client.ask("chat.send", body="y" * 4000) for client in (owner, guest) * 3))
    assert {answer["code"] for answer in answers} == {"unavailable"}
    assert changed(before, await dump(stage.house.storage)) == {}
    assert len(guest.said) == heard, "nobody was told what is not stored"
    # Reading goes on.
    assert (await guest.ask("chat.history"))["ok"]
    assert len((await guest.look())["features"]["chat"]["room"]["messages"]) > 0
    await free_the_disk(stage)
    again = await owner.must("chat.send", id=failed, body="x" * 3000)
    assert again["n"] == heard + 1, "the numbers have no gap"
    await guest.must("chat.send", body="it is over")
    assert owner.said[-2:] == guest.said[-2:] == ["x" * 3000, "it is over"]


@pytest.mark.feature("C1")
async def test_a_database_that_may_only_be_read(stage: Stage, place: Place, owner: LocalClient) -> None:
    await pragma(stage, "query_only = ON")
    assert (await owner.ask("chat.send", body="x"))["code"] == "unavailable"
    await pragma(stage, "query_only = OFF")
    await owner.must("chat.send", body="y")
    assert owner.said == ["y"]


@pytest.mark.feature("C1")
async def test_a_database_that_somebody_else_holds(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salon.core.database.sqlite.BUSY_SECONDS", 0.02)
    other = sqlite3.connect(stage.house.settings.data_dir / "salon.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answers = await asyncio.gather(*(client.ask("chat.send", id="same", body="x") for client in (owner, guest)))
    assert [answer["code"] for answer in answers] == ["unavailable", "unavailable"]
    assert owner.said == []
    other.execute("ROLLBACK")
    other.close()
    for client in (owner, guest):
        assert (await client.ask("chat.send", id="same", body="x"))["ok"]
    assert guest.said == ["x", "x"]


@pytest.mark.feature("P3")
async def test_presence_is_told_when_the_database_is_back(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salon.people.roll.RETRY_SECONDS", 0.01)
    await pragma(stage, "query_only = ON")
    guest.lose()
    await asyncio.sleep(0.05)
    await pragma(stage, "query_only = OFF")
    await owner.until(lambda: owner.events("people.changed")[-1]["data"]["people"][0]["devices"] == [], "the loss")
    await stage.pass_time(30)
    assert owner.events("people.changed")[-1]["data"]["left"] == [guest.me]


@pytest.mark.feature("P3")
async def test_who_comes_while_the_database_is_away_is_let_in_afterwards(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salon.people.roll.RETRY_SECONDS", 0.01)
    guest.lose()
    await stage.pass_time(30)
    await pragma(stage, "query_only = ON")
    further = LocalClient(stage, place, guest.identity, "Gil")
    coming = asyncio.create_task(further.connect())
    await asyncio.sleep(0.05)
    assert not coming.done()
    await pragma(stage, "query_only = OFF")
    await coming
    assert further.kinds == ["snapshot"]
    assert further.me == guest.me


@pytest.mark.feature("C1")
async def test_an_ack_is_a_commit(stage: Stage, place: Place, owner: LocalClient) -> None:
    """What was acknowledged is in the file, for another process to see."""
    await owner.must("chat.send", body="hello")
    other = sqlite3.connect(stage.house.settings.data_dir / "salon.db")
    assert other.execute("SELECT body FROM messages").fetchall() == [("hello",)]
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()
    assert await pragma(stage, "synchronous") == 2, "FULL"
    async with stage.house.storage.read() as session:
        assert (await session.execute(text("PRAGMA query_only"))).scalar() == 1
        assert await session.get(Conversation, place.id) is not None
