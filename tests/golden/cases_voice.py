"""Golden cases of voice: who is called, speaks, is lost, and comes back."""

from __future__ import annotations

from tests.golden.play import Play, case

SCREEN, PHONE = "line-of-the-screen", "line-of-the-phone-"


async def ready(play: Play, **settings: object) -> str:
    """The listener has asked to speak."""
    await play.do(play.owner, "rooms.activity", activity="floor", on=True)
    await play.do(play.owner, "floor.settings", cooldown_seconds=0, open_items=5)
    if settings:
        await play.do(play.owner, "voice.settings", **settings)
    item: str = (await play.do(play.listener, "floor.ask", kind="voice"))["item"]
    return item


async def ring(play: Play, item: str) -> str:
    call: str = (await play.do(play.owner, "voice.call", item=item, line=SCREEN))["call"]
    return call


@case("voice.call", "called-off-and-missed", "F6", "owner guest listener")
async def call(play: Play) -> None:
    item = await ready(play)
    await play.begin()
    await play.do(play.cohost, "voice.hang_up", call=await ring(play, item))
    await ring(play, item)
    await play.stage.pass_time(31)


@case("voice.talk", "with-a-limit", "F6", "owner guest listener")
async def talk(play: Play) -> None:
    item = await ready(play, speak_seconds=60)
    called = await ring(play, item)
    await play.begin()
    await play.do(play.listener, "voice.talk", call=called, line=PHONE)


@case("voice.hang_up", "answered-and-declined", "F6", "owner guest listener")
async def hang_up(play: Play) -> None:
    first = await ready(play)
    called = await ring(play, first)
    await play.do(play.listener, "voice.talk", call=called, line=PHONE)
    second = (await play.do(play.listener, "floor.ask", kind="voice"))["item"]
    await play.begin()
    await play.do(play.owner, "voice.hang_up", call=called)
    await play.do(play.listener, "voice.hang_up", call=await ring(play, second))


@case("voice.mute", "on-and-off", "F6", "owner listener")
async def mute(play: Play) -> None:
    called = await ring(play, await ready(play))
    await play.do(play.listener, "voice.talk", call=called, line=PHONE)
    await play.begin()
    await play.do(play.cohost, "voice.mute", call=called, on=True)
    await play.do(play.owner, "voice.mute", call=called, on=False)


@case("voice.resume", "another-device", "F8", "owner guest")
async def resume(play: Play) -> None:
    called = await ring(play, await ready(play))
    await play.do(play.listener, "voice.talk", call=called, line=PHONE)
    await play.begin()
    tablet = await play.stage.again(play.listener, device="phone")
    await play.do(tablet, "voice.resume", call=called, line=PHONE)


@case("voice.ready", "missed-before", "F6", "owner listener")
async def here(play: Play) -> None:
    item = await ready(play)
    await ring(play, item)
    await play.stage.pass_time(31)
    await play.begin()
    await play.do(play.listener, "voice.ready", item=item)


@case("voice.auto", "on-and-off", "F6", "owner guest listener")
async def auto(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.owner, "voice.auto", on=True, line=SCREEN)
    await play.stage.pass_time(11)
    await play.do(play.owner, "voice.auto", on=False, line=SCREEN)


@case("voice.settings", "both", "F6", "owner listener")
async def settings(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.owner, "voice.settings", phones=4, speak_seconds=120)
