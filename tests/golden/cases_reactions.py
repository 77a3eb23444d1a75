"""Golden cases of the chat: reactions, pins, read marks, settings."""

from __future__ import annotations

from tests.golden.play import Play, case


@case("chat.react", "first", "C2", "owner guest listener")
async def first(play: Play) -> None:
    message = await play.say(play.owner, "cake!")
    await play.begin()
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=True)


@case("chat.react", "joined-in", "C2", "owner guest listener")
async def joined_in(play: Play) -> None:
    message = await play.say(play.owner, "cake!")
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=True)
    await play.do(play.owner, "chat.react", message=message, emoji="❤️", on=True)
    await play.begin()
    await play.do(play.listener, "chat.react", message=message, emoji="🎂", on=True)


@case("chat.react", "taken-back", "C2", "guest listener")
async def taken_back(play: Play) -> None:
    message = await play.say(play.owner, "cake!")
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=True)
    await play.do(play.listener, "chat.react", message=message, emoji="🎂", on=True)
    await play.begin()
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=False)


@case("chat.react", "first-one-leaves-second", "C2", "owner listener")
async def order_after_first_left(play: Play) -> None:
    message = await play.say(play.owner, "cake!")
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=True)
    await play.do(play.owner, "chat.react", message=message, emoji="❤️", on=True)
    await play.do(play.listener, "chat.react", message=message, emoji="🎂", on=True)
    await play.begin()
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=False)


@case("chat.react", "last-one-taken-back", "C2", "guest listener")
async def last_taken_back(play: Play) -> None:
    message = await play.say(play.owner, "cake!")
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=True)
    await play.do(play.guest, "chat.react", message=message, emoji="❤️", on=True)
    await play.begin()
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=False)


@case("chat.react", "pinned", "C2", "guest listener")
async def on_pinned(play: Play) -> None:
    message = await play.say(play.owner, "cake!")
    await play.do(play.owner, "chat.pin", message=message, on=True)
    await play.begin()
    await play.do(play.guest, "chat.react", message=message, emoji="🎂", on=True)


@case("chat.react", "direct", "C3", "guest listener")
async def on_direct(play: Play) -> None:
    message = await play.say(play.guest, "cake?", peer=play.listener.me)
    await play.begin()
    await play.do(play.listener, "chat.react", message=message, emoji="👍🏽", on=True)


@case("chat.pin", "on", "C2", "owner guest")
async def pin(play: Play) -> None:
    asked = await play.say(play.guest, "when?")
    message = await play.say(play.owner, "Doors at 7", reply_to=asked)
    await play.do(play.guest, "chat.react", message=message, emoji="👍", on=True)
    await play.begin()
    await play.do(play.owner, "chat.pin", message=message, on=True)


@case("chat.pin", "in-the-order-of-the-chat", "C2", "guest")
async def pin_earlier(play: Play) -> None:
    earlier = await play.say(play.owner, "Doors at 7")
    later = await play.say(play.owner, "Bring cake")
    await play.do(play.owner, "chat.pin", message=later, on=True)
    await play.begin()
    await play.do(play.cohost, "chat.pin", message=earlier, on=True)


@case("chat.pin", "far-back", "C2", "guest")
async def pin_far_back(play: Play) -> None:
    message = await play.say(play.owner, "the first")
    await play.chatter(play.guest, 51)
    await play.begin()
    await play.do(play.owner, "chat.pin", message=message, on=True)


@case("chat.pin", "off", "C2", "owner guest")
async def unpin(play: Play) -> None:
    message = await play.say(play.owner, "Doors at 7")
    await play.do(play.owner, "chat.pin", message=message, on=True)
    await play.begin()
    await play.do(play.owner, "chat.pin", message=message, on=False)


@case("chat.read", "forward", "C2", "owner guest")
async def read(play: Play) -> None:
    for number in range(3):
        await play.say(play.owner, f"number {number}")
    await play.begin()
    await play.do(play.guest, "chat.read", upto=2)
    await play.do(play.guest, "chat.read", upto=1)


@case("chat.read", "beyond-the-end", "C2", "guest")
async def read_beyond(play: Play) -> None:
    await play.say(play.owner, "one")
    await play.begin()
    await play.do(play.guest, "chat.read", upto=999)


@case("chat.read", "direct", "C3", "guest listener")
async def read_direct(play: Play) -> None:
    await play.say(play.guest, "read me", peer=play.listener.me)
    await play.begin()
    await play.do(play.listener, "chat.read", upto=1, peer=play.guest.me)


@case("chat.settings", "everything", "C5", "owner guest listener")
async def settings(play: Play) -> None:
    await play.begin()
    await play.do(play.cohost, "chat.settings", slow_seconds=10, participants_only=True, direct=False)


@case("chat.settings", "one", "C5", "guest")
async def one_setting(play: Play) -> None:
    await play.do(play.owner, "chat.settings", slow_seconds=10)
    await play.begin()
    await play.do(play.owner, "chat.settings", participants_only=True)
