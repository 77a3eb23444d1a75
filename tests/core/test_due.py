"""What falls due by itself, without a room that was closed meanwhile and never by two tasks at once."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from salon.core.dispatch import Context
from salon.core.due import Errand, in_open_room
from salon.core.refusals import Refused
from tests.support.house import LocalClient, Place, Stage
from tests.support.recorder import eventually


async def test_it_is_done_in_open_rooms_only(stage: Stage, place: Place, owner: LocalClient) -> None:
    rooms: list[str] = []

    async def job(ctx: Context) -> None:
        rooms.append(ctx.room.id)

    dispatcher = stage.house.dispatcher
    await in_open_room(dispatcher, place.id, job)
    await in_open_room(dispatcher, "no-such-room", job)
    await owner.must("rooms.close")
    await in_open_room(dispatcher, place.id, job)
    assert rooms == [place.id]


async def test_other_refusals_are_told(stage: Stage, place: Place) -> None:
    async def job(_ctx: Context) -> None:
        raise Refused("unavailable")

    with pytest.raises(Refused, match="unavailable"):
        await in_open_room(stage.house.dispatcher, place.id, job)


class Work:
    """Takes what is to do, one after the other, and notes how many were at it."""

    def __init__(self) -> None:
        self.todo: list[str] = []
        self.done: list[str] = []
        self.at_it = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def __call__(self) -> None:
        self.at_it += 1
        assert self.at_it == 1
        try:
            while self.todo:
                await self.may_go_on.wait()
                what = self.todo.pop(0)
                if what == "refused":
                    raise Refused("unavailable")
                if what == "broken":
                    raise ValueError(what)
                self.done.append(what)
        finally:
            self.at_it -= 1


async def rest() -> None:
    """Until no other task has anything to do."""
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)


async def test_one_task_does_all_there_is() -> None:
    work = Work()
    errand = Errand("test", work)
    for what in "abc":
        work.todo.append(what)
        errand.begin()
    await rest()
    work.todo.append("d")
    errand.begin()
    await rest()
    assert work.done == ["a", "b", "c", "d"]


async def test_what_is_refused_is_left_and_what_fails_is_logged() -> None:
    work = Work()
    errand = Errand("test", work)
    with capture_logs() as logged:
        work.todo.append("refused")
        errand.begin()
        await rest()
        assert not logged
        work.todo.append("broken")
        errand.begin()
        await rest()
    assert [(line["log_level"], line["errand"]) for line in logged] == [("error", "test")]
    work.todo.append("a")
    errand.begin()
    await rest()
    assert work.done == ["a"]


async def test_stopped_it_does_nothing_any_more() -> None:
    work = Work()
    errand = Errand("test", work)
    await errand.stop()
    work.todo.append("a")
    errand.begin()
    await rest()

    other = Errand("test", work)
    work.may_go_on.clear()
    other.begin()
    await asyncio.sleep(0)
    await other.stop()
    assert (work.done, work.at_it) == ([], 0)


async def test_what_comes_after_the_last_look_is_done_all_the_same() -> None:
    todo, done = ["first"], list[str]()

    async def work() -> None:
        while todo:
            done.append(todo.pop(0))
        if done == ["first"]:  # It has looked, and has not ended yet.
            todo.append("second")
            errand.begin()

    errand = Errand("test", work)
    errand.begin()
    await eventually(lambda: done == ["first", "second"], "both")
