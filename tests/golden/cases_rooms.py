"""Golden cases of rooms."""

from __future__ import annotations

from tests.golden.play import Play, case


@case("rooms.update", "name", "R1", "owner guest")
async def name(play: Play) -> None:
    await play.begin()
    await play.do(play.cohost, "rooms.update", name="The long evening")


@case("rooms.update", "everything", "R9", "owner listener")
async def everything(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "rooms.update", name="", theme="dusk", capacity=12, newcomers="audience", idle_minutes=60)


@case("rooms.update", "no-capacity", "R1", "guest")
async def no_capacity(play: Play) -> None:
    await play.do(play.owner, "rooms.update", capacity=12)
    await play.begin()
    await play.do(play.owner, "rooms.update", capacity=None)


@case("rooms.update", "nothing", "R1", "owner guest")
async def nothing(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "rooms.update")


@case("rooms.activity", "off", "R1", "owner listener")
async def activity_off(play: Play) -> None:
    await play.say(play.guest, "still here afterwards")
    await play.begin()
    await play.do(play.owner, "rooms.activity", activity="chat", on=False)


@case("rooms.activity", "on", "R1", "owner listener")
async def activity_on(play: Play) -> None:
    await play.do(play.owner, "rooms.activity", activity="chat", on=False)
    await play.begin()
    await play.do(play.cohost, "rooms.activity", activity="chat", on=True)


@case("rooms.close", "by-owner", "R8", "owner guest")
async def close(play: Play) -> None:
    await play.say(play.guest, "one last word")
    await play.begin()
    await play.do(play.owner, "rooms.close")
