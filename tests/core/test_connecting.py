"""Who may connect: sessions, origins, cookies and bearer tokens, and what `auth` may be."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.support.dump import changed, dump
from tests.support.raw import RawSocket, connect_by_polling
from tests.support.recorder import eventually
from tests.support.wire import NotLetIn, Served, SocketClient

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


async def refusal(client: SocketClient, **how: Any) -> str | None:
    """The code with which the connection is refused, None when it is not."""
    try:
        await client.connect(how.pop("room", None), **how)
    except NotLetIn as refused:
        return refused.code
    await client.leave()
    return None


@pytest.mark.feature("R2", "R5")
async def test_auth_that_is_none_is_refused(served: Served) -> None:
    token, cookie = await served.token(), await served.cookie()
    room = (await served.room(token))["link"]
    good = {"room": room, "token": token}
    before = await dump(served.house.storage)
    table: list[tuple[object, str]] = [
        ("x", "invalid"),
        ([good], "invalid"),
        (7, "invalid"),
        (True, "invalid"),
        ({**good, "name": "Olga"}, "invalid"),
        ({**good, "identity": "x"}, "invalid"),
        ({"token": token}, "room_unknown"),
        ({**good, "room": None}, "room_unknown"),
        ({**good, "room": 5}, "room_unknown"),
        ({**good, "room": ""}, "room_unknown"),
        ({**good, "room": "nothing"}, "room_unknown"),
        ({**good, "room": "a\u0000b"}, "room_unknown"),
        ({**good, "room": room + "\n"}, "room_unknown"),
        ({**good, "room": "x" * 10_000}, "room_unknown"),
        ({**good, "room": [room]}, "room_unknown"),
        ({**good, "token": 5}, "session_required"),
        ({**good, "token": ""}, "session_required"),
        ({**good, "token": "wrong"}, "session_required"),
        ({**good, "token": "\u0000"}, "session_required"),
        ({**good, "token": "x" * 10_000}, "session_required"),
        ({**good, "token": [token]}, "session_required"),
        ({**good, "token": {"$ne": ""}}, "session_required"),
        # A cookie's token is no bearer token.
        ({**good, "token": cookie}, "session_required"),
        ({**good, "since": 5}, "invalid"),
        ({**good, "since": []}, "invalid"),
        ({**good, "since": {"room": "1"}}, "invalid"),
        ({**good, "since": {"room": -1}}, "invalid"),
        ({**good, "since": {"room": 1.5}}, "invalid"),
        ({**good, "since": {"room": True}}, "invalid"),
        ({**good, "since": {"room": 2**60}}, "invalid"),
        ({**good, "since": {"garden": 1}}, "invalid"),
        ({**good, "since": {"room": None}}, "invalid"),
    ]
    client = await served.client("Olga", token)
    wrong = [(auth, code, got) for auth, code in table if (got := await refusal(client, auth=auth)) != code]
    assert wrong == []
    assert changed(before, await dump(served.house.storage)) == {}
    assert await refusal(client, auth=good) is None


def origins(served: Served) -> list[tuple[bool, str, str | None]]:
    """Whether it is a browser (with its cookie) or a bot (with its token), the origin, and the refusal."""
    own, port = served.url, served.port
    return [
        (True, own, None),
        (True, f"http://localhost:{port}", None),
        (True, "", "origin_refused"),
        (True, "null", "origin_refused"),
        (True, "http://evil.example", "origin_refused"),
        (True, f"http://127.0.0.1:{port + 1}", "origin_refused"),
        (True, f"https://127.0.0.1:{port}", "origin_refused"),
        (True, f"http://127.0.0.1.evil.example:{port}", "origin_refused"),
        (True, f"{own}/", "origin_refused"),
        (True, f"{own}@evil.example", "origin_refused"),
        (False, "", None),
        (False, own, None),
        (False, "http://evil.example", "origin_refused"),
    ]


@pytest.mark.feature("R5")
async def test_pages_of_other_origins_are_refused(served: Served) -> None:
    """Whatever they know: a browser sends their cookies along by itself."""
    token, cookie = await served.token(), await served.cookie()
    room = (await served.room(token))["link"]
    wrong = []
    for browser, origin, code in origins(served):
        client = SocketClient(served, "browser", cookie=cookie) if browser else await served.client("bot", token)
        if await refusal(client, room=room, origin=origin) != code:
            wrong.append((browser, origin, code))
    assert wrong == []


@pytest.mark.feature("R5")
async def test_pages_of_other_origins_are_refused_when_they_poll(served: Served) -> None:
    token, cookie = await served.token(), await served.cookie()
    room = (await served.room(token))["link"]
    wrong = []
    for browser, origin, code in origins(served):
        headers = {"Cookie": f"salon_session={cookie}"} if browser else {}
        auth = {"room": room} if browser else {"room": room, "token": token}
        got = await connect_by_polling(served, auth, **headers, **({"Origin": origin} if origin else {}))
        if got != code:
            wrong.append((browser, origin, code, got))
    assert wrong == []


@pytest.mark.feature("R5")
async def test_without_a_session_nobody_connects(served: Served) -> None:
    room = (await served.room(await served.token()))["link"]
    for cookie in ("", "wrong", "x" * 5000):
        assert await refusal(SocketClient(served, "nobody", cookie=cookie), room=room) == "session_required"
    # A bearer token is no cookie.
    token = await served.token()
    assert await refusal(SocketClient(served, "nobody", cookie=token), room=room) == "session_required"
    # Neither, and no origin.
    assert await refusal(SocketClient(served, "nobody"), room=room) == "origin_refused"


@pytest.mark.feature("P3")
async def test_other_cookies_do_not_hide_the_session(served: Served) -> None:
    """Cookies know no ports: other programs on the host leave theirs, in any shape."""
    cookie = await served.cookie()
    room = (await served.room(await served.token()))["link"]
    for others in ('prefs={"a":1, "b":[2]}; {}', "a b=c; =; x", 'quoted="half'):
        raw = await RawSocket.open(served, Origin=served.url, Cookie=f"{others}; salon_session={cookie}")
        await raw.send(f'40{{"room":"{room}"}}')
        assert (await raw.receive()).startswith("40"), others
        await raw.close()


@pytest.mark.feature("P1", "P3")
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    async with served.http.post("/api/session", json={}, headers={"Origin": served.url}) as response:
        said = response.headers["Set-Cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/" in said
    assert "secure" not in said, "the server is reached without TLS"
    assert f"max-age={90 * 24 * 3600}" in said


@pytest.mark.feature("P1")
async def test_a_session_is_kept(served: Served) -> None:
    cookie = await served.cookie()
    headers = {"Origin": served.url, "Cookie": f"salon_session={cookie}"}
    first = await served.post("/api/session", {}, **headers)
    assert await served.post("/api/session", {}, **headers) == first
    _, other = await served.post("/api/session", {}, Origin=served.url)
    assert other["identity"] != first[1]["identity"]
    _, bot = await served.post("/api/session", {"bearer": True}, **headers)
    assert bot["identity"] != first[1]["identity"], "a bot is somebody else"


@pytest.mark.feature("P1")
async def test_a_session_ends_when_nobody_uses_it(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    client = await served.client("Olga", token)
    served.clock.advance(seconds=60 * 24 * 3600)
    assert await refusal(client, room=room) is None
    served.clock.advance(seconds=60 * 24 * 3600)
    assert await refusal(client, room=room) is None, "it was used in between"
    served.clock.advance(seconds=91 * 24 * 3600)
    assert await refusal(client, room=room) == "session_required"


@pytest.mark.feature("P3")
async def test_tabs_and_devices_of_one_person_are_one_participant(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    olga = await served.come(room, "Olga", token)
    cookie = await served.cookie()
    tabs = [SocketClient(served, f"tab{each}", cookie=cookie) for each in range(3)]
    agents = [LAPTOP, LAPTOP, PHONE]
    for tab, agent in zip(tabs, agents, strict=True):
        await tab.connect(room, None, **{"User-Agent": agent})
    await tabs[0].has("lobby")
    await tabs[0].must("people.join", name="Gil")
    # All of them are in, by one join.
    for tab in tabs:
        await tab.has("snapshot")
    assert len({tab.me for tab in tabs}) == 1

    def devices() -> list[str] | None:
        for event in reversed(olga.events("people.changed")):
            for person in event["data"]["people"]:
                if person["name"] == "Gil":
                    found: list[str] = person["devices"]
                    return found
        return None

    await olga.until(lambda: devices() == ["desktop", "phone"])
    joined = [person for event in olga.events("people.changed") for person in event["data"]["joined"]]
    assert joined.count(tabs[0].me) == 1
    # One word of the one participant reaches all of their tabs, and the answer only the one that asked.
    await tabs[1].must("chat.send", body="from the second tab")
    for tab in tabs:
        await tab.event("chat.sent")
    await tabs[2].leave()
    await olga.until(lambda: devices() == ["desktop"])
    await tabs[0].leave()
    await tabs[1].must("chat.send", body="still in")
    assert not [event for event in olga.events("people.changed") if event["data"]["left"]]


@pytest.mark.feature("P3")
async def test_kinds_of_device(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    tablet = "Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
    android = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
    table = [
        ({"User-Agent": LAPTOP}, "desktop"),
        ({"User-Agent": PHONE}, "phone"),
        ({"User-Agent": android}, "phone"),
        ({"User-Agent": tablet}, "tablet"),
        ({"User-Agent": "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"}, "tablet"),
        ({"User-Agent": LAPTOP, "Sec-CH-UA-Mobile": "?1"}, "phone"),
        ({"User-Agent": ""}, "desktop"),
    ]
    for number, (headers, device) in enumerate(table):
        client = SocketClient(served, f"Person {number}", cookie=await served.cookie())
        await client.connect(room, None, **headers)
        await client.has("lobby")
        await client.must("people.join", name=client.name)
        snapshot = await client.has("snapshot")
        me = next(person for person in snapshot["features"]["people"]["people"] if person["id"] == client.me)
        assert me["devices"] == [device], headers
        assert set(me) == {"id", "name", "about", "picture", "role", "devices", "muted", "since"}, (
            "no address, nothing else"
        )


@pytest.mark.feature("R2", "R5", "R8")
async def test_closed_removed_and_banned_are_told_apart(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    olga = await served.come(room, "Olga", token)
    gil, tom = await served.come(room, "Gil"), await served.come(room, "Tom")
    await olga.must("people.remove", person=gil.me)
    await olga.must("people.ban", person=tom.me)
    for client in (gil, tom):
        await client.gone()
    assert await refusal(gil, room=room) == "removed"
    assert await refusal(tom, room=room) == "banned"
    await olga.must("rooms.close")
    for client in (olga, gil, await served.client("Nora")):
        assert await refusal(client, room=room) == "room_closed"


@pytest.mark.feature("P3")
async def test_one_person_has_only_so_many_connections(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is cut off, as a lost network would do it: its client comes back by itself when there is a place."""
    monkeypatch.setattr("salon.core.socket.CONNECTIONS", 2)
    token = await served.token()
    room = (await served.room(token))["link"]
    first = await served.come(room, "Olga", token)
    await (await served.client("Olga", token)).connect(room)
    surplus = await RawSocket.open(served)
    await surplus.send("40" + orjson.dumps({"room": room, "token": token}).decode())
    with pytest.raises(EOFError):
        await surplus.receive()
    await (await served.client("Gil")).connect(room)
    await first.leave()
    await eventually(lambda: len(served.house.fanout.links) == 2, "the end of the first")
    await (await served.client("Olga", token)).connect(room)
