"""What becomes of files when the room ends, their person is sent out, signs in, or has their account deleted."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from salon.core.dispatch import Context, listens
from salon.core.tables import Member
from salon.files import growing
from salon.files.desk import files_of, remove
from salon.files.quota import hold
from salon.files.tables import File, FileRoom
from salon.files.traffic import Traffic
from salon.people.contract import PeopleChanged, PersonRemoved
from salon.rooms.contract import RoomChanged, RoomClosed


@listens(RoomClosed)
async def forget_room(_event: RoomClosed, ctx: Context) -> None:
    """A closed room keeps no byte of its files."""
    await hold(ctx)
    await remove(ctx, await files_of(ctx.session, ctx.room.id), told=False)
    await ctx.session.execute(delete(FileRoom).where(FileRoom.room_id == ctx.room.id))
    traffic, room_id = Traffic.of[ctx.fanout], ctx.room.id
    ctx.at_commit(lambda: traffic.room_gone(room_id))


@listens(PersonRemoved)
async def take_away_theirs(event: PersonRemoved, ctx: Context) -> None:
    """Whoever is out fetches and sends no more: what they were sending is given up. What they put there stays, unless
    all that they wrote is deleted. What was for them alone, or from them for one other and not taken yet, goes. A
    recording that they were making ends here and stays: everyone was told of it."""
    await hold(ctx)
    person = event.person.id
    concerned = [file for file in await files_of(ctx.session, ctx.room.id) if person in {file.member_id, file.to_id}]
    gone = [
        file
        for file in concerned
        if file.to_id == person
        or (file.member_id == person and (event.messages_deleted or file.done_at is None or file.accepted is False))
    ]
    grows = [file for file in gone if file.grows and file.to_id is None and not event.messages_deleted]
    growing.end(grows, ctx.now)
    await remove(ctx, [file for file in gone if file not in grows])
    _look_again(ctx)


@listens(PeopleChanged)
async def look_after_people(event: PeopleChanged, ctx: Context) -> None:
    """Who has left may not go on; who has another role perhaps not."""
    if event.left or event.people:
        _look_again(ctx)


@listens(RoomChanged)
async def look_after_room(_event: RoomChanged, ctx: Context) -> None:
    """The activity may be off now."""
    _look_again(ctx)


def _look_again(ctx: Context) -> None:
    traffic, room_id = Traffic.of[ctx.fanout], ctx.room.id
    ctx.at_commit(lambda: traffic.look_again(room_id))


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """What the guest put there, and what was sent to them, is the other member's from now on."""
    for column in (File.member_id, File.to_id):
        await ctx.session.execute(update(File).where(column == guest.id).values({column: own.id}))
    await ctx.session.flush()
    traffic, room_id = Traffic.of[ctx.fanout], ctx.room.id
    ctx.at_commit(lambda: traffic.progress.adopt(room_id, guest.id, own.id))
    _look_again(ctx)


async def forget_person(ctx: Context, member: Member) -> None:
    """The account was deleted: what they brought goes, and what was for them alone."""
    await hold(ctx)
    theirs = select(File).where(File.room_id == ctx.room.id, or_(File.member_id == member.id, File.to_id == member.id))
    files = list((await ctx.session.execute(theirs)).scalars())
    if files:
        ctx.forget_events()
    await remove(ctx, files)
