"""What is on its way when somebody loses the right to see it does not reach them any more."""

from __future__ import annotations

from functools import partial

import pytest

from tests.faults.records import Json
from tests.faults.test_cuts import fine
from tests.faults.world import Device, Person, World

pytestmark = [pytest.mark.feature("R5", "C1"), pytest.mark.xdist_group("faults")]


async def three(world: World) -> tuple[Person, Person, Person]:
    """Ann in her room; Bob and Cid with a websocket and a polling device each."""
    ann = await world.room("Ann")
    bob, cid = [await world.person(name, ann.room) for name in ("Bob", "Cid")]
    for person in (bob, cid):
        await world.device(person)
        await world.device(person, polling=True)
    await world.arrived()
    return ann, bob, cid


def seen_by(person: Person, kind: str) -> list[Json]:
    """The events of a type that any of the person's devices was sent."""
    return [
        wire
        for device in person.devices
        for seen in device.client.witness.seen
        for seq, wire in device.client.witness.history.events[seen.stream].items()
        if seen.first <= seq <= seen.last and wire["type"] == kind
    ]


def follows_hosts(device: Device) -> bool:
    return "hosts" in device.client.witness.seqs


@pytest.mark.parametrize("word", ["remove", "ban"])
async def test_what_is_said_right_behind_a_removal(world: World, word: str) -> None:
    """The host does not wait for the answer: removal and messages may even be committed together."""
    ann, bob, cid = await three(world)
    client = ann.devices[0].client
    await world.say(client).answered
    removal = client.do(f"people.{word}", person=bob.id)
    said = [world.say(client, to=to) for _ in range(10) for to in (None, cid)]
    for each in (removal, *said):
        assert (await each.answered)["ok"]
    await world.sent_out(bob)
    await fine(world)
    assert len(seen_by(bob, "chat.sent")) == len(bob.devices), "what was said before"
    assert len(seen_by(cid, "chat.sent")) >= 20 * len(cid.devices)
    for device in bob.devices:
        device.client.start()
    await world.sent_out(bob)
    await fine(world)


async def test_what_hosts_are_told_right_behind_a_demotion(world: World) -> None:
    ann, bob, cid = await three(world)
    client = ann.devices[0].client
    assert (await client.ask("people.role", person=bob.id, role="cohost"))["ok"]
    for device in bob.devices:
        await device.client.until(partial(follows_hosts, device), "being host")
    demotion = client.do("people.role", person=bob.id, role="participant")
    removal = client.do("people.remove", person=cid.id)
    for each in (demotion, removal):
        assert (await each.answered)["ok"]
    await fine(world)
    assert len(seen_by(ann, "people.removed")) == 1
    assert seen_by(bob, "people.removed") == []


async def test_what_was_deleted_while_somebody_was_away(world: World) -> None:
    """They come back to a chat without it, and are not told of it as history either."""
    ann, bob, cid = await three(world)
    for device in cid.devices:
        assert device.passage is not None
        device.passage.closed_to_new = True
        device.passage.cut()
    sent = await world.say(bob.devices[0].client).answered
    assert (await bob.devices[0].client.ask("chat.delete", message=sent["message"]))["ok"]
    await fine(world)
    assert sent["message"] in [wire["data"]["message"]["id"] for wire in seen_by(ann, "chat.sent")]
    assert sent["message"] not in [wire["data"]["message"]["id"] for wire in seen_by(cid, "chat.sent")]
    for device in cid.devices:
        state = device.client.witness.state
        assert state is not None
        assert [message["body"] for message in state.view()["chat"]["room"]["messages"][:1]] == [None]
