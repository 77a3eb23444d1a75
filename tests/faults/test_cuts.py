"""What a bad network does to commands and events, one thing at a time."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.world import Device, Person, World

pytestmark = [pytest.mark.feature("C1", "R8"), pytest.mark.xdist_group("faults")]


async def two(world: World, *, polling: bool = False) -> tuple[Person, Person, Device]:
    """Ann in her room, connected directly, and Bob with one device behind a passage."""
    ann = await world.room("Ann")
    bob = await world.person("Bob", ann.room)
    device = await world.device(bob, polling=polling)
    await world.arrived(bob)
    return ann, bob, device


async def fine(world: World) -> None:
    wrong = await world.judged()
    assert not wrong, "\n".join([*wrong, *world.stories(wrong)])


@pytest.mark.parametrize("polling", [False, True], ids=["websocket", "polling"])
async def test_an_ack_is_lost_on_its_way(world: World, polling: bool) -> None:
    """It was done, the client cannot know, and asks again: one effect, and the answer."""
    _, _, bob = await two(world, polling=polling)
    assert bob.passage is not None
    bob.passage.cut_before_ack()
    said = world.say(bob.client)
    assert (await said.answered)["ok"]
    assert len(said.command.sent) >= 2
    assert bob.passage.cuts == 1
    await fine(world)


@pytest.mark.parametrize("polling", [False, True], ids=["websocket", "polling"])
async def test_a_request_is_lost_or_not(world: World, polling: bool) -> None:
    """The connection breaks right behind it: nobody knows whether the server has read it."""
    _, _, bob = await two(world, polling=polling)
    assert bob.passage is not None
    for _ in range(10):
        bob.passage.cut_after_request()
        said = [world.say(bob.client) for _ in range(3)]
        for each in said:
            assert (await each.answered)["ok"]
    await fine(world)


async def test_the_connection_breaks_behind_the_ack(world: World) -> None:
    ann, _, bob = await two(world)
    assert bob.passage is not None
    for _ in range(5):
        bob.passage.cut_after_ack()
        said = [world.say(bob.client), world.say(bob.client, to=ann), world.say(bob.client)]
        for each in said:
            assert (await each.answered)["ok"]
    assert bob.passage.cuts == 5
    await fine(world)


async def test_a_connection_that_was_given_up_speaks_late(world: World) -> None:
    """What got stuck arrives after the client has come back and said it all again, and some more."""
    _, _, bob = await two(world)
    assert bob.passage is not None
    bob.passage.hold("up")
    said = [world.say(bob.client) for _ in range(5)]
    await asyncio.sleep(0.01)  # so that it gets as far as the passage; if not, it is an easier case
    bob.client.abandon()
    said += [world.say(bob.client) for _ in range(3)]
    bob.passage.release()
    for each in said:
        assert (await each.answered)["ok"]
    await fine(world)


async def test_what_was_stuck_comes_in_order(world: World) -> None:
    """Nothing reaches the client for a while, and then everything does. It has missed nothing."""
    ann, _, bob = await two(world)
    assert bob.passage is not None
    bob.passage.hold("down")
    said = [world.say(ann.devices[0].client) for _ in range(50)]
    for each in said:
        assert (await each.answered)["ok"]
    bob.passage.rate = 200_000
    bob.passage.release()
    await fine(world)
    assert bob.client.connections == 1, "the connection has held"


async def test_many_commands_in_one_request(world: World) -> None:
    """Who polls sends all that is waiting at once, however many commands that are."""
    _, _, bob = await two(world, polling=True)
    said = [world.say(bob.client) for _ in range(60)]
    assert [(await each.answered)["ok"] for each in said] == [True] * 60
    await fine(world)


@pytest.mark.parametrize("after", [1, 20, 60])
async def test_the_server_dies_in_the_middle(world: World, after: int) -> None:
    """SIGKILL when so many commands were acknowledged, while many more are on their way."""
    ann, bob, device = await two(world)
    further = await world.device(bob, polling=True)
    await world.arrived()
    said = [world.say(each.client) for _ in range(30) for each in (ann.devices[0], device, further)]
    waiting = {each.answered for each in said}
    for _ in range(after):
        _done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if len(said) - len(waiting) >= after:
            break
    world.server.kill()
    await asyncio.to_thread(world.server.start)
    for each in said:
        assert (await each.answered)["ok"]
    await fine(world)
