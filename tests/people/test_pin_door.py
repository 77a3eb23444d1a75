"""Finding a room by its PIN, and what happens when too many wrong ones were tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from salon.core.clock import ManualClock
from tests.support.house import Place, Stage, open_stage

HOUR = 3600


async def entry(stage: Stage, pin: str, address: str = "198.51.100.1") -> httpx.Response:
    """Somebody new tries a PIN."""
    _, token = await stage.session()
    async with stage.http(token, address=address) as http:
        return await http.post("/api/pin", json={"pin": pin})


def wrong(place: Place, number: int = 0) -> str:
    """A PIN of the same length that no room has."""
    return f"{(int(place.pin) + 1 + number) % 10 ** len(place.pin):0{len(place.pin)}d}"


async def exhaust(stage: Stage, place: Place, count: int, address: str = "198.51.100.1") -> None:
    for number in range(count):
        answer = await entry(stage, wrong(place, number), address)
        assert (answer.status_code, answer.json()["code"]) == (404, "pin_unknown")


@pytest.mark.feature("R2", "R3")
async def test_a_pin_finds_its_room(stage: Stage) -> None:
    place = await stage.room()
    for typed in (place.pin, f" {place.pin[:3]} {place.pin[3:]} ", f"{place.pin[:2]}-{place.pin[2:]}"):
        assert (await entry(stage, typed)).json() == {"outcome": "found", "link": place.link}
    answer = await entry(stage, wrong(place))
    assert answer.status_code == 404
    assert answer.json()["code"] == "pin_unknown"
    assert answer.json()["field"] == "pin"


@pytest.mark.feature("R3")
async def test_a_pin_grants_nothing_but_the_link(stage: Stage) -> None:
    """Whoever found the room by its PIN is as much outside as whoever has the link."""
    place = await stage.room()
    owner = await stage.owner(place)
    gil = await stage.come(place, "Gil")
    await owner.must("people.ban", person=gil.me)
    _, token = await stage.session()
    async with stage.http(token) as http:
        found = (await http.post("/api/pin", json={"pin": place.pin})).json()
        assert (await http.get(f"/api/rooms/{found['link']}/export/chat.txt")).json()["code"] == "not_joined"
    await gil.connect()
    assert gil.refused == "banned"


@pytest.mark.feature("R3", "R8")
async def test_pins_are_unique_and_free_again_when_the_room_closes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.room()  # the only one that six digits are enough for
    place = await stage.room()
    owner = await stage.owner(place)
    drawn = [int(place.pin), int(place.pin), 7]

    class Drawer:
        @staticmethod
        def randbelow(_limit: int) -> int:
            return drawn.pop(0)

    monkeypatch.setattr("salon.core.pins.secrets", Drawer)
    assert (await stage.room()).pin == "0000007", "what an open room has is drawn again"
    await owner.must("rooms.close")
    answer = await entry(stage, place.pin)
    assert answer.json()["code"] == "pin_unknown"
    drawn[:] = [int(place.pin)]
    third = await stage.room()
    assert third.pin == place.pin
    assert third.link != place.link


@pytest.mark.feature("R3")
async def test_pins_are_as_long_as_they_must_be(stage: Stage) -> None:
    pins = [(await stage.room()).pin for _ in range(18)]
    assert [len(pin) for pin in pins] == [6, *[7] * 16, 8]
    assert len(set(pins)) == len(pins)


@pytest.mark.feature("R3")
async def test_over_the_limit_right_and_wrong_are_told_alike(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, pin_wrong_guesses_per_network=3) as stage:
        place = await stage.room()
        await exhaust(stage, place, 3)
        right, guess = await entry(stage, place.pin), await entry(stage, wrong(place, 9))
        for answer in (right, guess):
            assert answer.status_code == 200
            assert answer.json()["outcome"] == "knock"
            assert set(answer.json()) == {"outcome", "ticket"}
            assert len(answer.json()["ticket"]) == 22
        assert dict(right.headers) == dict(guess.headers)
        # Other networks are not concerned.
        assert (await entry(stage, place.pin, "198.51.100.2")).json()["outcome"] == "found"
        assert (await entry(stage, wrong(place), "198.51.100.2")).status_code == 404


@pytest.mark.feature("R3")
async def test_both_knock_alike(tmp_path: Path, at_once: None) -> None:
    """Somebody with a wrong PIN sees the same as somebody whom no host answers."""
    async with open_stage(tmp_path, pin_wrong_guesses_per_network=1) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        await exhaust(stage, place, 1)
        told: dict[str, list[Any]] = {}
        for name, pin in (("right", place.pin), ("wrong", wrong(place, 5))):
            _, token = await stage.session()
            async with stage.http(token, address="198.51.100.1") as http:
                ticket = (await http.post("/api/pin", json={"pin": pin})).json()["ticket"]
                path = f"/api/knocks/{ticket}"
                first = await http.get(path)
                asked = await http.post(path, json={"name": name})
                again = await http.post(path, json={"name": "another name"})
                await stage.pass_time(4 * 60)
                last = await http.get(path)
                told[name] = [(each.status_code, each.json()) for each in (first, asked, again, last)]
        assert told["right"] == told["wrong"]
        states = [state for _, state in told["right"]]
        assert states == [
            {"state": "new", "link": None},
            {"state": "waiting", "link": None},
            {"state": "waiting", "link": None},
            {"state": "unanswered", "link": None},
        ]
        assert [event["data"]["knock"]["name"] for event in owner.events("people.knocked")] == ["right"]


@pytest.mark.feature("R3")
async def test_the_limit_of_the_whole_server(tmp_path: Path, at_once: None) -> None:
    """Whoever guesses from many networks meets the server's own limit."""
    async with open_stage(tmp_path, pin_wrong_guesses_per_hour=6, pin_wrong_guesses_per_network=2) as stage:
        place = await stage.room()
        for network in range(3):
            await exhaust(stage, place, 2, f"198.51.100.{network}")
        answer = await entry(stage, place.pin, "203.0.113.200")
        assert answer.json()["outcome"] == "knock"
        stage.clock.advance(seconds=HOUR + 1)
        assert (await entry(stage, place.pin, "203.0.113.200")).json()["outcome"] == "found"


@pytest.mark.feature("R3")
async def test_the_limit_is_one_of_any_hour(tmp_path: Path, at_once: None) -> None:
    """Waiting for the full hour to begin gives no double portion."""
    async with open_stage(tmp_path, pin_wrong_guesses_per_network=4) as stage:
        place = await stage.room()
        for number in range(4):
            assert (await entry(stage, wrong(place, number))).status_code == 404
            stage.clock.advance(seconds=600)
        # The first of the four is 40 minutes old.
        assert (await entry(stage, wrong(place, 8))).json()["outcome"] == "knock"
        stage.clock.advance(seconds=HOUR - 4 * 600 + 1)
        assert (await entry(stage, wrong(place, 8))).status_code == 404
        assert (await entry(stage, wrong(place, 8))).json()["outcome"] == "knock"


@pytest.mark.feature("R3")
async def test_right_pins_use_nothing_up(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, pin_wrong_guesses_per_network=1) as stage:
        place = await stage.room()
        for _ in range(5):
            assert (await entry(stage, place.pin)).json()["outcome"] == "found"
        assert (await entry(stage, "x")).json()["code"] == "invalid"
        assert (await entry(stage, place.pin)).json()["outcome"] == "found"


@pytest.mark.feature("R3", "R8")
async def test_the_limit_survives_a_restart(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock, pin_wrong_guesses_per_network=3) as stage:
        place = await stage.room()
        await exhaust(stage, place, 3)
    async with open_stage(tmp_path, clock=clock, pin_wrong_guesses_per_network=3) as stage:
        assert (await entry(stage, wrong(place))).json()["outcome"] == "knock"
        clock.advance(seconds=HOUR + 1)
        assert (await entry(stage, wrong(place))).status_code == 404


@pytest.mark.feature("R3")
async def test_a_network_is_a_whole_home(tmp_path: Path, at_once: None) -> None:
    """All addresses of an IPv6 /64 are one network: whoever has one has all of them."""
    async with open_stage(tmp_path, pin_wrong_guesses_per_network=2) as stage:
        place = await stage.room()
        await exhaust(stage, place, 1, "2001:db8:1:1::1")
        await exhaust(stage, place, 1, "2001:db8:1:1:ffff::9")
        assert (await entry(stage, place.pin, "2001:db8:1:1::7")).json()["outcome"] == "knock"
        assert (await entry(stage, place.pin, "2001:db8:1:2::7")).json()["outcome"] == "found"


@pytest.mark.feature("R3")
async def test_tickets_are_not_given_out_without_end(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, pin_wrong_guesses_per_network=1) as stage:
        place = await stage.room()
        await exhaust(stage, place, 1)
        answers = [await entry(stage, place.pin) for _ in range(12)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
        assert answers[-1].json()["code"] == "rate_limited"
        assert answers[-1].json()["retry_after"] > 0
