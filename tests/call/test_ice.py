"""Who is given servers and credentials for the way to the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.recorder import Json

SERVERS = [{"urls": ["turn:turn.example.org:3478"], "secret": "s3cret"}, {"urls": ["stun:stun.example.org"]}]


async def person(stage: Stage, place: Place, name: str) -> tuple[LocalClient, str]:
    identity, token = await stage.session()
    return await stage.come(place, name, identity=identity), token


async def get(stage: Stage, link: str, token: str | None) -> tuple[int, Json]:
    async with stage.http(token) as http:
        answer = await http.get(f"/api/rooms/{link}/call/ice")
    if answer.status_code == 200:
        assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()


@pytest.mark.feature("M9", "M1")
async def test_members_get_them_before_they_join(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, ice_servers=SERVERS) as stage:
        place = await stage.room()
        host = await stage.owner(place)
        ana, anas = await person(stage, place, "Ana")
        _, eves = await person(stage, await stage.room(), "Eve")
        status, given = await get(stage, place.link, anas)
        assert status == 200
        turn, stun = given["servers"]
        until, who = turn["username"].split(":")
        assert (int(until), who) == (stage.clock.now() // 1000 + 3600, ana.me)
        assert given["expires_at"] == int(until) * 1000
        assert stun == {"urls": ["stun:stun.example.org"]}
        assert (await get(stage, place.link, eves))[1]["code"] == "not_joined"
        assert (await get(stage, place.link, None))[0] == 401
        assert (await get(stage, "no-such-link", anas))[1]["code"] == "room_unknown"
        await host.must("rooms.activity", activity="call", on=False)
        assert (await get(stage, place.link, anas))[1]["code"] == "activity_off"
        await host.must("rooms.activity", activity="call", on=True)
        await host.must("people.remove", person=ana.me)
        assert (await get(stage, place.link, anas))[1]["code"] == "removed"


@pytest.mark.feature("M9")
async def test_they_are_not_given_out_without_measure(stage: Stage, place: Place, owner: LocalClient) -> None:
    _, token = await person(stage, place, "Ana")
    statuses = [(await get(stage, place.link, token))[0] for _ in range(31)]
    assert statuses == [200] * 30 + [429]
