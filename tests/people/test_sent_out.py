"""Removing, banning, muting: the server enforces it, at once, whatever the client does."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.house import LocalClient, Place, Stage
from tests.support.wire import NotLetIn, Served


@pytest.mark.feature("R5")
@pytest.mark.parametrize(("word", "reason"), [("people.remove", "removed"), ("people.ban", "banned")])
async def test_nothing_more_reaches_them(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, word: str, reason: str
) -> None:
    """Not even what is committed together with the removal."""
    tab = await stage.again(guest, device="phone")
    for client in (guest, tab, owner):
        client.forget()
    await asyncio.gather(
        owner.must(word, person=guest.me),
        owner.must("chat.send", body="now that he is gone"),
        owner.must("chat.send", body="let us talk"),
    )
    await owner.must("chat.send", body="and on")
    owner.tell("chat.typing")
    await stage.settle()
    for client in (guest, tab):
        assert client.kinds == ["signal"]
        assert client.signals("people.out")[0]["data"] == {"reason": reason}
    assert owner.said == ["now that he is gone", "let us talk", "and on"]
    assert [event["data"]["left"] for event in owner.events("people.changed")] == [[guest.me]]


@pytest.mark.feature("R5")
@pytest.mark.parametrize(("word", "code"), [("people.remove", "removed"), ("people.ban", "banned")])
async def test_they_cannot_come_back(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, word: str, code: str
) -> None:
    await owner.must(word, person=guest.me)
    await stage.settle()
    for since in (None, guest.seqs):
        await guest.connect(since)
        assert guest.refused == code
    for request in ("people.join", "people.update", "chat.send", "chat.history"):
        payload = {"people.join": {"name": "Nobody"}, "chat.send": {"body": "x"}}.get(request, {})
        assert (await guest.ask(request, **payload))["code"] == code
    # Another name is the same person; another person may come.
    await stage.come(place, "Gil")


@pytest.mark.feature("R5")
async def test_a_removed_one_is_let_back_in(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("people.role", person=guest.me, role="cohost")
    await owner.must("rooms.update", newcomers="audience")
    await owner.must("people.remove", person=guest.me)
    removed = (await owner.look())["features"]["people"]["hosts"]["removed"]
    assert [(each["id"], each["name"], each["banned"]) for each in removed] == [(guest.me, "Gil", False)]
    await owner.must("people.readmit", person=guest.me)
    assert (await owner.look())["features"]["people"]["hosts"]["removed"] == []
    await guest.connect()
    guest_id = guest.me
    assert guest.of("lobby"), "a place in the lobby, no more"
    await guest.must("people.join", name="Gil")
    await stage.settle()
    assert guest.me == guest_id
    me = guest.snapshot["features"]["people"]["people"][-1]
    assert (me["id"], me["role"]) == (guest_id, "audience"), "the role is that of newcomers"


@pytest.mark.feature("R5")
async def test_only_the_owner_lifts_a_ban(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    tom = await stage.come(place, "Tom")
    await owner.must("people.role", person=guest.me, role="cohost")
    await stage.settle()
    await guest.must("people.ban", person=tom.me)
    assert (await guest.ask("people.readmit", person=tom.me))["code"] == "forbidden"
    await tom.connect()
    assert tom.refused == "banned"
    await owner.must("people.readmit", person=tom.me)
    await tom.connect()
    assert tom.refused is None


@pytest.mark.feature("R5", "C2")
async def test_a_ban_may_take_the_messages_along(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    tom = await stage.come(place, "Tom")
    elsewhere = await stage.come(await stage.room(), "Gil", identity=guest.identity)
    await elsewhere.must("chat.send", body="in another room")
    first = (await guest.must("chat.send", body="buy my thing"))["message"]
    await guest.must("chat.send", body="psst", peer=tom.me)
    await tom.must("chat.send", body="stop it", reply_to=first)
    await owner.must("chat.pin", message=first, on=True)
    await owner.must("people.ban", person=guest.me, delete_messages=True)
    chat = (await tom.look())["features"]["chat"]
    assert [message["body"] for message in chat["room"]["messages"]] == [None, "stop it"]
    assert chat["room"]["messages"][1]["reply_to"]["excerpt"] is None
    assert [message["body"] for message in chat["direct"][0]["messages"]] == [None]
    assert chat["pins"] == []
    assert (await owner.ask("chat.search", text="thing"))["found"] == []
    assert [each["body"] for each in (await elsewhere.ask("chat.history"))["messages"]] == ["in another room"]


@pytest.mark.feature("R5")
async def test_muted_is_muted_on_the_server(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    message = (await guest.must("chat.send", body="one"))["message"]
    await owner.must("people.mute", person=guest.me, muted=True)
    attempts = [
        ("chat.send", {"body": "two"}),
        ("chat.send", {"body": "two", "peer": owner.me}),
        ("chat.edit", {"message": message, "body": "changed"}),
        ("chat.react", {"message": message, "emoji": "👍", "on": True}),
    ]
    for word, payload in attempts:
        assert (await guest.ask(word, **payload))["code"] == "muted", word
    assert (await guest.ask("people.mute", person=guest.me, muted=False))["code"] == "forbidden"
    # Coming back, with another name, changes nothing.
    await guest.must("people.leave")
    await guest.connect()
    await guest.must("people.join", name="Gilbert")
    assert (await guest.ask("chat.send", body="two"))["code"] == "muted"
    assert (await guest.ask("chat.delete", message=message))["ok"], "taking back is not speaking"
    await owner.must("people.mute", person=guest.me, muted=False)
    await guest.must("chat.send", body="three")


@pytest.mark.feature("R5")
async def test_handing_over(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    for client in (owner, guest):
        client.forget()
    await owner.must("people.hand_over", person=guest.me)
    await stage.settle()
    roles = {person["name"]: person["role"] for person in (await owner.look())["features"]["people"]["people"]}
    assert roles == {"Olga": "cohost", "Gil": "owner"}
    assert guest.of("snapshot"), "a host sees more"
    assert "hosts" in guest.seqs
    assert (await owner.ask("rooms.close"))["code"] == "forbidden"
    assert (await owner.ask("people.hand_over", person=owner.me))["code"] == "forbidden"
    # Whoever made the room is nobody special any more.
    await owner.must("people.leave")
    await owner.connect()
    await owner.must("people.join", name="Olga")
    await stage.settle()
    assert owner.snapshot["features"]["people"]["people"][-1]["role"] == "cohost"
    await guest.must("rooms.close")


@pytest.mark.feature("R5")
async def test_an_owner_is_never_muted(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    """Nobody could lift it: there is no one above."""
    await owner.must("people.mute", person=guest.me, muted=True)
    await owner.must("people.hand_over", person=guest.me)
    await guest.must("chat.send", body="thank you")


@pytest.mark.feature("R5")
async def test_a_demoted_host_sees_no_more_of_the_hosts(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    tom = await stage.come(place, "Tom")
    await owner.must("people.role", person=guest.me, role="cohost")
    await stage.settle()
    guest.forget()
    await asyncio.gather(
        owner.must("people.role", person=guest.me, role="participant"),
        owner.must("people.remove", person=tom.me),
    )
    await stage.settle()
    assert guest.events("people.removed") == []
    assert guest.snapshot["features"]["people"]["hosts"] is None
    assert "hosts" not in guest.seqs


@pytest.mark.feature("R5")
async def test_within_a_second_over_the_wire(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    olga = await served.come(room, "Olga", token)
    gil = await served.come(room, "Gil")
    gil.forget()
    async with asyncio.timeout(5):
        await olga.must("people.remove", person=gil.me)
        await gil.gone()
    await olga.must("chat.send", body="he is gone")
    assert gil.kinds == ["signal"]
    assert gil.signals("people.out")[0]["data"] == {"reason": "removed"}
    with pytest.raises(NotLetIn) as refused:
        await gil.connect(room)
    assert refused.value.code == "removed"
    # Nor does removing oneself from the server's memory help: the session is the same.
    again = await served.client("Gil", gil.token)
    with pytest.raises(NotLetIn):
        await again.connect(room, {"room": 1, "me": 0})
