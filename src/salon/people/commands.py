"""Coming in, going, and what hosts may do to others."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy import update as sql_update

from salon.core.access import access_subordinate
from salon.core.audit import record
from salon.core.contract import STANDING, Need, PeopleOut
from salon.core.database.statements import Statement
from salon.core.dispatch import Context, handles, listens
from salon.core.door import check_way, is_guarded, revoke
from salon.core.fanout import signal
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Member, Room
from salon.core.text import comparable
from salon.people import contract
from salon.people.rules import about_line, distinct_name, person_name, places_of
from salon.people.snapshot import person_of, removed_person_of
from salon.rooms.contract import RoomClosed

# A crowd comes at once: what everybody needs to come in is compiled once.
_NAMED = Statement(
    select(Member.id).where(
        Member.room_id == bindparam("room_id"), Member.id != bindparam("but"), Member.name_key == bindparam("name_key")
    )
)
_STORE = Statement(insert(Member))


@handles(contract.Join)
async def join(cmd: contract.Join, ctx: Context) -> contract.Joined:
    name, about = person_name(cmd.name), about_line(cmd.about)
    former = ctx.membership
    role = former.role if former is not None else await _role_of_newcomer(ctx)
    # First the door, then the places: how full it is inside is told to nobody who may not come in.
    if is_guarded(ctx.room):
        await check_way(ctx.session, ctx.room, ctx.caller.identity, former)
    await check_capacity(ctx, role)
    ctx.refresh(ctx.caller.identity)
    if former is None:
        return contract.Joined(person=await _add_member(ctx, role, name, about))
    await _rename(ctx, former, name)
    former.about = about
    former.status, former.status_at = "in", ctx.now
    former.seated, former.lost_at = True, ctx.now
    return contract.Joined(person=former.id)


async def check_capacity(ctx: Context, role: str) -> None:
    """There must be a place left. Hosts always find one."""
    room = ctx.room
    places = places_of(room.capacity, ctx.settings.largest_room)
    if places is None or role in {"owner", "cohost"}:
        return
    # Only now: a crowd comes into a room without limit by statements alone.
    session = ctx.session
    if session.get_bind().dialect.name != "sqlite":
        # Several servers on one database let people in one after the other: else each would give away the last place.
        await session.execute(select(Room.id).where(Room.id == room.id).with_for_update())
    seated = select(func.count()).select_from(Member).where(Member.room_id == room.id, Member.seated)
    if (await session.execute(seated)).scalar_one() >= places:
        raise Refused("room_full", f"The room is full: {places} people are in it.")


async def _role_of_newcomer(ctx: Context) -> str:
    if ctx.room.creator_id != ctx.caller.identity:
        return ctx.room.newcomers
    owner = select(Member.id).where(Member.room_id == ctx.room.id, Member.role == "owner")
    return "owner" if (await ctx.session.execute(owner)).first() is None else ctx.room.newcomers


async def _add_member(ctx: Context, role: str, name: str, about: str) -> str:
    name, person = await _free_name(ctx, name), new_id()
    await ctx.db.all(
        _STORE,
        id=person,
        room_id=ctx.room.id,
        identity_id=ctx.caller.identity,
        name=name,
        name_key=comparable(name),
        about=about,
        picture=None,
        role=role,
        status="in",
        status_at=ctx.now,
        muted=False,
        # The place is taken now; the room is told when the connection is welcomed, together with others who come.
        seated=True,
        lost_at=ctx.now,
        present=False,
        devices=[],
        since=ctx.now,
    )
    return person


async def _free_name(ctx: Context, name: str, but: str = "") -> str:
    """The name with a suffix if somebody but this member has it already."""
    # Most names are free, which the index tells at once; names that begin alike are looked for in the whole room.
    if await ctx.db.one(_NAMED, room_id=ctx.room.id, but=but, name_key=comparable(name)) is None:
        return name
    alike = select(Member.name_key).where(
        Member.room_id == ctx.room.id, Member.id != but, Member.name_key.startswith(comparable(name), autoescape=True)
    )
    return distinct_name(name, set((await ctx.session.execute(alike)).scalars()))


async def _rename(ctx: Context, member: Member, name: str) -> None:
    if comparable(name) == member.name_key:
        member.name = name
        return
    member.name = await _free_name(ctx, name, but=member.id)
    member.name_key = comparable(member.name)


@handles(contract.Update)
async def update(cmd: contract.Update, ctx: Context) -> None:
    if cmd.name is not None:
        await _rename(ctx, ctx.me, person_name(cmd.name))
    if cmd.about is not None:
        ctx.me.about = about_line(cmd.about)
    tell_changed(ctx, ctx.me)


@handles(contract.Leave)
async def leave(_cmd: contract.Leave, ctx: Context) -> None:
    _go(ctx, ctx.me, "left")
    ctx.expel(ctx.me.identity_id, signal(PeopleOut(reason="left")))


@handles(contract.SetRole)
async def set_role(cmd: contract.SetRole, ctx: Context) -> None:
    member = await access_subordinate(ctx.session, ctx.me, cmd.person)
    if STANDING[cmd.role] > ctx.me.standing:
        raise Refused("forbidden")
    _give_role(ctx, member, cmd.role)


@handles(contract.HandOver)
async def hand_over(cmd: contract.HandOver, ctx: Context) -> None:
    member = await access_subordinate(ctx.session, ctx.me, cmd.person)
    _give_role(ctx, ctx.me, "cohost")
    # Nobody is above an owner who could lift it.
    member.muted = False
    _give_role(ctx, member, "owner")


def _give_role(ctx: Context, member: Member, role: str) -> None:
    was_host = member.is_host
    _note(ctx, "room.role", person=member.id, role=role)
    member.role = role
    tell_changed(ctx, member)
    if member.is_host != was_host:
        ctx.refresh(member.identity_id)


@handles(contract.Mute)
async def mute(cmd: contract.Mute, ctx: Context) -> None:
    member = await access_subordinate(ctx.session, ctx.me, cmd.person)
    member.muted = cmd.muted
    _note(ctx, "room.mute" if cmd.muted else "room.unmute", person=member.id)
    tell_changed(ctx, member)


@handles(contract.Remove)
async def remove(cmd: contract.Remove, ctx: Context) -> None:
    member = await access_subordinate(ctx.session, ctx.me, cmd.person, also=("left",))
    await _send_out(ctx, member, "removed", delete_messages=False)


@handles(contract.Ban)
async def ban(cmd: contract.Ban, ctx: Context) -> None:
    member = await access_subordinate(ctx.session, ctx.me, cmd.person, also=("left", "removed"))
    await _send_out(ctx, member, "banned", delete_messages=cmd.delete_messages)


async def _send_out(ctx: Context, member: Member, status: str, *, delete_messages: bool) -> None:
    _go(ctx, member, status)
    # What let them in is worth nothing any more, also after they are readmitted.
    await revoke(ctx.session, ctx.room.id, member.identity_id)
    ctx.to_hosts(contract.PersonRemoved(person=removed_person_of(member), messages_deleted=delete_messages))
    reason = PeopleOut.model_validate({"reason": status})
    ctx.expel(member.identity_id, signal(reason))


def _go(ctx: Context, member: Member, status: str) -> None:
    was_here = member.present
    member.status, member.status_at = status, ctx.now
    member.seated = member.present = False
    member.devices, member.lost_at = [], None
    ctx.room.active_at = ctx.now
    if was_here:
        ctx.to_room(contract.PeopleChanged(people=[], joined=[], left=[member.id]))


@handles(contract.Readmit)
async def readmit(cmd: contract.Readmit, ctx: Context) -> None:
    member = await ctx.session.get(Member, cmd.person)
    if member is None or member.room_id != ctx.room.id or member.status not in {"removed", "banned"}:
        raise Refused("person_unknown", field="person")
    if member.status == "banned" and ctx.me.standing < Need.OWNER:
        raise Refused("forbidden", "Only the owner lifts a ban.")
    member.status, member.status_at = "left", ctx.now
    member.role = ctx.room.newcomers
    ctx.to_hosts(contract.PersonReadmitted(person=member.id))


def _note(ctx: Context, action: str, **detail: str) -> None:
    record(ctx.session, ctx.now, action, actor=ctx.caller.identity, subject=ctx.room.id, **detail)


def tell_changed(ctx: Context, member: Member) -> None:
    """Tell the room a person's new state, if the room knows that they are here at all."""
    if member.present:
        ctx.to_room(contract.PeopleChanged(people=[person_of(member)], joined=[], left=[]))


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room does not remember who was in it by name."""
    everyone = sql_update(Member).where(Member.room_id == ctx.room.id)
    await ctx.session.execute(everyone.values(name="", name_key=Member.id, about="", picture=None))
