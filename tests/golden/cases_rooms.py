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


@case("rooms.update", "admission", "R4", "owner guest")
async def admission(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "rooms.update", admission="knock")
    await play.do(play.owner, "rooms.update", admission="groups", groups=["Founders", "everyone"])


@case("rooms.invite", "several", "R4", "owner guest")
async def invited(play: Play) -> None:
    await play.do(play.owner, "rooms.invite", people="ada@example.org")
    await play.begin()
    pasted = "Ada <Ada@example.org>, ben@example.org; cleo@example.org nobody"
    await play.do(play.cohost, "rooms.invite", people=pasted)


@case("rooms.invite_person", "who-is-here", "R4", "owner")
async def invited_in_person(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "rooms.invite_person", person=play.guest.me)


@case("rooms.uninvite", "one-of-two", "R4", "owner cohost")
async def uninvited(play: Play) -> None:
    await play.do(play.owner, "rooms.invite", people="ada@example.org ben@example.org")
    first = (await play.owner.look())["features"]["rooms"]["hosts"]["invitations"][0]["id"]
    await play.begin()
    await play.do(play.owner, "rooms.uninvite", invitations=[first])


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
