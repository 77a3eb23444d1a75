"""Who records the call. The recording itself is made by their page, and sent into the room's files while it runs; here
is who may, that everyone is told as long as it does, and when it is over.

It hangs on a place in the call and its epoch. When either is lost the page that records has a while to say that it is
back and still does: a cut of half a minute does not end it; leaving, a longer cut, and a page that was loaded again do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.call import contract
from salon.call.seats import access_own, begin, seats_of, settings_of
from salon.call.tables import CallRecording
from salon.core.database.statements import Statement
from salon.core.dispatch import Context, handles, listens
from salon.core.due import in_open_room
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Member
from salon.people.contract import PeopleChanged

if TYPE_CHECKING:
    from salon.core.house import House

GRACE_MS = 20 * 1000
"""So long after a place was given up for lost, or its media began anew, its page may say that it goes on."""

_ANY = Statement(select(CallRecording.id).where(CallRecording.room_id == bindparam("room_id")).limit(1))

_DUE = Statement(select(CallRecording.room_id).where(CallRecording.due_at <= bindparam("now")).distinct())


def mark(recording: CallRecording) -> contract.RecordingMark:
    return contract.RecordingMark(
        id=recording.id, person=recording.member_id, file=recording.file, since=recording.since
    )


async def recordings_of(session: AsyncSession, room_id: str) -> list[CallRecording]:
    here = select(CallRecording).where(CallRecording.room_id == room_id)
    statement = here.order_by(CallRecording.since, CallRecording.id).execution_options(populate_existing=True)
    return list((await session.execute(statement)).scalars())


@handles(contract.Record)
async def record(cmd: contract.Record, ctx: Context) -> contract.Recorded:
    await begin(ctx)
    seat = await access_own(ctx)
    await _check_may(ctx, ctx.me)
    before = [each for each in await recordings_of(ctx.session, ctx.room.id) if each.member_id == ctx.me.id]
    for each in before:
        if each.file == cmd.file:
            each.seat_id, each.epoch, each.due_at = seat.id, seat.epoch, None
            return contract.Recorded(recording=mark(each))
        if (each.seat_id, each.epoch, each.due_at) == (seat.id, seat.epoch, None):
            raise Refused("recording_runs")
    await _end(ctx, before)
    recording = CallRecording(
        id=new_id(),
        room_id=ctx.room.id,
        member_id=ctx.me.id,
        seat_id=seat.id,
        epoch=seat.epoch,
        file=cmd.file,
        since=ctx.now,
        due_at=None,
    )
    ctx.session.add(recording)
    await ctx.session.flush()
    ctx.to_room(contract.RecordingBegun(recording=mark(recording)))
    return contract.Recorded(recording=mark(recording))


async def _check_may(ctx: Context, member: Member) -> None:
    if (await settings_of(ctx.session, ctx.room.id)).record == "hosts" and not member.is_host:
        raise Refused("forbidden", "Only hosts record in this room.")


@handles(contract.StopRecording)
async def stop(cmd: contract.StopRecording, ctx: Context) -> None:
    await begin(ctx)
    recording = await ctx.session.get(CallRecording, cmd.recording, populate_existing=True)
    if recording is None or recording.room_id != ctx.room.id:
        raise Refused("recording_unknown", field="recording")
    if recording.member_id != ctx.me.id and not ctx.me.is_host:
        raise Refused("forbidden", "It is somebody else who records.")
    await _end(ctx, [recording], by=ctx.me.id)


async def _end(ctx: Context, recordings: Iterable[CallRecording], *, by: str | None = None) -> None:
    for each in recordings:
        await ctx.session.execute(delete(CallRecording).where(CallRecording.id == each.id))
        ctx.session.expunge(each)
        ctx.to_room(contract.RecordingEnded(recording=each.id, person=each.member_id, file=each.file, by=by))


@listens(contract.ParticipantLeft)
async def end_with_place(event: contract.ParticipantLeft, ctx: Context) -> None:
    running = await recordings_of(ctx.session, ctx.room.id)
    theirs = [each for each in running if each.seat_id == event.participant]
    if event.why != "lost":
        await _end(ctx, theirs)
    for each in theirs:
        each.due_at = ctx.now + GRACE_MS


@listens(contract.ParticipantsChanged)
async def end_with_page(event: contract.ParticipantsChanged, ctx: Context) -> None:
    """Where media begins anew the page that recorded may not be there any more."""
    if await ctx.db.one(_ANY, room_id=ctx.room.id) is None:
        return
    epochs = {each.id: each.epoch for each in event.participants}
    for each in await recordings_of(ctx.session, ctx.room.id):
        if each.seat_id in epochs:
            anew = epochs[each.seat_id] != each.epoch
            each.due_at = (each.due_at or ctx.now + GRACE_MS) if anew else None


@listens(contract.SettingsChanged)
async def follow_settings(_event: contract.SettingsChanged, ctx: Context) -> None:
    await _end_forbidden(ctx)


@listens(PeopleChanged)
async def follow_people(event: PeopleChanged, ctx: Context) -> None:
    """Who is no host any more may perhaps not record."""
    if event.people:
        await _end_forbidden(ctx)


async def _end_forbidden(ctx: Context) -> None:
    if await ctx.db.one(_ANY, room_id=ctx.room.id) is None:
        return
    await ctx.session.flush()
    if (await settings_of(ctx.session, ctx.room.id)).record == "everyone":
        return
    running = await recordings_of(ctx.session, ctx.room.id)
    members = {each.id: await ctx.session.get_one(Member, each.member_id) for each in running}
    await _end(ctx, [each for each in running if not members[each.id].is_host])


class Recordings(Service):
    """Ends those whose place did not come back."""

    sweep_seconds = 2

    def __init__(self, house: House) -> None:
        self._house = house

    async def sweep(self) -> None:
        for (room_id,) in await self._house.storage.look(_DUE, now=self._house.clock.now()):
            await in_open_room(self._house.dispatcher, room_id, _end_due)


async def _end_due(ctx: Context) -> None:
    await begin(ctx)
    running = await recordings_of(ctx.session, ctx.room.id)
    await _end(ctx, [each for each in running if each.due_at is not None and each.due_at <= ctx.now])


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """The guest's recording becomes the other member's, unless its place is gone or they have one already."""
    places = {seat.id for seat in await seats_of(ctx.session, ctx.room.id)}
    running = await recordings_of(ctx.session, ctx.room.id)
    await _end(ctx, [each for each in running if each.seat_id not in places])
    theirs = update(CallRecording).where(CallRecording.member_id == guest.id)
    await ctx.session.execute(theirs.values(member_id=own.id))
    await ctx.session.flush()


async def forget_person(ctx: Context, member: Member) -> None:
    """Their account was deleted."""
    running = await recordings_of(ctx.session, ctx.room.id)
    await _end(ctx, [each for each in running if each.member_id == member.id])
