"""Direct messages between two people, which nobody else ever sees."""

from __future__ import annotations

import pytest

from tests.support.house import LocalClient, Place, Stage


@pytest.mark.feature("C3")
async def test_two_people_and_nobody_else(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    tom = await stage.come(place, "Tom")
    message = (await guest.must("chat.send", body="a xylophone", peer=tom.me))["message"]
    assert guest.said == tom.said == ["a xylophone"]
    assert owner.said == [], "not even the owner"
    told = {client.name: client.events("chat.sent")[0]["data"] for client in (guest, tom)}
    assert (told["Gil"]["peer"], told["Gil"]["peer_name"]) == (tom.me, "Tom")
    assert (told["Tom"]["peer"], told["Tom"]["peer_name"]) == (guest.me, "Gil")
    assert told["Gil"]["message"]["mentions"] == []
    for word, payload in (
        ("chat.delete", {"message": message}),
        ("chat.edit", {"message": message, "body": "x"}),
        ("chat.react", {"message": message, "emoji": "👍", "on": True}),
        ("chat.pin", {"message": message, "on": True}),
        ("chat.reactors", {"message": message, "emoji": "👍"}),
    ):
        assert (await owner.ask(word, **payload))["code"] == "message_unknown", word
    assert (await owner.ask("chat.search", text="xylophone"))["found"] == []
    assert (await owner.ask("chat.history", peer=guest.me))["messages"] == []
    assert (await owner.look())["features"]["chat"]["direct"] == []
    found = (await tom.must("chat.search", text="xylophone"))["found"]
    assert [each["peer"] for each in found] == [guest.me]


@pytest.mark.feature("C3")
async def test_a_conversation_has_its_own_numbers(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    await owner.must("chat.send", body="to all")
    answers = [
        await guest.must("chat.send", body="one", peer=owner.me),
        await owner.must("chat.send", body="two", peer=guest.me),
    ]
    assert [answer["n"] for answer in answers] == [1, 2]
    mine = (await guest.look())["features"]["chat"]["direct"]
    assert [(each["peer"], each["last"], each["read"]) for each in mine] == [(owner.me, 2, 1)]
    page = await guest.must("chat.history", peer=owner.me)
    assert [message["body"] for message in page["messages"]] == ["one", "two"]
    await guest.must("chat.read", upto=2, peer=owner.me)
    assert (await guest.look())["features"]["chat"]["direct"][0]["read"] == 2
    assert (await guest.look())["features"]["chat"]["room"]["read"] == 0


@pytest.mark.feature("C3")
async def test_mentions_reach_only_the_two(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await stage.come(place, "Tom")
    await guest.must("chat.send", body="@Tom @Olga @Gil", peer=owner.me)
    assert owner.events("chat.sent")[0]["data"]["message"]["mentions"] == [owner.me, guest.me]


@pytest.mark.feature("C3", "C5")
async def test_the_host_switches_it_off(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    tom = await stage.come(place, "Tom")
    message = (await guest.must("chat.send", body="between us", peer=tom.me))["message"]
    await owner.must("chat.settings", direct=False)
    assert (await guest.ask("chat.send", body="x", peer=tom.me))["code"] == "direct_off"
    assert (await guest.ask("chat.edit", message=message, body="x"))["code"] == "direct_off"
    assert (await owner.ask("chat.send", body="x", peer=tom.me))["code"] == "direct_off"
    assert (await guest.ask("chat.delete", message=message))["ok"], "taking back is always possible"
    assert len((await tom.look())["features"]["chat"]["direct"]) == 1, "what was written stays to be read"
    await owner.must("chat.settings", direct=True)
    await guest.must("chat.send", body="again", peer=tom.me)


@pytest.mark.feature("C3")
async def test_to_somebody_who_has_gone(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await guest.must("chat.send", body="are you there?", peer=owner.me)
    guest.lose()
    await stage.pass_time(60)
    # Lost is not gone: it waits for them.
    await owner.must("chat.send", body="yes", peer=guest.me)
    back = await stage.again(guest, guest.seqs)
    assert back.said == ["yes"]
    await back.must("people.leave")
    refused = await owner.ask("chat.send", body="and now?", peer=guest.me)
    assert (refused["code"], refused["field"]) == ("person_unknown", "peer")


@pytest.mark.feature("C3")
async def test_people_come_back_to_their_conversations(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    await guest.must("chat.send", body="one", peer=owner.me)
    await guest.must("people.leave")
    await guest.connect()
    await guest.must("people.join", name="Gil")
    await stage.settle()
    direct = guest.snapshot["features"]["chat"]["direct"]
    assert [message["body"] for message in direct[0]["messages"]] == ["one"]


@pytest.mark.feature("C3")
async def test_names_follow_the_people(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await guest.must("chat.send", body="one", peer=owner.me)
    await owner.must("people.update", name="Olga the Great")
    assert (await guest.look())["features"]["chat"]["direct"][0]["peer_name"] == "Olga the Great"
