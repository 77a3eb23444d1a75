"""A guest signs in: everything the guest did is the account's, and the guest is nowhere to be found."""

from __future__ import annotations

from typing import Any

import pytest

from salon.core.writer import Work
from salon.people.knocks import new_knock
from tests.accounts.support import PASSWORD, Caller, caller
from tests.support.dump import places_of
from tests.support.house import LocalClient, Place, Stage


async def two(stage: Stage) -> tuple[Caller, Caller]:
    """Somebody with an account, and the same person as a guest elsewhere."""
    home, away = await caller(stage), await caller(stage)
    await home.sign_up()
    return home, away


async def sign_in(stage: Stage, guest: Caller, client: LocalClient | None = None) -> str:
    """Sign the guest in, and return the guest's old identity. The page's connection ends and comes again."""
    old = guest.identity
    await guest.sign_in()
    await stage.settle()
    if client is not None:
        assert client.link is None, "the guest's connection was cut"
        client.identity = guest.identity
        await client.connect()
        await stage.settle()
    return old


def people(look: Any) -> dict[str, tuple[str, str]]:
    return {each["id"]: (each["name"], each["role"]) for each in look["features"]["people"]["people"]}


@pytest.mark.feature("P5")
async def test_a_room_that_only_the_guest_was_in(stage: Stage) -> None:
    home, away = await two(stage)
    place = await stage.room()
    owner = await stage.owner(place)
    guest = await stage.come(place, "Ana here", identity=away.identity)
    await guest.must("chat.send", body="hello")
    me = (await guest.look())["features"]["people"]["me"]
    old = await sign_in(stage, away, guest)
    assert away.identity == home.identity
    assert guest.refused is None
    look = await guest.look()
    assert look["features"]["people"]["me"] == me, "the member stays"
    assert people(look) == people(await owner.look())
    assert await places_of(stage.house.storage, old) == []


@pytest.mark.feature("P5")
async def test_somebody_who_does_not_come_back_has_left_after_the_grace(stage: Stage) -> None:
    _, away = await two(stage)
    place = await stage.room()
    owner = await stage.owner(place)
    guest = await stage.come(place, "Ana", identity=away.identity)
    await sign_in(stage, away)
    assert guest.link is None
    assert len(people(await owner.look())) == 2
    await stage.pass_time(30)
    assert len(people(await owner.look())) == 1


async def both(stage: Stage, place: Place) -> tuple[Caller, Caller, LocalClient, LocalClient]:
    home, away = await two(stage)
    own = await stage.come(place, "Ana", identity=home.identity)
    guest = await stage.come(place, "Ana phone", identity=away.identity)
    return home, away, own, guest


@pytest.mark.feature("P5")
async def test_two_members_become_one(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    ids = {each.name: (await each.look())["features"]["people"]["me"] for each in (owner, own, guest)}
    asked = await owner.must("chat.send", body="Hello @Ana phone")
    sent = await guest.must("chat.send", body="by the guest")
    await own.must("chat.send", body="by the account")
    for who in (own, guest):
        await who.must("chat.react", message=asked["message"], emoji="👍", on=True)
    await guest.must("chat.react", message=asked["message"], emoji="🎉", on=True)
    await guest.must("chat.read", upto=3)
    await owner.must("people.role", person=ids["Ana phone"], role="cohost")
    old = await sign_in(stage, away, guest)

    for client in (owner, own, guest):
        look = await client.look()
        assert set(people(look)) == {ids["Olga"], ids["Ana"]}
        assert people(look)[ids["Ana"]][1] == "cohost", "the higher role"
        messages = {each["id"]: each for each in look["features"]["chat"]["room"]["messages"]}
        assert messages[sent["message"]]["author"] == ids["Ana"]
        assert messages[asked["message"]]["mentions"] == [ids["Ana"]]
        counts = {each["emoji"]: each["count"] for each in messages[asked["message"]]["reactions"]}
        assert counts == {"👍": 1, "🎉": 1}
    assert (await guest.look())["features"]["people"]["me"] == ids["Ana"]
    assert (await guest.look())["features"]["chat"]["room"]["read"] == 3
    for gone in (old, ids["Ana phone"]):
        assert await places_of(stage.house.storage, gone) == []
    # What people have before them is what they would be shown anew.
    for client in (owner, own):
        assert client.snapshot["features"]["chat"] == (await client.look())["features"]["chat"]
    # The name is free again.
    assert (await stage.come(place, "Ana phone")) is not None


@pytest.mark.feature("P5")
async def test_direct_conversations_are_put_together_by_time(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    ids = {each.name: (await each.look())["features"]["people"]["me"] for each in (owner, own, guest)}
    for who, to, body in (
        (own, "Olga", "1"),
        (guest, "Olga", "2"),
        (owner, "Ana", "3"),
        (owner, "Ana phone", "4"),
        (own, "Olga", "5"),
        (guest, "Ana", "to myself"),
    ):
        await who.must("chat.send", peer=ids[to], body=body)
        stage.clock.advance(seconds=1)
    old = await sign_in(stage, away, guest)
    for client, peer in ((owner, "Ana"), (own, "Olga"), (guest, "Olga")):
        (conversation,) = (await client.look())["features"]["chat"]["direct"]
        assert conversation["peer"] == ids[peer]
        assert [each["body"] for each in conversation["messages"]] == ["1", "2", "3", "4", "5"]
        assert [each["n"] for each in conversation["messages"]] == [1, 2, 3, 4, 5]
        assert conversation["last"] == 5
    # The last message that was not read in either is where reading stops.
    assert (await own.look())["features"]["chat"]["direct"][0]["read"] == 3
    assert (await own.must("chat.send", peer=ids["Olga"], body="6"))["n"] == 6
    for gone in (old, ids["Ana phone"]):
        assert await places_of(stage.house.storage, gone) == []


@pytest.mark.feature("P5")
async def test_a_conversation_of_the_guest_alone_moves(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    olga = (await owner.look())["features"]["people"]["me"]
    await guest.must("chat.send", peer=olga, body="hello")
    await sign_in(stage, away, guest)
    (conversation,) = (await own.look())["features"]["chat"]["direct"]
    assert [each["body"] for each in conversation["messages"]] == ["hello"]
    assert conversation["read"] == 1


@pytest.mark.feature("P5")
async def test_the_owner_is_still_the_owner(stage: Stage) -> None:
    home, away = await two(stage)
    made = await away.must("POST", "/rooms", {"preset": "meeting"})
    place = Place(made, await stage.room_id(made["link"]), away.identity)
    guest = await stage.come(place, "Ana", identity=away.identity)
    own = await stage.come(place, "Ana too", identity=home.identity)
    await sign_in(stage, away, guest)
    assert [role for _, role in people(await own.look()).values()] == ["owner"]
    await own.must("rooms.update", name="Still mine")
    await guest.must("rooms.close")


@pytest.mark.feature("P5")
@pytest.mark.parametrize("word", ["people.remove", "people.ban"])
async def test_a_guest_who_was_sent_out_is_not_let_in_by_signing_in(stage: Stage, word: str) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    await owner.must(word, person=(await guest.look())["features"]["people"]["me"])
    await stage.settle()
    await sign_in(stage, away)
    await own.until(lambda: own.link is None, "the account's connection is sent away")
    await own.connect()
    assert own.refused == ("removed" if word == "people.remove" else "banned")
    assert [each["name"] for each in (await owner.look())["features"]["people"]["hosts"]["removed"]] == ["Ana"]


@pytest.mark.feature("P5")
async def test_a_banned_account_is_not_let_in_by_a_guest(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    await owner.must("people.ban", person=(await own.look())["features"]["people"]["me"])
    await stage.settle()
    await sign_in(stage, away)
    guest.identity = away.identity
    await guest.connect()
    assert guest.refused == "banned"


@pytest.mark.feature("P5")
async def test_a_mute_is_not_lifted_by_signing_in(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    await owner.must("people.mute", person=(await guest.look())["features"]["people"]["me"], muted=True)
    await sign_in(stage, away, guest)
    assert (await own.ask("chat.send", body="x"))["code"] == "muted"


@pytest.mark.feature("P5")
async def test_a_repeated_command_is_still_known(stage: Stage) -> None:
    _, away = await two(stage)
    place = await stage.room()
    await stage.owner(place)
    guest = await stage.come(place, "Ana", identity=away.identity)
    first = await guest.must("chat.send", id="one", body="once")
    await sign_in(stage, away, guest)
    assert await guest.must("chat.send", id="one", body="once") == first
    assert len((await guest.look())["features"]["chat"]["room"]["messages"]) == 1


async def new_ticket(work: Work, identity: str) -> str:
    return new_knock(work, None, identity)


@pytest.mark.feature("P5")
async def test_closed_rooms_and_knocks_move_too(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    _, away, _own, _guest = await both(stage, place)
    ticket = await stage.house.writer.run("", lambda work: new_ticket(work, away.identity))
    await owner.must("rooms.close")
    old = await sign_in(stage, away)
    assert (await away.must("GET", f"/knocks/{ticket}"))["state"] == "new"
    assert await places_of(stage.house.storage, old) == []


@pytest.mark.feature("P5")
async def test_signing_in_from_one_account_to_another_moves_nothing(stage: Stage) -> None:
    ana, ben = await caller(stage), await caller(stage)
    await ana.sign_up()
    await ben.sign_up("ben@example.org", "Ben")
    was = ben.identity
    await ben.sign_in("ana@example.org", PASSWORD)
    assert ben.identity == ana.identity
    await ben.sign_in("ben@example.org", PASSWORD)
    assert ben.identity == was
