"""Golden cases of the floor: what is asked, ordered and answered."""

from __future__ import annotations

from tests.golden.play import Play, case


async def ready(play: Play, **settings: object) -> None:
    await play.do(play.owner, "rooms.activity", activity="floor", on=True)
    await play.do(play.owner, "floor.settings", cooldown_seconds=0, open_items=5, **settings)


async def ask(play: Play, client: str, body: str = "") -> str:
    who = getattr(play, client)
    item: str = (await play.do(who, "floor.ask", kind="text" if body else "voice", body=body))["item"]
    return item


@case("floor.ask", "text-and-voice", "F1", "owner guest listener")
async def text_and_voice(play: Play) -> None:
    await ready(play)
    await ask(play, "guest", "first")
    await play.begin()
    await ask(play, "listener", "What is light?")
    await ask(play, "guest")


@case("floor.ask", "waits-for-approval", "F4", "owner cohost guest listener")
async def waits(play: Play) -> None:
    await ready(play, approval=True)
    await play.begin()
    await ask(play, "listener", "May I?")


@case("floor.withdraw", "open-and-waiting", "F5", "owner guest listener")
async def withdraw(play: Play) -> None:
    await ready(play)
    shown = await ask(play, "guest", "shown")
    await play.do(play.owner, "floor.settings", approval=True)
    waiting = await ask(play, "listener", "waiting")
    await play.do(play.listener, "floor.upvote", item=shown, on=True)
    await play.begin()
    await play.do(play.guest, "floor.withdraw", item=shown)
    await play.do(play.listener, "floor.withdraw", item=waiting)


@case("floor.upvote", "on-and-off", "F4", "owner guest listener")
async def upvote(play: Play) -> None:
    await ready(play, order="upvoted")
    await ask(play, "guest", "first")
    second = await ask(play, "listener", "second")
    await play.begin()
    await play.do(play.guest, "floor.upvote", item=second, on=True)
    await play.do(play.owner, "floor.upvote", item=second, on=True)
    await play.do(play.guest, "floor.upvote", item=second, on=False)


@case("floor.approve", "one", "F4", "owner guest listener")
async def approve(play: Play) -> None:
    await ready(play, approval=True)
    first = await ask(play, "listener", "first")
    await ask(play, "guest", "second")
    await play.begin()
    await play.do(play.cohost, "floor.approve", item=first)


@case("floor.move", "to-the-front-and-behind", "F4", "owner listener")
async def move(play: Play) -> None:
    await ready(play)
    items = [await ask(play, "guest", f"number {number}") for number in range(1, 5)]
    await play.begin()
    await play.do(play.owner, "floor.move", item=items[3], after=None)
    await play.do(play.owner, "floor.move", item=items[0], after=items[1])
    await play.do(play.owner, "floor.move", item=items[2], after=items[0])


@case("floor.pin", "on-and-off", "F4", "owner listener")
async def pin(play: Play) -> None:
    await ready(play)
    items = [await ask(play, "guest", f"number {number}") for number in range(1, 4)]
    await play.do(play.owner, "floor.pin", item=items[1], on=True)
    await play.begin()
    await play.do(play.owner, "floor.pin", item=items[2], on=True)
    await play.do(play.owner, "floor.pin", item=items[1], on=False)


@case("floor.take", "next-and-back", "F4", "owner guest listener")
async def take(play: Play) -> None:
    await ready(play)
    first = await ask(play, "guest", "first")
    second = await ask(play, "listener", "second")
    await ask(play, "guest", "third")
    await play.begin()
    await play.do(play.owner, "floor.take", item=first, on=True)
    await play.do(play.cohost, "floor.take", item=second, on=True)
    await play.do(play.owner, "floor.take", item=second, on=False)


@case("floor.answer", "first-timers-change", "F4", "owner guest listener")
async def answer(play: Play) -> None:
    await ready(play, order="first_timers")
    first = await ask(play, "guest", "first")
    await ask(play, "guest", "second")
    await ask(play, "listener", "third")
    await play.do(play.listener, "floor.upvote", item=first, on=True)
    await play.begin()
    await play.do(play.owner, "floor.answer", item=first)


@case("floor.reopen", "under-its-old-number", "F4", "owner guest listener")
async def reopen(play: Play) -> None:
    await ready(play)
    first = await ask(play, "guest", "first")
    await ask(play, "listener", "second")
    await play.do(play.listener, "floor.upvote", item=first, on=True)
    await play.do(play.owner, "floor.answer", item=first)
    await play.begin()
    await play.do(play.owner, "floor.reopen", item=first)


@case("floor.delete", "open-and-answered", "F4", "owner guest listener")
async def delete(play: Play) -> None:
    await ready(play)
    first = await ask(play, "guest", "first")
    second = await ask(play, "guest", "second")
    await ask(play, "guest", "third")
    await play.do(play.listener, "floor.upvote", item=second, on=True)
    await play.do(play.owner, "floor.answer", item=first)
    await play.begin()
    await play.do(play.owner, "floor.delete", item=first)
    await play.do(play.owner, "floor.delete", item=second)


@case("floor.clear", "queue-then-history", "F4", "owner guest listener")
async def clear(play: Play) -> None:
    await ready(play)
    first = await ask(play, "guest", "first")
    await ask(play, "guest", "second")
    await play.do(play.owner, "floor.answer", item=first)
    await play.do(play.owner, "floor.settings", approval=True)
    await ask(play, "listener", "waiting")
    await play.begin()
    await play.do(play.owner, "floor.clear")
    await play.do(play.owner, "floor.clear", past=True)


@case("floor.settings", "approval-off-and-order", "F2", "owner guest listener")
async def settings(play: Play) -> None:
    await ready(play, approval=True)
    await ask(play, "listener", "first")
    await ask(play, "guest", "second")
    await play.begin()
    await play.do(play.owner, "floor.settings", approval=False, order="upvoted", max_words=40)
