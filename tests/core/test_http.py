"""The HTTP side: bad bodies, wrong origins, headers; each failure a coded refusal, nothing stored."""

from __future__ import annotations

import json

import orjson
import pytest

from salon.core.refusals import CODES
from tests.support.dump import changed, dump
from tests.support.house import ORIGIN, Stage
from tests.support.wire import Served

JSON = {"Content-Type": "application/json"}
BAD = [
    ("/api/session", {"bearer": "yes"}, 422, "invalid", "bearer"),
    ("/api/session", {"bearer": 1}, 422, "invalid", "bearer"),
    ("/api/session", {"bearer": None}, 422, "invalid", "bearer"),
    ("/api/session", {"identity": "x"}, 422, "invalid", "identity"),
    ("/api/session", [], 422, "invalid", None),
    ("/api/session", "x", 422, "invalid", None),
    ("/api/session", 5, 422, "invalid", None),
    ("/api/session", None, 422, "invalid", None),
    ("/api/rooms", {}, 422, "invalid", "preset"),
    ("/api/rooms", {"preset": "palace"}, 422, "invalid", "preset"),
    ("/api/rooms", {"preset": ["stage"]}, 422, "invalid", "preset"),
    ("/api/rooms", {"preset": "stage", "pin": "1234"}, 422, "invalid", "pin"),
    ("/api/rooms", {"preset": "stage", "name": "x" * 81}, 422, "name_too_long", "name"),
    ("/api/rooms", {"preset": "stage", "name": "x" * 401}, 422, "invalid", "name"),
    ("/api/rooms", {"preset": "stage", "name": 5}, 422, "invalid", "name"),
    ("/api/rooms", {"preset": "stage", "name": None}, 422, "invalid", "name"),
    ("/api/rooms", {"preset": "stage", "theme": "neon"}, 422, "invalid", "theme"),
    ("/api/rooms", {"preset": "stage", "capacity": 0}, 422, "invalid", "capacity"),
    ("/api/rooms", {"preset": "stage", "capacity": "5"}, 422, "invalid", "capacity"),
    ("/api/rooms", {"preset": "stage", "capacity": True}, 422, "invalid", "capacity"),
    ("/api/rooms", {"preset": "stage", "capacity": 1.5}, 422, "invalid", "capacity"),
    ("/api/rooms", {"preset": "stage", "capacity": 10**30}, 422, "invalid", "capacity"),
    ("/api/pin", {}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": 1234}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": ""}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": "12a4"}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": "١٢٣٤"}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": "1234' OR '1'='1"}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": "1" * 17}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": "1" * 5000}, 422, "invalid", "pin"),
    ("/api/pin", {"pin": "12\u000034"}, 422, "invalid", "pin"),
    ("/api/knocks/nothing", {"name": "Kim"}, 404, "knock_unknown", None),
    ("/api/knocks/nothing", {}, 422, "invalid", "name"),
    ("/api/knocks/nothing", {"name": ""}, 422, "name_required", "name"),
    ("/api/knocks/nothing", {"name": "\u200b"}, 422, "name_required", "name"),
    ("/api/knocks/nothing", {"name": "x" * 200}, 422, "name_too_long", "name"),
    ("/api/knocks/%00", {"name": "Kim"}, 404, "knock_unknown", None),
]


@pytest.mark.feature("R1", "R2", "R3")
async def test_bad_bodies_are_refused(stage: Stage) -> None:
    _, token = await stage.session()
    before = await dump(stage.house.storage)
    wrong = []
    async with stage.http(token) as http:
        for path, body, status, code, field in BAD:
            answer = await http.post(path, content=json.dumps(body), headers=JSON)
            said = answer.json()
            if (answer.status_code, said.get("ok"), said.get("code"), said.get("field")) != (
                status,
                False,
                code,
                field,
            ):
                wrong.append((path, str(body)[:60], answer.status_code, said))
    assert wrong == []
    assert changed(before, await dump(stage.house.storage)) == {}


RAW = [
    (b"", JSON),
    (b"{", JSON),
    (b'{"preset": "stage", "name": "\\ud800"}', JSON),
    (b'{"preset": "stage", "name": "\xff"}', JSON),
    (b'{"preset": "stage", "capacity": NaN}', JSON),
    (b'{"preset": "stage", "capacity": 1e999}', JSON),
    (b'{"preset": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", JSON),
    (b"preset=stage", {"Content-Type": "application/x-www-form-urlencoded"}),
    (b'{"preset": "stage"}', {"Content-Type": "text/plain"}),
]


@pytest.mark.feature("R1")
@pytest.mark.parametrize(("content", "headers"), RAW, ids=lambda value: str(value)[:40])
async def test_bodies_that_are_no_json_are_refused(stage: Stage, content: bytes, headers: dict[str, str]) -> None:
    _, token = await stage.session()
    before = await dump(stage.house.storage)
    async with stage.http(token) as http:
        answer = await http.post("/api/rooms", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert (answer.json()["ok"], answer.json()["code"]) == (False, "invalid")
    assert changed(before, await dump(stage.house.storage)) == {}


@pytest.mark.feature("R1")
async def test_large_bodies_are_refused_however_they_come(served: Served) -> None:
    token = await served.token()
    big = orjson.dumps({"preset": "stage", "name": "x" * 70_000})
    headers = {"Authorization": f"Bearer {token}", **JSON}
    async with served.http.post("/api/rooms", data=big, headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (413, "too_large")

    async def chunks():
        for start in range(0, len(big), 1000):
            yield big[start : start + 1000]

    async with served.http.post("/api/rooms", data=chunks(), headers=headers) as response:
        assert response.status in {411, 413, 422}
        assert (await response.json())["ok"] is False


@pytest.mark.feature("R1", "R2", "R3")
async def test_without_a_session_nothing_is_done(stage: Stage) -> None:
    place = await stage.room()
    before = await dump(stage.house.storage)
    async with stage.http() as http:
        for path, body in (
            ("/api/rooms", {"preset": "stage"}),
            ("/api/pin", {"pin": place.pin}),
            ("/api/knocks/x", {"name": "Kim"}),
        ):
            answer = await http.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (401, "session_required"), path
        for path in (f"/api/rooms/{place.link}/export/chat.txt", "/api/knocks/x"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "session_required"), path
    assert changed(before, await dump(stage.house.storage)) == {}


@pytest.mark.feature("R5")
async def test_other_pages_cannot_act_with_the_cookie(stage: Stage) -> None:
    session = await stage.house.sessions.open(bearer=False)
    cookie = f"salon_session={session.token}"
    _, bearer = await stage.session()
    table: list[tuple[dict[str, str], str | None]] = [
        ({"Cookie": cookie, "Origin": ORIGIN}, None),
        ({"Cookie": cookie, "Origin": "http://127.0.0.1:8000"}, None),
        ({"Cookie": cookie}, "origin_refused"),
        ({"Cookie": cookie, "Origin": "null"}, "origin_refused"),
        ({"Cookie": cookie, "Origin": "https://evil.example"}, "origin_refused"),
        ({"Cookie": cookie, "Origin": "http://localhost:8001"}, "origin_refused"),
        # A bearer token in the request does not lend its rights to a cookie.
        ({"Cookie": cookie, "Authorization": "Bearer wrong"}, "session_required"),
        ({"Cookie": cookie, "Authorization": "Basic eDp5"}, "origin_refused"),
        ({"Authorization": f"Bearer {bearer}"}, None),
        ({"Authorization": f"Bearer {bearer}", "Origin": "https://evil.example"}, "origin_refused"),
        ({"Authorization": f"Bearer {session.token}"}, "session_required"),
        ({"Cookie": f"salon_session={bearer}", "Origin": ORIGIN}, "session_required"),
    ]
    wrong = []
    async with stage.http() as http:
        for headers, code in table:
            answer = (await http.post("/api/rooms", json={"preset": "drop"}, headers=headers)).json()
            if answer.get("code") != code:
                wrong.append((headers, code, answer))
    assert wrong == []


@pytest.mark.feature("R2")
async def test_room_cards_tell_no_more_than_a_door(stage: Stage) -> None:
    place = await stage.room(name="Kitchen")
    owner = await stage.owner(place)
    gil = await stage.come(place, "Gil")
    await gil.must("chat.send", body="secret")
    async with stage.http() as http:
        card = (await http.get(f"/api/rooms/{place.link}")).json()
        assert card == {
            "name": "Kitchen",
            "preset": "meeting",
            "theme": "linen",
            "people": 2,
            "member": False,
            "person_name": None,
            "way": "open",
        }
        for link in ("nothing", place.id, place.pin, "x" * 65, "%00", "%ff", "..%2f"):
            answer = await http.get(f"/api/rooms/{link}")
            assert (answer.status_code, answer.json()["code"]) == (404, "room_unknown"), link
        await owner.must("rooms.close")
        answer = await http.get(f"/api/rooms/{place.link}")
        assert (answer.status_code, answer.json()["code"]) == (410, "room_closed")


@pytest.mark.feature("R2")
async def test_a_card_knows_who_was_here(stage: Stage) -> None:
    place = await stage.room()
    identity, token = await stage.session()
    async with stage.http(token) as http:
        before = (await http.get(f"/api/rooms/{place.link}")).json()
        gil = await stage.come(place, "Gil", identity=identity)
        inside = (await http.get(f"/api/rooms/{place.link}")).json()
        await gil.must("people.leave")
        after = (await http.get(f"/api/rooms/{place.link}")).json()
    assert (before["member"], before["person_name"]) == (False, None)
    assert (inside["member"], inside["person_name"]) == (True, "Gil")
    assert (after["member"], after["person_name"]) == (False, "Gil")


async def test_what_is_not_there_is_told_in_the_same_form(stage: Stage) -> None:
    async with stage.http() as http:
        for method, path in (
            ("GET", "/api/nothing"),
            ("POST", "/api/nothing"),
            ("DELETE", "/api/rooms"),
            ("PUT", "/api/session"),
            ("POST", "/"),
            ("GET", "/assets/nothing.js"),
            ("GET", "/assets/%2e%2e/%2e%2e/app.py"),
        ):
            answer = await http.request(method, path)
            assert answer.status_code in {404, 405}, path
            assert answer.json()["ok"] is False
            assert answer.json()["code"] in CODES


@pytest.mark.parametrize("path", ["/api/health", "/api/nothing", "/", "/r/whatever", "/api/rooms/nothing"])
async def test_every_answer_carries_the_security_headers(stage: Stage, path: str) -> None:
    async with stage.http() as http:
        headers = (await http.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"] or "unsafe" not in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/../app.py", "/%2e%2e/app.py", "/..%2fapp.py", "/assets/..%2f..%2fapp.py", "//app.py"]
)
async def test_no_file_outside_the_page_is_served(stage: Stage, path: str) -> None:
    async with stage.http() as http:
        answer = await http.get(path)
    assert "from __future__" not in answer.text
