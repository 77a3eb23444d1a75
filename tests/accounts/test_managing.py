"""Sign-out everywhere, disabling, deleting; what administrators may, and nobody else."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from tests.accounts.support import OTHER, PASSWORD, Caller, caller, make_admin
from tests.support.dump import dump, places_of
from tests.support.house import Place, Stage
from tests.support.wire import NotLetIn, Served, SocketClient


@pytest.mark.feature("P2")
async def test_signing_out_everywhere_cuts_open_sockets_within_a_second(served: Served) -> None:
    token = await served.token()
    bearer = {"Authorization": f"Bearer {token}"}
    account = {"email": "ana@example.org", "password": PASSWORD, "name": "Ana"}
    async with served.http.post("/api/account", json=account, headers=bearer) as answer:
        token = (await answer.json())["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    async with served.http.post("/api/rooms", json={"preset": "meeting"}, headers=bearer) as answer:
        link = (await answer.json())["link"]
    here, there = SocketClient(served, "Ana", token=token), SocketClient(served, "Ana", token=token)
    await here.connect(link)
    await here.must("people.join", name="Ana")
    await there.connect(link)
    began = time.monotonic()
    async with served.http.post("/api/account/sign-out-everywhere", headers=bearer) as answer:
        assert answer.status == 200
    for each in (here, there):
        await each.until(lambda one=each: not one.connected)  # type: ignore[misc]
    assert time.monotonic() - began < 1
    again = SocketClient(served, "Ana", token=token)
    with pytest.raises(NotLetIn):
        await again.connect(link)
    assert again.refusal["code"] == "session_required"


@pytest.mark.feature("P2")
async def test_another_page_cannot_open_a_socket_with_an_account_s_cookie(served: Served) -> None:
    token = await served.token()
    bearer = {"Authorization": f"Bearer {token}"}
    async with served.http.post("/api/rooms", json={"preset": "meeting"}, headers=bearer) as answer:
        link = (await answer.json())["link"]
    async with served.http.post("/api/session", json={}, headers={"Origin": served.url}) as answer:
        guest = answer.cookies["salon_session"].value
    account = {"email": "ana@example.org", "password": PASSWORD, "name": "Ana"}
    cookie = {"Cookie": f"salon_session={guest}", "Origin": served.url}
    async with served.http.post("/api/account", json=account, headers=cookie) as answer:
        assert answer.status == 200
        mine = answer.cookies["salon_session"].value
    for origin in ("https://evil.example", "null"):
        for transport in ("websocket", "polling"):
            client = SocketClient(served, "Mallory", cookie=mine)
            with pytest.raises(NotLetIn):
                await client.connect(link, origin=origin, transport=transport)
            assert client.refusal["code"] == "origin_refused"
    own = SocketClient(served, "Ana", cookie=mine)
    await own.connect(link)
    await own.must("people.join", name="Ana")


@pytest.mark.feature("P2")
async def test_signing_out_elsewhere_is_heard_by_every_process(stage: Stage) -> None:
    """As the command line does it: only the database is touched."""
    ana = await caller(stage)
    await ana.sign_up()
    place = await stage.room()
    client = await stage.come(place, "Ana", identity=ana.identity)
    desk = next(each for each in stage.house.services if hasattr(each, "end_all"))

    async def end(work):
        await desk.end_all(work, ana.identity)
        work.at_commit.clear()

    await stage.house.writer.run("", end)
    assert client.link is not None
    await stage.pass_time(1)
    assert client.link is None


@pytest.mark.feature("P2")
async def test_one_session_of_several_can_be_ended(stage: Stage) -> None:
    home, phone = await caller(stage), await caller(stage)
    await home.sign_up()
    await phone.sign_in()
    sessions = (await home.must("GET", "/account/sessions"))["sessions"]
    assert [each["current"] for each in sessions] == [False, True]
    ben = await caller(stage)
    await ben.sign_up("ben@example.org", "Ben")
    await ben.must("DELETE", f"/account/sessions/{sessions[0]['id']}")
    assert await phone.code("GET", "/account/sessions") == "", "somebody else's id ends nothing"
    await home.must("DELETE", f"/account/sessions/{sessions[0]['id']}")
    assert await phone.code("GET", "/account/sessions") == "session_required"
    assert await home.code("GET", "/account/sessions") == ""


@pytest.mark.feature("P2")
async def test_changing_the_password_needs_it_and_ends_other_sessions(stage: Stage) -> None:
    home, phone = await caller(stage), await caller(stage)
    await home.sign_up()
    await phone.sign_in()
    for wrong in ({"password": OTHER}, {"current": OTHER, "password": OTHER}):
        assert await phone.code("POST", "/account/password", wrong) == "credentials_wrong"
    await phone.must("POST", "/account/password", {"current": PASSWORD, "password": OTHER})
    assert await home.code("GET", "/account/sessions") == "session_required"
    assert await phone.code("GET", "/account/sessions") == ""


@pytest.mark.feature("P2")
async def test_the_profile(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    changed = await ana.must(
        "PATCH", "/account", {"name": " Ana  B ", "about": "hi", "theme": "dark", "language": "de"}
    )
    assert [changed[each] for each in ("name", "about", "theme", "language")] == ["Ana B", "hi", "dark", "de"]
    assert (await ana.must("GET", "/account"))["account"] == changed
    for wrong in ({"theme": "neon"}, {"language": "<b>"}, {"admin": True}, {"groups": ["a"]}, {"identity": "x"}):
        assert await ana.code("PATCH", "/account", wrong) == "invalid"
    assert await ana.code("PATCH", "/account", {"name": "x" * 41}) == "name_too_long"
    assert await (await caller(stage)).code("PATCH", "/account", {"name": "Guest"}) == "sign_in_required"


def picture(kind: str, size: tuple[int, int] = (900, 300)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


@pytest.mark.feature("P2")
async def test_pictures_are_made_anew(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    made = {"picture": ""}
    for kind in ("PNG", "JPEG", "WEBP"):
        made = await ana.must("PUT", "/account/picture", content=picture(kind))
        got = await (await caller(stage)).ask("GET", made["picture"].removeprefix("/api"))
        assert got.headers["content-type"] == "image/webp"
        with Image.open(io.BytesIO(got.content)) as shown:
            assert (shown.format, shown.size) == ("WEBP", (256, 256))
    bomb = picture("PNG", (6000, 6000))
    assert len(bomb) < 256 * 1024
    for wrong in (b"", b"<svg/>", picture("GIF"), picture("PNG")[:60], bomb):
        assert await ana.code("PUT", "/account/picture", content=wrong) == "picture_invalid"
    assert await ana.code("PUT", "/account/picture", content=b"x" * (256 * 1024 + 1)) == "too_large"
    await ana.must("DELETE", "/account/picture")
    assert (await ana.must("GET", "/account"))["account"]["picture"] is None
    assert await ana.code("GET", made["picture"].removeprefix("/api")) == "account_unknown"


@pytest.mark.feature("P2")
async def test_a_deleted_account_leaves_nothing(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up("findme@example.org", "Findme Berg")
    place = await stage.room()
    owner = await stage.owner(place)
    client = await stage.come(place, "Findme Berg", identity=ana.identity, about="Findme too")
    olga = owner.me
    sent = await client.must("chat.send", body="text of mine")
    await client.must("chat.send", peer=olga, body="secret of mine")
    asked = await owner.must("chat.send", body="question")
    await client.must("chat.react", message=asked["message"], emoji="👍", on=True)
    await owner.must("chat.send", body="answer", reply_to=sent["message"])
    await ana.must("POST", "/rooms", {"preset": "meeting"})
    await ana.must("PUT", "/account/picture", content=picture("PNG"))
    identity = ana.identity
    assert await ana.code("DELETE", "/account", {}) == "credentials_wrong"
    assert await ana.code("DELETE", "/account", {"password": OTHER}) == "credentials_wrong"
    await ana.must("DELETE", "/account", {"password": PASSWORD})
    await stage.settle()
    for trace in ("findme", "Findme", identity, "of mine"):
        assert await places_of(stage.house.storage, trace) == [], trace
    assert client.link is None
    assert await ana.code("GET", "/account/sessions") == "session_required"
    look = (await owner.look())["features"]
    assert [each["name"] for each in look["people"]["people"]] == ["Olga"]
    bodies = [each["body"] for each in look["chat"]["room"]["messages"]]
    assert [each for each in bodies if each] == ["question", "answer"]
    assert all(not each["reactions"] for each in look["chat"]["room"]["messages"])
    assert owner.snapshot["features"]["chat"] == look["chat"]
    await (await caller(stage)).sign_up("findme@example.org", "Somebody else")


@pytest.mark.feature("P2")
async def test_the_room_of_a_deleted_owner_goes_to_a_cohost_or_ends(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    rooms = []
    for _ in range(2):
        made = await ana.must("POST", "/rooms", {"preset": "meeting"})
        rooms.append(made["link"])
    places = [Place({"link": each, "pin": "", "url": ""}, await stage.room_id(each), ana.identity) for each in rooms]
    owners = [await stage.come(each, "Ana", identity=ana.identity) for each in places]
    helper, visitor = await stage.come(places[0], "Ben"), await stage.come(places[1], "Cia")
    await owners[0].must("people.role", person=helper.me, role="cohost")
    await ana.must("DELETE", "/account", {"password": PASSWORD})
    await stage.settle()
    assert [each["role"] for each in (await helper.look())["features"]["people"]["people"]] == ["owner"]
    await visitor.until(lambda: visitor.link is None)
    assert await visitor.connect()
    assert visitor.refused == "room_closed"


async def boss_of(stage: Stage) -> Caller:
    boss = await caller(stage)
    await boss.sign_up("boss@example.org", "Boss")
    await make_admin(stage, boss)
    return boss


@pytest.mark.feature("P6")
async def test_only_administrators_see_and_do_what_is_theirs(stage: Stage) -> None:
    ana, guest = await caller(stage), await caller(stage)
    await ana.sign_up()
    paths = [
        (method.upper(), path.removeprefix("/api"))
        for path, methods in stage.app.openapi()["paths"].items()
        if path.startswith("/api/admin")
        for method in methods
    ]
    assert len(paths) == 13
    for who in (ana, guest):
        for method, path in paths:
            where = path.format(identity=ana.identity, room="x", announcement="x")
            code = await who.code(method, where, {} if method == "PATCH" else None)
            assert code == ("forbidden" if who is ana else "sign_in_required"), path


@pytest.mark.feature("P6")
async def test_a_disabled_account_is_out_at_once(stage: Stage) -> None:
    boss, ana = await boss_of(stage), await caller(stage)
    await ana.sign_up()
    place = await stage.room()
    client = await stage.come(place, "Ana", identity=ana.identity)
    await boss.must("PATCH", f"/admin/users/{ana.identity}", {"disabled": True})
    assert client.link is None
    assert await ana.code("GET", "/account/sessions") == "session_required"
    right = {"email": "ana@example.org", "password": PASSWORD}
    guest = await caller(stage)
    assert await guest.code("POST", "/account/sign-in", right) == "account_disabled"
    assert await guest.code("POST", "/account/sign-in", {**right, "password": OTHER}) == "credentials_wrong"
    await boss.must("PATCH", f"/admin/users/{ana.identity}", {"disabled": False})
    await guest.sign_in()


@pytest.mark.feature("P6")
async def test_users_are_listed_grouped_and_promoted_and_it_is_noted(stage: Stage) -> None:
    boss, ana = await boss_of(stage), await caller(stage)
    await ana.sign_up()
    listed = await boss.must("GET", "/admin/users", params={"q": "ANA@"})
    assert (listed["total"], [each["account"]["name"] for each in listed["accounts"]]) == (1, ["Ana"])
    changed = await boss.must("PATCH", f"/admin/users/{ana.identity}", {"groups": ["b", "a", "b"], "admin": True})
    assert (changed["account"]["groups"], changed["account"]["admin"]) == (["a", "b"], True)
    await ana.must("PATCH", f"/admin/users/{boss.identity}", {"admin": False})
    assert await boss.code("GET", "/admin/audit") == "forbidden", "at once"
    assert await ana.code("PATCH", f"/admin/users/{ana.identity}", {"admin": False}) == "forbidden", "the last one"
    assert await ana.code("PATCH", f"/admin/users/{ana.identity}", {"disabled": True}) == "forbidden"
    assert await ana.code("PATCH", "/admin/users/nobody", {"admin": True}) == "account_unknown"
    lines = (await ana.must("GET", "/admin/audit", params={"action": "user."}))["lines"]
    assert [(each["action"], each["actor_name"], each["subject"]) for each in lines] == [
        ("user.no_admin", "Ana", boss.identity),
        ("user.admin", "Boss", ana.identity),
        ("user.groups", "Boss", ana.identity),
    ]


@pytest.mark.feature("P6")
async def test_rooms_are_listed_without_keys_and_closed(stage: Stage) -> None:
    boss = await boss_of(stage)
    place = await stage.room(name="Choir")
    owner = await stage.owner(place)
    guest = await stage.come(place, "Gil")
    await owner.must("people.ban", person=guest.me)
    (room,) = (await boss.must("GET", "/admin/rooms", params={"q": "choir"}))["rooms"]
    assert (room["name"], room["people"], room["closed"]) == ("Choir", 1, False)
    assert place.link not in str(room)
    await boss.must("POST", f"/admin/rooms/{room['id']}/close")
    closed = await owner.event("rooms.closed")
    assert closed["data"]["reason"] == "admin"
    assert await boss.code("POST", f"/admin/rooms/{room['id']}/close") == "room_closed"
    assert await boss.code("POST", "/admin/rooms/nothing/close") == "room_unknown"
    lines = (await boss.must("GET", "/admin/audit", params={"action": "room."}))["lines"]
    assert [(each["action"], each["actor"]) for each in lines] == [
        ("room.close", boss.identity),
        ("room.ban", owner.identity),
    ]
    assert {each["subject_name"] for each in lines} == {"Choir"}


@pytest.mark.feature("P6")
async def test_the_audit_list_is_searched_by_who_what_and_to_whom_and_names_those_still_known(stage: Stage) -> None:
    boss, ana = await boss_of(stage), await caller(stage)
    await ana.sign_up()
    place = await stage.room(name="Choir")
    owner, guest = await stage.owner(place), await stage.come(place, "Gil")
    await owner.must("people.ban", person=guest.me)
    await boss.must("PATCH", f"/admin/users/{ana.identity}", {"groups": ["a"]})

    async def found(**wish: str) -> list[tuple[str | None, str, str | None, str | None]]:
        lines = (await boss.must("GET", "/admin/audit", params=wish))["lines"]
        return [(each["actor_name"], each["action"], each["subject_name"], each["person_name"]) for each in lines]

    host = (await owner.look())["features"]["people"]["people"]
    name = next(each["name"] for each in host if each["id"] == owner.me)
    banned = (name, "room.ban", "Choir", "Gil")
    grouped = ("Boss", "user.groups", "Ana", None)
    assert await found(action="room.") == [banned], "a guest is named as in the room"
    assert await found(subject=place.id) == [banned]
    assert await found(actor=owner.identity) == [banned]
    assert await found(actor=boss.identity, action="user.") == [grouped]
    assert await found(actor=boss.identity, subject=place.id) == []
    await ana.must("DELETE", "/account", {"password": PASSWORD})
    assert await found(action="user.groups") == [("Boss", "user.groups", None, None)]


@pytest.mark.feature("P6")
async def test_what_is_too_old_is_deleted(stage: Stage) -> None:
    boss, ana = await boss_of(stage), await caller(stage)
    await ana.sign_up()
    await boss.must("POST", f"/admin/users/{ana.identity}/reset-link")
    await ana.must("POST", "/account/sign-out-everywhere")
    await ana.code("POST", "/account/sign-in", {"email": "ana@example.org", "password": OTHER})
    kept = ("account_tokens", "account_signed_out", "audit")
    before = await dump(stage.house.storage)
    assert [table for table in kept if before[table]] == list(kept)
    await stage.pass_time(181 * 24 * 3600)
    after = await dump(stage.house.storage)
    assert [table for table in kept if after[table]] == []
