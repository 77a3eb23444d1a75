"""Golden cases of people: coming, going, and what hosts do to others."""

from __future__ import annotations

import asyncio

from tests.admission.door import Visitor
from tests.golden.play import Play, case
from tests.support.house import LocalClient
from tests.support.world import knocks


async def knocker(play: Play, name: str = "Kim") -> str:
    play.stage.clock.advance(seconds=1)
    return await knocks(play.stage, play.place, name)


@case("people.join", "newcomer", "R2 P1 P3", "owner guest listener")
async def newcomer(play: Play) -> None:
    await play.begin()
    await play.stage.come(play.place, "Nora", about="new in town", device="tablet")


@case("people.join", "same-name", "P1", "owner guest")
async def same_name(play: Play) -> None:
    await play.begin()
    await play.stage.come(play.place, "gil")


@case("people.join", "back-again", "P3", "owner guest")
async def back_again(play: Play) -> None:
    nora = await play.stage.come(play.place, "Nora")
    await play.do(nora, "people.leave")
    await play.begin()
    play.stage.clock.advance(seconds=5)
    await play.stage.come(play.place, "Nora", identity=nora.identity)


@case("people.join", "three-at-once", "P3", "owner listener")
async def three_at_once(play: Play) -> None:
    visitors = [await play.stage.visitor(play.place, name) for name in ("Ute", "Vic", "Wim")]
    await play.begin()
    await asyncio.gather(*(visitor.must("people.join", name=visitor.name) for visitor in visitors))
    await play.stage.settle()


@case("people.join", "second-device", "P3", "owner guest")
async def second_device(play: Play) -> None:
    await play.begin()
    await play.stage.again(play.guest, device="phone")


@case("people.update", "name-and-line", "P1", "owner guest")
async def name_and_line(play: Play) -> None:
    await play.begin()
    await play.do(play.guest, "people.update", name="Gil the baker", about="brings cake")


@case("people.update", "line", "P1", "guest listener")
async def line(play: Play) -> None:
    await play.do(play.guest, "people.update", about="brings cake")
    await play.begin()
    await play.do(play.guest, "people.update", about="")


@case("people.leave", "of-own-will", "P3", "owner guest")
async def leaves(play: Play) -> None:
    await play.begin()
    await play.do(play.listener, "people.leave")


@case("people.role", "participant-to-cohost", "R5", "owner cohost guest listener")
async def promote(play: Play) -> None:
    await play.say(play.cohost, "Gil helps from now on")
    await knocker(play)
    await play.begin()
    await play.do(play.owner, "people.role", person=play.guest.me, role="cohost")


@case("people.role", "cohost-to-participant", "R5", "owner cohost guest")
async def demote(play: Play) -> None:
    await knocker(play)
    await play.begin()
    await play.do(play.owner, "people.role", person=play.cohost.me, role="participant")


@case("people.role", "audience-to-participant", "R5", "owner listener")
async def call_up(play: Play) -> None:
    await play.begin()
    await play.do(play.cohost, "people.role", person=play.listener.me, role="participant")


@case("people.role", "there-and-back", "R5", "guest")
async def there_and_back(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "people.role", person=play.guest.me, role="cohost")
    await play.say(play.listener, "for a moment")
    await play.do(play.owner, "people.role", person=play.guest.me, role="audience")
    await play.say(play.listener, "and over")


@case("people.hand_over", "to-participant", "R5", "owner cohost guest listener")
async def hand_over(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "people.hand_over", person=play.guest.me)


@case("people.hand_over", "to-cohost", "R5", "owner cohost")
async def hand_over_to_cohost(play: Play) -> None:
    await play.begin()
    await play.do(play.owner, "people.hand_over", person=play.cohost.me)


@case("people.mute", "on", "R5", "cohost guest listener")
async def mute(play: Play) -> None:
    await play.begin()
    await play.do(play.cohost, "people.mute", person=play.guest.me, muted=True)


@case("people.mute", "off", "R5", "guest")
async def unmute(play: Play) -> None:
    await play.do(play.cohost, "people.mute", person=play.guest.me, muted=True)
    await play.begin()
    await play.do(play.owner, "people.mute", person=play.guest.me, muted=False)


@case("people.remove", "somebody-here", "R5", "owner cohost listener")
async def remove(play: Play) -> None:
    await play.say(play.guest, "this stays")
    await play.begin()
    await play.do(play.cohost, "people.remove", person=play.guest.me)


@case("people.remove", "somebody-lost", "R5", "owner listener")
async def remove_lost(play: Play) -> None:
    play.guest.lose()
    await play.stage.settle()
    await play.stage.pass_time(5)
    await play.begin()
    await play.do(play.owner, "people.remove", person=play.guest.me)


@case("people.ban", "messages-stay", "R5", "owner listener")
async def ban(play: Play) -> None:
    await play.say(play.guest, "this stays")
    await play.begin()
    await play.do(play.owner, "people.ban", person=play.guest.me)


async def much_written(play: Play, author: LocalClient) -> None:
    """The author has written, was quoted, pinned and reacted to, and has direct conversations."""
    first = await play.say(author, "buy my thing")
    second = await play.say(author, "now")
    await play.say(play.listener, "please stop", reply_to=first)
    await play.do(play.owner, "chat.pin", message=second, on=True)
    await play.do(play.listener, "chat.react", message=first, emoji="👎", on=True)
    await play.say(author, "psst", peer=play.listener.me)
    await play.say(play.listener, "no", peer=author.me)


@case("people.ban", "messages-deleted", "R5 C2", "owner cohost listener")
async def ban_and_delete(play: Play) -> None:
    await much_written(play, play.guest)
    await play.begin()
    await play.do(play.owner, "people.ban", person=play.guest.me, delete_messages=True)


@case("people.ban", "somebody-removed", "R5", "owner guest")
async def ban_removed(play: Play) -> None:
    await play.do(play.owner, "people.remove", person=play.listener.me)
    await play.begin()
    await play.do(play.cohost, "people.ban", person=play.listener.me, delete_messages=True)


@case("people.readmit", "removed", "R5", "owner guest")
async def readmit(play: Play) -> None:
    await play.do(play.owner, "people.remove", person=play.listener.me)
    await play.begin()
    await play.do(play.cohost, "people.readmit", person=play.listener.me)


@case("people.readmit", "banned", "R5", "owner cohost")
async def readmit_banned(play: Play) -> None:
    await play.do(play.cohost, "people.ban", person=play.listener.me)
    await play.begin()
    await play.do(play.owner, "people.readmit", person=play.listener.me)


@case("people.admit", "knocking", "R3", "owner cohost guest")
async def admit(play: Play) -> None:
    ticket = await knocker(play)
    await play.begin()
    await play.do(play.cohost, "people.admit", knock=ticket)


@case("people.admit_all", "two-of-three", "R4", "owner guest")
async def admit_all(play: Play) -> None:
    tickets = [await knocker(play, name) for name in ("Kim", "Lou", "Max")]
    await play.do(play.cohost, "people.decline", knock=tickets[1])
    await play.begin()
    await play.do(play.owner, "people.admit_all", knocks=tickets[:2])


@case("people.decline", "one-of-two", "R3", "owner guest")
async def decline(play: Play) -> None:
    ticket = await knocker(play)
    await knocker(play, "Lou")
    await play.begin()
    await play.do(play.owner, "people.decline", knock=ticket)


@case("people.knocked", "asked", "R3", "owner guest")
async def knocked(play: Play) -> None:
    await play.begin()
    await knocker(play)


@case("people.knock_settled", "unanswered", "R3", "owner cohost")
async def unanswered(play: Play) -> None:
    await knocker(play)
    await play.begin()
    await play.stage.pass_time(200)


@case("people.knocked", "back-at-the-door", "R4", "owner guest")
async def back_at_the_door(play: Play) -> None:
    kim = await Visitor.come(play.stage, play.place)
    await play.do(play.owner, "rooms.update", admission="knock")
    ticket = await kim.must_knock()
    await play.stage.pass_time(30)
    await knocker(play, "Lou")
    await play.begin()
    await kim.wait_no_longer(ticket)
    await play.stage.settle()


@case("people.knock_settled", "left", "R4", "owner cohost guest")
async def left_the_door(play: Play) -> None:
    await knocker(play)
    await play.begin()
    await play.stage.pass_time(30)


@case("people.changed", "lost-and-gone", "P3", "owner listener")
async def lost_and_gone(play: Play) -> None:
    await play.begin()
    play.guest.lose()
    await play.stage.settle()
    await play.stage.pass_time(30)


@case("people.changed", "lost-and-back", "P3", "owner listener")
async def lost_and_back(play: Play) -> None:
    await play.begin()
    play.guest.lose()
    await play.stage.settle()
    await play.stage.pass_time(5)
    await play.stage.again(play.guest)


@case("people.changed", "gone-and-back", "P3", "owner listener")
async def gone_and_back(play: Play) -> None:
    await play.begin()
    play.guest.lose()
    await play.stage.settle()
    await play.stage.pass_time(30)
    await play.stage.again(play.guest)


@case("people.remove", "two-at-once", "R5", "owner")
async def remove_two(play: Play) -> None:
    await play.begin()
    await asyncio.gather(
        play.owner.must("people.remove", person=play.listener.me),
        play.cohost.must("people.remove", person=play.guest.me),
    )
