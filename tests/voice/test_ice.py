"""Who is given servers and credentials for the way between the two ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.house import Place, Stage, open_stage
from tests.support.recorder import Json
from tests.voice.support import ask

SERVERS = [{"urls": ["turn:turn.example.org:3478"], "secret": "s3cret"}, {"urls": ["stun:stun.example.org"]}]


async def person(stage: Stage, place: Place, name: str) -> tuple[object, str]:
    identity, token = await stage.session()
    return await stage.come(place, name, identity=identity), token


@pytest.mark.feature("M9")
async def test_only_the_two_ends_get_them(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, ice_servers=SERVERS) as stage:
        identity, hosts = await stage.session()
        async with stage.http(hosts) as http:
            link = (await http.post("/api/rooms", json={"preset": "stage"})).json()["link"]
        place = Place({"link": link, "pin": "", "url": ""}, await stage.room_id(link), identity)
        host = await stage.owner(place)
        tokens = {}
        people = {}
        for name in ("Ana", "Ben"):
            people[name], tokens[name] = await person(stage, place, name)
        other = await stage.room("stage")
        _, tokens["Eve"] = await person(stage, other, "Eve")
        item = await ask(people["Ana"])  # type: ignore[arg-type]
        call = (await host.must("voice.call", item=item, line="a-line-of-the-screen"))["call"]

        async def get(token: str | None) -> tuple[int, Json]:
            async with stage.http(token) as http:
                answer = await http.get("/api/voice/ice", params={"call": call})
            if answer.status_code == 200:
                assert answer.headers["cache-control"] == "no-store"
            return answer.status_code, answer.json()

        status, given = await get(tokens["Ana"])
        assert status == 200
        turn, stun = given["servers"]
        until, who = turn["username"].split(":")
        assert int(until) == stage.clock.now() // 1000 + 3600
        assert who == people["Ana"].me  # type: ignore[attr-defined]
        assert given["expires_at"] == int(until) * 1000
        assert stun == {"urls": ["stun:stun.example.org"]}
        assert (await get(hosts))[0] == 200
        assert (await get(tokens["Ben"]))[1]["code"] == "call_unknown"
        assert (await get(tokens["Eve"]))[1]["code"] == "call_unknown"
        assert (await get(None))[0] == 401
        await host.must("voice.hang_up", call=call)
        assert (await get(tokens["Ana"]))[1]["code"] == "call_unknown"


@pytest.mark.feature("M9")
async def test_they_are_not_given_out_without_measure(stage: Stage) -> None:
    _, token = await stage.session()
    async with stage.http(token) as http:
        codes = [(await http.get("/api/voice/ice", params={"call": "none"})).json()["code"] for _ in range(31)]
    assert codes == ["call_unknown"] * 30 + ["rate_limited"]
