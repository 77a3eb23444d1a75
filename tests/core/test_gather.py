"""Questions that are answered together, and what is kept of a room between readings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from salon.core.gather import Gatherer
from salon.core.glance import Glance, KeptRooms
from tests.support.house import Stage


async def test_what_comes_while_one_group_is_answered_is_the_next_group() -> None:
    groups: list[list[int]] = []
    began, go_on = asyncio.Event(), asyncio.Event()

    async def job(group: list[int]) -> Sequence[int]:
        groups.append(group)
        began.set()
        await go_on.wait()
        return [2 * each for each in group]

    gatherer: Gatherer[int, int] = Gatherer(job, at_once=3)
    first = [asyncio.create_task(gatherer.ask(each)) for each in range(2)]
    await began.wait()
    later = [asyncio.create_task(gatherer.ask(each)) for each in range(2, 7)]
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*first, *later) == [0, 2, 4, 6, 8, 10, 12]
    assert groups == [[0, 1], [2, 3, 4], [5, 6]]


async def test_each_gets_its_own_answer_or_refusal() -> None:
    async def job(group: list[int]) -> Sequence[int | Exception]:
        return [ValueError(str(each)) if each % 2 else each for each in group]

    gatherer: Gatherer[int, int] = Gatherer(job, at_once=10)
    answers = await asyncio.gather(*(gatherer.ask(each) for each in range(4)), return_exceptions=True)
    assert [str(each) for each in answers] == ["0", "1", "2", "3"]
    assert [isinstance(each, ValueError) for each in answers] == [False, True, False, True]


async def test_a_failure_concerns_one_group_and_who_has_gone_concerns_nobody() -> None:
    async def job(group: list[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if 1 in group:
            raise OSError("the database is gone")
        return group

    gatherer: Gatherer[int, int] = Gatherer(job, at_once=2)
    tasks = [asyncio.create_task(gatherer.ask(each)) for each in range(5)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in answers] == [OSError, OSError, int, asyncio.CancelledError, int]
    assert await gatherer.ask(7) == 7


async def test_kept_as_long_as_nothing_is_told_to_the_room() -> None:
    rooms = KeptRooms(size=2)
    made: list[str] = []

    async def look(room: str, seq: int) -> str:
        async def make() -> str:
            made.append(f"{room}{seq}")
            return made[-1]

        return await Glance(kept=rooms.of(room, seq)).kept("part", make)

    assert [await look("a", 1), await look("a", 1), await look("b", 1), await look("a", 2)] == ["a1", "a1", "b1", "a2"]
    assert made == ["a1", "b1", "a2"]
    await look("c", 1)  # the one that was not looked at for longest is let go of
    assert await look("b", 1) == "b1"
    assert made == ["a1", "b1", "a2", "c1", "b1"]


@pytest.mark.feature("R9")
async def test_a_crowd_costs_a_few_readings(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    place = await stage.room()
    crowd = await stage.crowd(place, [f"Person {number}" for number in range(30)])
    for client in crowd:
        client.lose()
    await stage.settle()
    readings = 0
    read = stage.house.storage.read

    def counted() -> object:
        nonlocal readings
        readings += 1
        return read()

    monkeypatch.setattr(stage.house.storage, "read", counted)
    for client in crowd:
        client.forget()
    await asyncio.gather(*(client.connect() for client in crowd))
    await stage.settle()
    assert all(client.of("snapshot") for client in crowd)
    # One for each when it connects (in the tests' own way), and a handful for all of them.
    assert readings <= len(crowd) + 10
