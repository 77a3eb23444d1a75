"""Jobs that share a transaction: whoever fails, before or after having written, fails alone, and nobody waits for it.

All of it on PostgreSQL too, see test_on_postgres.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from salon.chat import contract
from salon.chat.tables import Conversation, Message, ReadMark
from salon.core.database.statements import Statement, Upsert
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.tables import Identity, Member
from salon.core.writer import Work
from tests.support.fixtures import Replace
from tests.support.house import LocalClient, Place, Stage


async def stored(stage: Stage) -> list[tuple[int, str | None]]:
    async with stage.house.storage.read() as session:
        rows = await session.execute(select(Message.n, Message.body).order_by(Message.n))
        return [(n, body) for n, body in rows]


async def test_refused_before_writing_nobody_does_anything_twice(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, replace: Replace
) -> None:
    done: list[str] = []

    async def noted(cmd: contract.Send, ctx: Context) -> Any:
        done.append(cmd.body)
        return await send(cmd, ctx)

    send = replace(contract.Send, noted)
    answers = await asyncio.gather(
        owner.ask("chat.send", body="one"),
        guest.ask("chat.send", body=" "),
        guest.ask("chat.send", body="x", reply_to="nothing"),
        guest.ask("people.mute", person=owner.me, muted=True),
        owner.ask("chat.send", body="two"),
    )
    assert [answer.get("code") for answer in answers] == [None, "message_empty", "message_unknown", "forbidden", None]
    assert done == ["one", " ", "x", "two"]
    await stage.settle()
    assert guest.said == ["one", "two"]


@pytest.mark.parametrize("through", ["statement", "session", "noted", "object", "noted and seen"])
async def test_refused_after_writing(
    stage: Stage,
    place: Place,
    owner: LocalClient,
    guest: LocalClient,
    replace: Replace,
    through: str,
) -> None:
    """However it wrote: nothing of it stays, and its neighbours are as they would be without it."""
    done: list[str] = []
    count = Statement(select(func.count(Message.id)))

    async def sometimes(cmd: contract.Send, ctx: Context) -> Any:
        done.append(cmd.body)
        if cmd.body != "no":
            return await send(cmd, ctx)
        if through == "statement":
            await ctx.db.all(
                Upsert(ReadMark, lambda new: {"n": new.n}), conversation_id=place.id, member_id=ctx.me.id, n=9
            )
        elif through == "session":
            ctx.session.add(Identity(id="nobody", created_at=0))
            await ctx.session.flush()
        elif through == "object":
            ctx.me.name = "somebody else"
        else:
            await send(cmd, ctx)
            if through == "noted and seen":
                await ctx.db.one(count)
        raise Refused("muted")

    send = replace(contract.Send, sometimes)
    await owner.must("chat.send", body="zero")
    done.clear()
    answers = await asyncio.gather(
        owner.ask("chat.send", body="one"), guest.ask("chat.send", body="no"), owner.ask("chat.send", body="two")
    )
    assert [answer.get("code") for answer in answers] == [None, "muted", None]
    wrote = through != "object"
    assert done == (["one", "no"] if wrote else []) + ["one", "no", "two"]
    assert await stored(stage) == [(1, "zero"), (2, "one"), (3, "two")]
    await stage.settle()
    assert guest.said == ["zero", "one", "two"]
    async with stage.house.storage.read() as session:
        assert await session.get(Identity, "nobody") is None
        assert (await session.get_one(Member, guest.me)).name == "Gil"
        mark = await session.get(ReadMark, (place.id, guest.me))
        assert mark is None


@pytest.mark.parametrize("through", ["statement", "session", "noted"])
async def test_what_the_database_does_not_take_is_one_jobs_fault(
    stage: Stage,
    place: Place,
    owner: LocalClient,
    guest: LocalClient,
    replace: Replace,
    through: str,
) -> None:
    """A row that is there already: found at once, or when what was noted is written at the end."""

    async def sometimes(cmd: contract.Send, ctx: Context) -> Any:
        answer = await send(cmd, ctx)
        again = Statement(insert(Identity))
        if cmd.body == "no" and through == "statement":
            await ctx.db.all(again, id=owner.identity, created_at=0)
        elif cmd.body == "no" and through == "noted":
            ctx.db.later(again, id=owner.identity, created_at=0)
        elif cmd.body == "no":
            ctx.session.add(Identity(id=owner.identity, created_at=0))
        return answer

    send = replace(contract.Send, sometimes)
    answers = await asyncio.gather(
        owner.ask("chat.send", body="one"),
        guest.ask("chat.send", body="no"),
        owner.ask("chat.send", body="two"),
        return_exceptions=True,
    )
    assert isinstance(answers[1], IntegrityError)
    assert owner.identity not in str(answers[1]), "what people write does not get into logs"
    assert await stored(stage) == [(1, "one"), (2, "two")]
    await stage.settle()
    assert guest.said == ["one", "two"]
    # It may be tried again, and the numbers go on.
    assert (await guest.must("chat.send", body="three"))["n"] == 3


async def test_a_repeat_after_one_that_was_undone(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, replace: Replace
) -> None:
    """In a transaction that is done twice, the answer to a command is that of its second time."""

    async def sometimes(cmd: contract.Send, ctx: Context) -> Any:
        answer = await send(cmd, ctx)
        if cmd.body == "no":
            raise Refused("muted")
        return answer

    send = replace(contract.Send, sometimes)
    answers = await asyncio.gather(
        owner.ask("chat.send", id="same", body="one"),
        guest.ask("chat.send", id="same", body="no"),
        owner.ask("chat.send", id="same", body="one"),
        guest.ask("chat.send", id="same", body="no"),
    )
    assert [answer["ok"] for answer in answers] == [True, False, True, False]
    assert answers[0] == answers[2] == await owner.ask("chat.send", id="same", body="one")
    async with stage.house.storage.read() as session:
        assert await session.get(Message, answers[0]["message"]) is not None
    assert await stored(stage) == [(1, "one")]


async def test_what_neighbours_wrote_is_seen(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    """What is only noted to be written is written before somebody looks for it, in whatever way."""
    answers = await asyncio.gather(
        guest.ask("chat.send", body="one"),
        guest.ask("chat.send", body="bad"),
        owner.ask("chat.read", upto=5),
        owner.ask("chat.read", upto=5),
        owner.ask("chat.settings", slow_seconds=60),
        guest.ask("chat.send", body="too soon"),
        owner.ask("people.ban", person=guest.me, delete_messages=True),
        guest.ask("chat.send", body="from outside"),
        owner.ask("chat.send", body="good"),
    )
    assert [answer.get("code") for answer in answers] == [
        *(None,) * 5,
        "slow_mode",
        None,
        "banned",
        None,
    ]
    assert await stored(stage) == [(1, None), (2, None), (3, "good")]
    await stage.settle()
    reads = [event["data"]["upto"] for event in owner.events("chat.read")]
    assert reads == [2], "as far as there was anything, and told once"
    assert (await owner.must("chat.clear")) == {"ok": True}
    assert await stored(stage) == []


async def test_changes_of_who_asks_are_written_without_a_session(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, replace: Replace
) -> None:
    async def renames(_cmd: contract.Clear, ctx: Context) -> None:
        ctx.me.about = "was here"
        ctx.room.idle_minutes = 77

    replace(contract.Clear, renames)
    await owner.must("chat.clear")
    async with stage.house.storage.read() as session:
        member = await session.get_one(Member, owner.me)
        assert member.about == "was here"
    looked = (await owner.look())["features"]["rooms"]["room"]
    assert looked["idle_minutes"] == 77


async def test_a_statement_sees_what_the_session_has_not_written_yet(stage: Stage) -> None:
    count = Statement(select(func.count(Identity.id)).where(Identity.id == bindparam("id")))

    async def job(work: Work) -> Any:
        work.session.add(Identity(id="new", created_at=work.now))
        return await work.db.one(count, id="new")

    assert await stage.house.writer.run("", job) == (1,)


async def test_what_a_long_statement_shares_is_done_again(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SQLite it would hold up the event loop: it is broken off, and everything done again in a thread."""
    monkeypatch.setattr("salon.core.database.sqlite.WritingConnection.allowance", -1.0)
    times = 0

    async def long(work: Work) -> int:
        nonlocal times
        times += 1
        steps = (
            "WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < 30000) SELECT {} FROM step"
        )
        await work.session.execute(text(f"UPDATE rooms SET idle_minutes = ({steps.format('count(*)')})"))  # noqa: S608
        rows = await work.session.execute(text(steps.format("max(n)")))
        n: int = rows.scalar_one()
        return n

    answers = await asyncio.gather(
        owner.ask("chat.send", body="one"),
        stage.house.writer.run(place.id, long),
        owner.ask("chat.send", body="two"),
    )
    assert answers[1] == 30_000
    assert times == (2 if stage.house.storage.is_sqlite else 1)
    assert await stored(stage) == [(1, "one"), (2, "two")]
    async with stage.house.storage.read() as session:
        assert await session.get(Conversation, place.id) is not None
    await stage.settle()
    assert owner.said == ["one", "two"]
