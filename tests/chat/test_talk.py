"""The room's chat: sending, replying, changing, deleting, pinning, reading, settings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.dump import places_of
from tests.support.house import LocalClient, Place, Stage


async def room_of(client: LocalClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.look())["features"]["chat"]["room"]
    return found


async def send(client: LocalClient, body: str, **more: Any) -> str:
    message: str = (await client.must("chat.send", body=body, **more))["message"]
    return message


@pytest.mark.feature("C1")
async def test_everyone_hears(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    answer = await owner.must("chat.send", id="mine", body="hello")
    await guest.must("chat.send", body="hi")
    assert owner.said == guest.said == ["hello", "hi"]
    message = guest.events("chat.sent")[0]["data"]["message"]
    assert message == {
        "id": answer["message"],
        "n": 1,
        "key": "mine",
        "author": owner.me,
        "name": "Olga",
        "body": "hello",
        "at": message["at"],
        "edited_at": None,
        "reply_to": None,
        "mentions": [],
        "reactions": [],
        "pinned": False,
    }


@pytest.mark.feature("C1")
async def test_late_joiners_see_what_was_said(stage: Stage, place: Place, owner: LocalClient) -> None:
    await asyncio.gather(*(owner.must("chat.send", body=f"number {number}") for number in range(120)))
    late = await stage.come(place, "Late")
    room = late.snapshot["features"]["chat"]["room"]
    assert [message["n"] for message in room["messages"]] == list(range(71, 121))
    assert (room["last"], room["read"]) == (120, 0)
    page = await late.must("chat.history", before=71, limit=50)
    assert [message["n"] for message in page["messages"]] == list(range(21, 71))
    page = await late.must("chat.history", before=21, limit=50)
    assert [message["n"] for message in page["messages"]] == list(range(1, 21))
    assert (await late.must("chat.history", before=1))["messages"] == []
    page = await late.must("chat.history", after=117)
    assert [message["n"] for message in page["messages"]] == [118, 119, 120]
    assert len((await late.must("chat.history", limit=200))["messages"]) == 120


@pytest.mark.feature("C2")
async def test_replies_follow_what_they_quote(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    asked = await send(owner, "Who brings\ncake?")
    await send(guest, "I do", reply_to=asked)
    quote = owner.events("chat.sent")[-1]["data"]["message"]["reply_to"]
    assert quote == {"message": asked, "name": "Olga", "excerpt": "Who brings cake?"}
    await owner.must("chat.edit", message=asked, body="Who brings two cakes?")
    assert (await room_of(guest))["messages"][1]["reply_to"]["excerpt"] == "Who brings two cakes?"
    await owner.must("chat.delete", message=asked)
    assert (await room_of(guest))["messages"][1]["reply_to"] == {"message": asked, "name": "Olga", "excerpt": None}
    assert (await guest.ask("chat.send", body="x", reply_to=asked))["code"] == "message_unknown"


@pytest.mark.feature("C2")
async def test_mentions_are_of_people_who_are_here(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    gone = await stage.come(place, "Gone")
    await gone.must("people.leave")
    message = await send(owner, "@gil, @Gone and @nobody")
    assert guest.events("chat.sent")[-1]["data"]["message"]["mentions"] == [guest.me]
    await owner.must("chat.edit", message=message, body="nobody")
    assert guest.events("chat.edited")[-1]["data"]["mentions"] == []


@pytest.mark.feature("C2")
async def test_editing(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    message = await send(guest, "helo")
    stage.clock.advance(seconds=5)
    assert (await owner.ask("chat.edit", message=message, body="mine now"))["code"] == "forbidden", "not even a host"
    await guest.must("chat.edit", message=message, body="hello")
    told = owner.events("chat.edited")[-1]["data"]
    assert (told["body"], told["excerpt"], told["peer"]) == ("hello", "hello", None)
    assert told["edited_at"] >= owner.events("chat.sent")[-1]["data"]["message"]["at"] + 4900
    # When nothing changes but what is tidied away, nothing is told.
    await guest.must("chat.edit", message=message, body="hello\n")
    assert len(owner.events("chat.edited")) == 1
    await guest.must("chat.delete", message=message)
    assert (await guest.ask("chat.edit", message=message, body="again"))["code"] == "message_unknown"


@pytest.mark.feature("C2")
async def test_deleting(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    tom = await stage.come(place, "Tom")
    first, second = await send(guest, "a xylophone"), await send(guest, "another xylophone")
    await owner.must("chat.react", message=first, emoji="👍", on=True)
    assert (await tom.ask("chat.delete", message=first))["code"] == "forbidden"
    await guest.must("chat.delete", message=first)
    await owner.must("chat.delete", message=second)
    assert (await owner.ask("chat.delete", message=second))["code"] == "message_unknown"
    gone = (await room_of(tom))["messages"]
    assert [(message["body"], message["reactions"], message["n"]) for message in gone] == [(None, [], 1), (None, [], 2)]
    await send(guest, "next")
    assert (await room_of(tom))["last"] == 3, "places stay, so that numbers have no gaps"
    assert await places_of(stage.house.storage, "xylophone") == [], "nowhere, not even in the log of events"


@pytest.mark.feature("C2")
async def test_whoever_was_away_while_something_was_deleted(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    since = dict(guest.seqs)
    guest.lose()
    message = await send(owner, "oops")
    await send(owner, "hello")
    await owner.must("chat.delete", message=message)
    await send(owner, "again")
    back = await stage.again(guest, since)
    bodies = [message["body"] for message in back.snapshot["features"]["chat"]["room"]["messages"]]
    assert bodies == [None, "hello", "again"]
    await send(owner, "and on")
    assert back.said == ["and on"]


@pytest.mark.feature("C2")
async def test_reactions(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    message = await send(owner, "cake!")
    for client, emoji in ((guest, "🎂"), (owner, "❤️"), (owner, "🎂")):
        await client.must("chat.react", message=message, emoji=emoji, on=True)
    await owner.must("chat.react", message=message, emoji="🎂", on=True)
    assert [event["data"]["count"] for event in guest.events("chat.reacted")] == [1, 1, 2]
    assert (await room_of(guest))["messages"][0]["reactions"] == [
        {"emoji": "🎂", "count": 2, "mine": True},
        {"emoji": "❤️", "count": 1, "mine": False},
    ]
    assert (await owner.must("chat.reactors", message=message, emoji="🎂"))["names"] == ["Gil", "Olga"]
    await guest.must("chat.react", message=message, emoji="🎂", on=False)
    assert guest.events("chat.reacted")[-1]["data"]["count"] == 1
    await guest.must("chat.react", message=message, emoji="🎂", on=False)
    assert len(guest.events("chat.reacted")) == 4


@pytest.mark.feature("C2")
async def test_as_many_different_reactions_as_there_is_room_for(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    message = await send(owner, "cake!")
    emoji = [chr(0x1F600 + number) for number in range(21)]
    answers = [await guest.ask("chat.react", message=message, emoji=each, on=True) for each in emoji]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert answers[-1]["code"] == "emoji_invalid"
    assert (await owner.ask("chat.react", message=message, emoji=emoji[0], on=True))["ok"], "joining in is no new one"


@pytest.mark.feature("C2")
async def test_pins(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    messages = [await send(guest, f"number {number}") for number in range(51)]
    direct = await send(guest, "between us", peer=owner.me)
    assert (await guest.ask("chat.pin", message=messages[0], on=True))["code"] == "forbidden"
    assert (await owner.ask("chat.pin", message=direct, on=True))["code"] == "message_unknown"
    answers = [await owner.ask("chat.pin", message=each, on=True) for each in messages]
    assert [answer["ok"] for answer in answers] == [True] * 50 + [False]
    await owner.must("chat.pin", message=messages[0], on=True)
    assert len(guest.events("chat.pinned")) == 50
    await owner.must("chat.pin", message=messages[0], on=False)
    pins = (await guest.look())["features"]["chat"]["pins"]
    assert [message["id"] for message in pins] == messages[1:50]


@pytest.mark.feature("C2")
async def test_read_marks(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    phone = await stage.again(guest, device="phone")
    for number in range(5):
        await send(owner, f"number {number}")
    assert (await room_of(guest))["read"] == 0
    assert (await room_of(owner))["read"] == 5, "whoever writes has read"
    await guest.must("chat.read", upto=3)
    assert phone.events("chat.read")[-1]["data"] == {"peer": None, "upto": 3}
    assert owner.events("chat.read") == [], "it is nobody else's business"
    await guest.must("chat.read", upto=2)
    assert (await room_of(guest))["read"] == 3, "it never goes back"
    await guest.must("chat.read", upto=10**9)
    assert (await room_of(guest))["read"] == 5
    assert len(guest.events("chat.read")) == 2


@pytest.mark.feature("C5")
async def test_clearing(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await send(guest, "a xylophone")
    await send(guest, "between us", peer=owner.me)
    pinned = await send(owner, "another xylophone")
    await owner.must("chat.pin", message=pinned, on=True)
    assert (await guest.ask("chat.clear"))["code"] == "forbidden"
    await owner.must("chat.clear")
    assert guest.events("chat.cleared")[-1]["data"] == {"upto": 2}
    room = await room_of(guest)
    assert (room["messages"], room["cleared"], room["last"], room["read"]) == ([], 2, 2, 2)
    assert (await guest.look())["features"]["chat"]["pins"] == []
    assert len((await guest.look())["features"]["chat"]["direct"]) == 1, "what two wrote to each other is theirs"
    assert (await owner.must("chat.history"))["messages"] == []
    assert await places_of(stage.house.storage, "xylophone") == []
    assert (await guest.must("chat.send", body="and on"))["n"] == 3


@pytest.mark.feature("C5")
async def test_participants_only(stage: Stage) -> None:
    place = await stage.room("stage")
    owner, lea = await stage.owner(place), await stage.come(place, "Lea")
    message = await send(owner, "hello")
    own = await send(lea, "hi")
    await owner.must("chat.settings", participants_only=True)
    for word, payload in (
        ("chat.send", {"body": "x"}),
        ("chat.edit", {"message": own, "body": "x"}),
        ("chat.react", {"message": message, "emoji": "👍", "on": True}),
    ):
        assert (await lea.ask(word, **payload))["code"] == "participants_only", word
    assert (await lea.ask("chat.send", body="directly", peer=owner.me))["ok"]
    await owner.must("people.role", person=lea.me, role="participant")
    await lea.must("chat.send", body="now")
    await owner.must("chat.settings", participants_only=False)


@pytest.mark.feature("C5")
async def test_slow_mode(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("chat.settings", slow_seconds=10)
    assert guest.events("chat.settings")[-1]["data"]["settings"]["slow_seconds"] == 10
    message = await send(guest, "one")
    refused = await guest.ask("chat.send", body="two")
    assert refused["code"] == "slow_mode"
    assert refused["retry_after"] == pytest.approx(10, abs=0.1)
    # Neither a second device, nor another name, nor taking the message back helps.
    further = await stage.again(guest, device="phone")
    await guest.must("people.update", name="Gilbert")
    await guest.must("chat.delete", message=message)
    assert (await further.ask("chat.send", body="two"))["code"] == "slow_mode"
    await guest.must("chat.send", body="directly", peer=owner.me)
    for number in range(3):
        await owner.must("chat.send", body=f"hosts are exempt {number}")
    stage.clock.advance(seconds=9)
    assert (await guest.ask("chat.send", body="two"))["code"] == "slow_mode"
    stage.clock.advance(seconds=1.2)
    await guest.must("chat.send", body="two")
    assert (await guest.ask("chat.send", body="three"))["code"] == "slow_mode"


@pytest.mark.feature("C5")
async def test_slow_mode_counts_what_comes_at_once(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    await owner.must("chat.settings", slow_seconds=10)
    answers = await asyncio.gather(*(guest.ask("chat.send", body=f"number {number}") for number in range(8)))
    assert sorted(answer["ok"] for answer in answers) == [False] * 7 + [True]


@pytest.mark.feature("C5")
async def test_settings_keep_what_is_not_named(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("chat.settings", slow_seconds=10)
    await owner.must("chat.settings", participants_only=True)
    await owner.must("chat.settings", direct=False)
    settings = (await owner.look())["features"]["chat"]["settings"]
    assert settings == {"slow_seconds": 10, "participants_only": True, "direct": False}
    assert (await owner.ask("chat.settings", slow_seconds=None))["code"] == "invalid"


@pytest.mark.feature("C2")
async def test_typing_is_told_together(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    crowd = await stage.crowd(place, [f"Person {number}" for number in range(25)])
    for client in crowd:
        client.tell("chat.typing")
        client.tell("chat.typing")
    told = await owner.signal("chat.typing")
    assert len(told["data"]["people"]) == 20
    assert set(told["data"]["people"]) <= {client.me for client in crowd}
    assert len(owner.signals("chat.typing")) == 1
    assert guest.events("chat.typing") == []
    guest.tell("chat.typing", peer=owner.me)
    direct = await owner.signal("chat.typing")
    assert direct["data"] == {"people": [guest.me], "peer": guest.me}
    assert [signal["data"]["peer"] for signal in crowd[0].signals("chat.typing")] == [None]
