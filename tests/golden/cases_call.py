"""Golden cases of calls: who comes and goes, what is sent and held, who is lost and comes back."""

from __future__ import annotations

from typing import Any

from tests.golden.play import Play, case
from tests.support.house import LocalClient
from tests.support.recorder import Json


async def join(play: Play, client: LocalClient, **more: Any) -> Json:
    line = f"the-line-of-the-page-of-{client.name}"
    return await play.do(client, "call.join", line=line, **{"microphone": True, "camera": True, **more})


async def two(play: Play) -> None:
    """The owner and the guest are in it."""
    await join(play, play.owner)
    await join(play, play.guest, screen=True, screen_sound=True)


@case("call.join", "each-in-their-way", "M2", "owner guest listener")
async def everybody(play: Play) -> None:
    await play.do(play.owner, "call.settings", join_muted=True)
    await play.begin()
    await join(play, play.owner, camera=False)
    await join(play, play.guest)
    await join(play, play.listener)


@case("call.join", "back-and-taken-over", "M8", "owner guest")
async def again(play: Play) -> None:
    await two(play)
    await play.begin()
    await join(play, play.guest, anew=False)
    await join(play, play.guest)
    tab = await play.stage.again(play.guest, device="phone")
    await play.do(tab, "call.join", line="the-line-of-another-page", take=True)


@case("call.leave", "one-of-two", "M2", "owner guest listener")
async def leave(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.guest, "call.leave")


@case("call.media", "on-and-off", "M4", "owner guest listener")
async def media(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.guest, "call.media", microphone=False, screen=False)
    await play.do(play.guest, "call.media", camera=False)
    await play.do(play.owner, "call.media", screen=True)


@case("call.hand", "up-and-down", "M4", "owner guest")
async def hand(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.guest, "call.hand", up=True)
    await play.do(play.owner, "call.hand", up=True)
    await play.do(play.guest, "call.hand", up=False)


@case("call.lower_hand", "one-of-two", "M4", "owner guest")
async def lower_hand(play: Play) -> None:
    await two(play)
    for client in (play.owner, play.guest):
        await play.do(client, "call.hand", up=True)
    await play.begin()
    await play.do(play.cohost, "call.lower_hand", person=play.guest.me)


@case("call.lower_hands", "two-at-once", "M4", "owner guest")
async def lower_hands(play: Play) -> None:
    await two(play)
    for client in (play.owner, play.guest):
        await play.do(client, "call.hand", up=True)
    await play.begin()
    await play.do(play.cohost, "call.lower_hands")


@case("call.hold", "one-and-everyone", "R5", "owner guest listener")
async def hold(play: Play) -> None:
    await two(play)
    await join(play, play.cohost)
    await play.begin()
    await play.do(play.cohost, "call.hold", person=play.guest.me, what="camera", on=True)
    await play.do(play.owner, "call.hold", what="microphone", on=True)
    await play.do(play.owner, "call.hold", person=play.listener.me, what="screen", on=True)
    await play.do(play.owner, "call.hold", what="microphone", on=False)


@case("call.send_out", "and-back", "R5", "owner guest")
async def send_out(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.cohost, "call.send_out", person=play.guest.me)
    await join(play, play.guest)


@case("call.settings", "all-and-one", "M4", "owner guest listener")
async def settings(play: Play) -> None:
    await two(play)
    await play.begin()
    everything = {"share": "hosts", "record": "everyone", "join_muted": True, "pictures": "low", "most": 3}
    await play.do(play.owner, "call.settings", **everything)
    await play.do(play.cohost, "call.settings", share="everyone")


@case("call.changed", "role-muted-and-back", "R5", "owner guest")
async def standing(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.owner, "people.mute", person=play.guest.me, muted=True)
    await play.do(play.owner, "people.role", person=play.guest.me, role="audience")
    await play.do(play.owner, "people.mute", person=play.guest.me, muted=False)
    await play.do(play.owner, "people.role", person=play.guest.me, role="participant")


@case("call.left", "lost-and-back", "M8", "owner listener")
async def lost(play: Play) -> None:
    await two(play)
    await play.begin()
    play.guest.lose()
    await play.stage.pass_time(6)
    await play.guest.connect()
    await join(play, play.guest, anew=False)


@case("call.left", "out-of-the-room", "R5", "owner listener")
async def out(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.owner, "people.remove", person=play.guest.me)


@case("call.left", "switched-off", "M2", "owner guest")
async def off(play: Play) -> None:
    await two(play)
    await play.begin()
    await play.do(play.owner, "rooms.activity", activity="call", on=False)


@case("call.record", "two-at-once", "M11", "owner guest listener")
async def record(play: Play) -> None:
    await play.do(play.owner, "call.settings", record="everyone")
    await two(play)
    await play.begin()
    await play.do(play.guest, "call.record", file="the-file-of-the-guest")
    await play.do(play.owner, "call.record", file="the-file-of-the-owner")


@case("call.stop_recording", "own-by-host-and-by-leaving", "M11", "owner guest listener")
async def stop_recording(play: Play) -> None:
    await play.do(play.owner, "call.settings", record="everyone")
    await two(play)
    await join(play, play.cohost)
    made = {
        client.name: (await play.do(client, "call.record", file=f"of-{client.name}"))["recording"]["id"]
        for client in (play.owner, play.guest, play.cohost)
    }
    await play.begin()
    await play.do(play.owner, "call.stop_recording", recording=made[play.owner.name])
    await play.do(play.owner, "call.stop_recording", recording=made[play.guest.name])
    await play.do(play.cohost, "call.leave")
