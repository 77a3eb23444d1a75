"""One's own rooms: which are on the list, what is shown of them, and how they go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.dialects import sqlite

from salon.core.storage import Base
from salon.dashboard.lists import Which, _of
from salon.dashboard.tables import ForgottenVisit
from tests.accounts.support import PASSWORD, Caller, caller
from tests.support.house import LocalClient, Place, Stage


async def rooms(who: Caller, which: str = "mine", **more: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await who.must("GET", "/me/rooms", params={"which": which, **more}))["rooms"]
    return found


async def names(who: Caller, which: str = "mine") -> list[str]:
    return [each["name"] for each in await rooms(who, which)]


async def a_room(stage: Stage, who: Caller, name: str) -> Place:
    made = await who.must("POST", "/rooms", {"preset": "meeting", "name": name})
    return Place(made, await stage.room_id(made["link"]), who.identity)


@pytest.mark.feature("R7")
async def test_my_rooms(stage: Stage) -> None:
    ana, ben = await caller(stage), await caller(stage)
    choir = await a_room(stage, ana, "Choir")
    host = await stage.come(choir, "Ana", identity=ana.identity)
    guest = await stage.come(choir, "Ben", identity=ben.identity)
    stage.clock.advance(seconds=5)
    await a_room(stage, ana, "Not entered yet")
    new, old = await rooms(ana)
    assert (new["name"], new["joined"], new["people"], new["role"]) == ("Not entered yet", False, 0, "owner")
    assert old == {
        "link": choir.link,
        "url": choir.url,
        "name": "Choir",
        "preset": "meeting",
        "theme": "linen",
        "role": "owner",
        "joined": True,
        "pin": choir.pin,
        "people": 2,
        "here": True,
        "came_at": old["came_at"],
        "closed_at": None,
    }
    assert await names(ben) == []
    assert [(each["name"], each["pin"], each["role"]) for each in await rooms(ben, "visited")] == [
        ("Choir", None, "participant")
    ]
    # A co-host runs it too.
    await host.must("people.role", person=guest.me, role="cohost")
    assert await names(ben) == ["Choir"]
    assert (await rooms(ben))[0]["pin"] == choir.pin
    assert await names(ben, "visited") == []


@pytest.mark.feature("R7")
async def test_rooms_that_have_ended(stage: Stage) -> None:
    ana, ben = await caller(stage), await caller(stage)
    choir = await a_room(stage, ana, "Choir")
    await stage.come(choir, "Ana", identity=ana.identity)
    await stage.come(choir, "Ben", identity=ben.identity)
    assert await ben.code("POST", f"/me/rooms/{choir.link}/close") == "forbidden"
    await ana.must("POST", f"/me/rooms/{choir.link}/close")
    await stage.settle()
    for who in (ana, ben):
        assert await names(who) == []
        [ended] = await rooms(who, "visited")
        assert (ended["name"], ended["pin"], ended["people"]) == ("Choir", None, 0)
        assert ended["closed_at"] is not None
    assert await ana.code("POST", f"/me/rooms/{choir.link}/close") == "room_closed"


@pytest.mark.feature("R7")
async def test_a_visit_is_forgotten_until_the_next(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    came = await stage.come(place, "Ben", identity=ben.identity)
    # While one is in it, it is on the list.
    await ben.must("DELETE", f"/me/rooms/{place.link}")
    assert len(await rooms(ben, "visited")) == 1
    await came.must("people.leave")
    stage.clock.advance(seconds=1)
    await ben.must("DELETE", f"/me/rooms/{place.link}")
    await ben.must("DELETE", f"/me/rooms/{place.link}")
    assert await rooms(ben, "visited") == []
    stage.clock.advance(seconds=1)
    await stage.come(place, "Ben", identity=ben.identity)
    assert len(await rooms(ben, "visited")) == 1
    async with stage.house.storage.read() as session:
        assert (await session.execute(select(func.count()).select_from(ForgottenVisit))).scalar_one() == 1


@pytest.mark.feature("R7")
async def test_who_was_sent_out_does_not_see_it(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    came = await stage.come(place, "Ben", identity=ben.identity)
    await owner.must("people.remove", person=came.me)
    assert await rooms(ben, "visited") == []


@pytest.mark.feature("R7")
async def test_rooms_of_others_are_nobodys(stage: Stage, place: Place) -> None:
    ana = await caller(stage)
    for method, path in (("DELETE", place.link), ("POST", f"{place.link}/close"), ("DELETE", "x" * 90)):
        assert await ana.code(method, f"/me/rooms/{path}") == "room_unknown"
    async with stage.http() as http:
        assert (await http.get("/api/me/rooms")).json() == {"total": 0, "rooms": []}
        assert (await http.delete(f"/api/me/rooms/{place.link}")).json()["code"] == "session_required"
    assert (await ana.ask("GET", "/me/rooms", params={"which": "all"})).status_code == 422


@pytest.mark.feature("R7")
async def test_a_long_list_comes_in_pages(stage: Stage) -> None:
    ana = await caller(stage)
    for number in range(30):
        stage.clock.advance(seconds=1)
        await a_room(stage, ana, f"Room {number}")
    first = await ana.must("GET", "/me/rooms")
    assert (first["total"], len(first["rooms"]), first["rooms"][0]["name"]) == (30, 24, "Room 29")
    rest = await rooms(ana, offset=24)
    assert [each["name"] for each in rest] == [f"Room {number}" for number in range(5, -1, -1)]


@pytest.mark.feature("R7", "P5")
async def test_a_guests_list_becomes_the_accounts(stage: Stage, place: Place, owner: LocalClient) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    mine = await a_room(stage, ana, "Mine")
    guest = await caller(stage)
    visit = await stage.come(place, "Guest", identity=guest.identity)
    await visit.must("people.leave")
    stage.clock.advance(seconds=1)
    await guest.must("DELETE", f"/me/rooms/{place.link}")
    other = await stage.room(name="Other")
    await stage.come(other, "Guest", identity=guest.identity)
    await guest.sign_in()
    assert await names(guest) == ["Mine"]
    assert await names(guest, "visited") == ["Other"]
    await guest.must("DELETE", "/account", {"password": PASSWORD})
    async with stage.house.storage.read() as session:
        assert (await session.execute(select(func.count()).select_from(ForgottenVisit))).scalar_one() == 0
    assert mine.link


@pytest.mark.feature("R7")
def test_the_lists_have_their_indexes(tmp_path: Path) -> None:
    """Whose rooms are looked up by the person, not by going through all rooms."""
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        which: Which
        for which in ("mine", "visited"):
            said = _of("someone", which).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
            assert not [step for step in plan if step.startswith("SCAN")], plan
