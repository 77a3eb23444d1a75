"""Golden cases of the chat: what is written, changed and taken away."""

from __future__ import annotations

import asyncio

from tests.golden.play import Play, case


@case("chat.send", "plain", "C1", "owner guest listener")
async def plain(play: Play) -> None:
    await play.begin()
    await play.say(play.guest, "hello\n\n  `print(1)` https://example.org")


@case("chat.send", "first-and-second", "C1", "owner guest")
async def first_and_second(play: Play) -> None:
    await play.say(play.guest, "first")
    await play.begin()
    await play.say(play.owner, "second")


@case("chat.send", "more-than-a-snapshot-holds", "C1", "listener")
async def many(play: Play) -> None:
    await play.chatter(play.guest, 48)
    await play.begin()
    await play.chatter(play.guest, 6)


@case("chat.send", "reply", "C2", "owner guest listener")
async def reply(play: Play) -> None:
    asked = await play.say(play.owner, "Who\nbrings " + "a very big cake " * 20)
    await play.begin()
    await play.say(play.guest, "I do", reply_to=asked)


@case("chat.send", "reply-to-deleted-later", "C2", "guest")
async def reply_deleted_later(play: Play) -> None:
    asked = await play.say(play.owner, "Who brings cake?")
    await play.begin()
    await play.say(play.guest, "I do", reply_to=asked)
    await play.do(play.owner, "chat.delete", message=asked)


@case("chat.send", "mention", "C2", "cohost guest")
async def mention(play: Play) -> None:
    await play.begin()
    await play.say(play.guest, "@Carl and @lea, meet @Olga. Not @Carlos.")


@case("chat.send", "direct-first", "C3", "owner guest listener")
async def direct_first(play: Play) -> None:
    await play.begin()
    await play.say(play.guest, "between us", peer=play.listener.me)


@case("chat.send", "direct-answer", "C3", "guest listener")
async def direct_answer(play: Play) -> None:
    asked = await play.say(play.guest, "between us?", peer=play.listener.me)
    await play.begin()
    await play.say(play.listener, "of course, @Gil", peer=play.guest.me, reply_to=asked)


@case("chat.send", "direct-order", "C3", "guest")
async def direct_order(play: Play) -> None:
    await play.say(play.listener, "older", peer=play.guest.me)
    await play.say(play.owner, "newer", peer=play.guest.me)
    await play.begin()
    await play.say(play.listener, "newest", peer=play.guest.me)


@case("chat.send", "direct-at-the-same-moment", "C3", "guest")
async def direct_same_moment(play: Play) -> None:
    await play.say(play.listener, "one", peer=play.guest.me)
    await play.say(play.listener, "two", peer=play.guest.me)
    await play.begin()
    await asyncio.gather(
        play.listener.must("chat.send", body="three", peer=play.guest.me),
        play.owner.must("chat.send", body="me too", peer=play.guest.me),
        play.cohost.must("chat.send", body="and me", peer=play.guest.me),
    )


@case("chat.edit", "plain", "C2", "owner guest")
async def edit(play: Play) -> None:
    message = await play.say(play.guest, "helo")
    await play.begin()
    await play.do(play.guest, "chat.edit", message=message, body="hello @Olga")


@case("chat.edit", "quoted", "C2", "owner listener")
async def edit_quoted(play: Play) -> None:
    message = await play.say(play.guest, "helo @Olga")
    await play.say(play.owner, "what?", reply_to=message)
    await play.begin()
    await play.do(play.guest, "chat.edit", message=message, body="hello\nto all")


@case("chat.edit", "pinned", "C2", "listener")
async def edit_pinned(play: Play) -> None:
    message = await play.say(play.owner, "Doors at 7")
    other = await play.say(play.owner, "Bring cake", reply_to=message)
    await play.do(play.owner, "chat.pin", message=message, on=True)
    await play.do(play.owner, "chat.pin", message=other, on=True)
    await play.do(play.guest, "chat.react", message=message, emoji="🎉", on=True)
    await play.begin()
    await play.do(play.owner, "chat.edit", message=message, body="Doors at 8")


@case("chat.edit", "far-back", "C2", "guest")
async def edit_far_back(play: Play) -> None:
    message = await play.say(play.owner, "the first")
    await play.do(play.owner, "chat.pin", message=message, on=True)
    await play.chatter(play.guest, 51)
    await play.say(play.guest, "do you remember?", reply_to=message)
    await play.begin()
    await play.do(play.owner, "chat.edit", message=message, body="the very first")


@case("chat.edit", "direct", "C3", "guest listener")
async def edit_direct(play: Play) -> None:
    message = await play.say(play.guest, "betwen us", peer=play.listener.me)
    await play.say(play.listener, "?", peer=play.guest.me, reply_to=message)
    await play.begin()
    await play.do(play.guest, "chat.edit", message=message, body="between us")


@case("chat.delete", "own", "C2", "owner guest")
async def delete_own(play: Play) -> None:
    message = await play.say(play.guest, "forget this, @Olga")
    await play.do(play.owner, "chat.react", message=message, emoji="👀", on=True)
    await play.begin()
    await play.do(play.guest, "chat.delete", message=message)


@case("chat.delete", "by-host-quoted-and-pinned", "C2", "owner guest listener")
async def delete_by_host(play: Play) -> None:
    message = await play.say(play.guest, "nonsense")
    await play.say(play.listener, "is it?", reply_to=message)
    await play.do(play.owner, "chat.pin", message=message, on=True)
    await play.begin()
    await play.do(play.cohost, "chat.delete", message=message)


@case("chat.delete", "direct", "C3", "guest listener")
async def delete_direct(play: Play) -> None:
    message = await play.say(play.guest, "oops", peer=play.listener.me)
    await play.say(play.listener, "?", peer=play.guest.me, reply_to=message)
    await play.begin()
    await play.do(play.guest, "chat.delete", message=message)


@case("chat.clear", "everything", "C5", "owner guest listener")
async def clear(play: Play) -> None:
    message = await play.say(play.guest, "one")
    await play.say(play.owner, "two", reply_to=message)
    await play.do(play.owner, "chat.pin", message=message, on=True)
    await play.do(play.listener, "chat.react", message=message, emoji="👍", on=True)
    await play.say(play.guest, "apart", peer=play.owner.me)
    await play.begin()
    await play.do(play.cohost, "chat.clear")


@case("chat.clear", "and-on", "C5", "guest")
async def clear_and_on(play: Play) -> None:
    await play.say(play.owner, "one")
    await play.begin()
    await play.do(play.owner, "chat.clear")
    await play.say(play.owner, "two")
    await play.do(play.guest, "chat.read", upto=2)


@case("chat.clear", "nothing-there", "C5", "guest")
async def clear_nothing(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "chat.clear")
