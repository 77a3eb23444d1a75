"""Anonymous polls: whoever has the database tries to find out who chose what."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.storage import Base
from tests.polls.conftest import Hall
from tests.polls.support import crowd, ids, release, seen
from tests.support.dump import dump
from tests.support.house import LocalClient

VOTED = 24


async def vote_in_turn(hall: Hall, poll: str, kind: str) -> dict[str, str]:
    """Everybody votes in an order that chance has made. Returns, by person in that order, what they chose."""
    people = await crowd(hall.stage, hall.host, VOTED)
    random.Random(7).shuffle(people)
    options = await ids(hall.host, poll)
    chosen: dict[str, str] = {}
    for at, client in enumerate(people):
        hall.stage.clock.advance(seconds=1)
        secret = f"{at * 7 % VOTED:03d}-{client.name[-2:].strip()}"
        of_kind: dict[str, dict[str, Any]] = {
            "text": {"text": secret},
            "words": {"words": [secret]},
            "numeric": {"value": at * 7 % VOTED},
        }
        choice = of_kind.get(kind) or {"options": [options[at * 7 % 3]]}
        await client.must("polls.vote", poll=poll, choice=choice)
        await hall.stage.settle()
        chosen[client.me] = options[at * 7 % 3] if "options" in choice else str(next(iter(choice.values())))
    return chosen


async def rows(session: AsyncSession, table: str, *columns: str, order: str = "") -> list[tuple[Any, ...]]:
    found = await session.execute(text(f"SELECT {', '.join(columns)} FROM {table} {order}"))  # noqa: S608
    return [tuple(row) for row in found]


def in_turn(voters: list[str], keys: list[str], chosen: dict[str, str]) -> int:
    """How many are found out by taking both tables row by row."""
    return sum(chosen[voter] in (key, f"['{key}']") for voter, key in zip(voters, keys, strict=False))


@pytest.mark.feature("V4")
@pytest.mark.parametrize("kind", ["single", "text", "words", "numeric"])
@pytest.mark.parametrize("closed", [False, True])
async def test_nothing_in_the_database_joins_a_person_and_a_choice(hall: Hall, kind: str, closed: bool) -> None:
    poll = await release(hall.host, kind, anonymous=True, seconds=None)
    chosen = await vote_in_turn(hall, poll, kind)
    if closed:
        await hall.host.must("polls.close", poll=poll)
    # No row of any table names a person or identity together with a choice, nor does the log or an answer.
    members = set(chosen)
    whole = await dump(hall.stage.house.storage)
    secrets = set(chosen.values()) if kind != "single" else set(await ids(hall.host, poll))
    secrets = {secret.strip("[']") for secret in secrets if len(secret) > 2}
    for table, found in whole.items():
        for row in found:
            said = repr(row)
            if any(member in said for member in members) and table not in {"events", "receipts"}:
                assert not any(secret in said for secret in secrets), table
            if table in {"events", "receipts"} and ("voted" in said or "me:" in said):
                assert not any(secret in said for secret in secrets), table
    assert not whole["poll_choices"]
    columns = {column.name for column in inspect(Base.metadata.tables["poll_counts"]).columns}
    assert columns == {"poll_id", "key", "rank", "text", "value", "count"}
    assert all(row[2:] == (None, None, None) for row in whole["poll_voters"]), "no time, no points"
    sqlite = hall.stage.house.storage.is_sqlite
    async with hall.stage.house.storage.read() as session:
        await _try_by_order(session, chosen, sqlite=sqlite, closed=closed, free=kind != "single")
        if not sqlite:
            await _try_by_transactions(session, closed=closed, free=kind != "single")
        else:
            for table in ("poll_voters", "poll_counts"):
                with pytest.raises(Exception, match="no such column"):
                    await rows(session, table, "rowid")


async def _try_by_order(
    session: AsyncSession, chosen: dict[str, str], *, sqlite: bool, closed: bool, free: bool
) -> None:
    """The order in which rows lie is that of their keys, in both tables: it has nothing of the order of voting."""
    if free and not sqlite and not closed:
        return  # the gap that the tables' docstring names
    voters = [row[0] for row in await rows(session, "poll_voters", "member_id")]
    keys = [row[0] for row in await rows(session, "poll_counts", "key") if row[0]]
    if sqlite or closed:
        assert voters == sorted(voters)
        assert keys == sorted(keys)
    assert in_turn(voters, keys, chosen) < VOTED // 3 + 3, "no more than by guessing"


async def _try_by_transactions(session: AsyncSession, *, closed: bool, free: bool) -> None:
    """PostgreSQL says which transaction has written a row."""
    of_counts = {row[0] for row in await rows(session, "poll_counts", "xmin::text")}
    of_voters = [row[0] for row in await rows(session, "poll_voters", "xmin::text")]
    if closed:
        assert of_counts == set(of_voters)
        assert len(of_counts) == 1
    elif not free:
        assert len(of_counts) == 1, "each vote writes all numbers anew"


@pytest.mark.feature("V4")
async def test_one_knows_that_one_has_voted_and_no_more(hall: Hall) -> None:
    poll = await release(hall.host, anonymous=True)
    known = await ids(hall.ann, poll)
    phone: LocalClient = await hall.stage.again(hall.ann, device="phone")
    phone.forget()
    answer = await hall.ann.must("polls.vote", poll=poll, choice={"options": known[:1]})
    assert answer == {"ok": True}
    await hall.stage.settle()
    (told,) = phone.events("polls.voted")
    assert told["data"]["vote"]["choice"] is None
    assert [vote["choice"] for vote in (await seen(hall.ann))["own"]] == [None]
    again = await hall.ann.ask("polls.vote", poll=poll, choice={"options": known[:1]})
    assert again["code"] == "already_voted"


@pytest.mark.feature("V4")
async def test_an_anonymous_quiz_gives_no_points(hall: Hall) -> None:
    poll = await release(hall.host, "quiz", anonymous=True)
    known = await ids(hall.ann, poll)
    await hall.ann.must("polls.vote", poll=poll, choice={"options": [known[1]]})
    await hall.host.must("polls.close", poll=poll)
    await hall.host.must("polls.reveal", poll=poll)
    assert (await hall.host.must("polls.leaders"))["leaders"] == []
