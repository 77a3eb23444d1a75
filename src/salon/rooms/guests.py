"""Who may come in: what hosts say about it."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import delete, select

from salon.core.access import access_person
from salon.core.accounts import Account, email_address
from salon.core.audit import record
from salon.core.dispatch import Asking, Context, answers, handles, listens
from salon.core.door import EVERYONE
from salon.core.invitations import RoomInvitation, forget_invitations, invite, invite_identity, uninvite_ids
from salon.core.refusals import Refused
from salon.core.tables import Pass
from salon.core.text import comparable, tidy_line
from salon.core.writer import Work
from salon.rooms import contract

UNCLEAR_SHOWN = 20
_QUOTED = re.compile(r'"[^"\n]*"')
_BETWEEN = re.compile(r"[\n\r,;]+")
_NAMED = re.compile(r".*<([^<>]*)>\s*")


def pasted_addresses(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Addresses, each as written and as compared, and what is none. Without other marks, spaces part them too."""
    found: list[tuple[str, str]] = []
    unclear: list[str] = []
    # Mail programs quote names with a comma in them.
    for part in _BETWEEN.split(_QUOTED.sub(" ", text)):
        named = _NAMED.fullmatch(part)
        for each in [named[1]] if named else part.split():
            try:
                found.append(email_address(each))
            except Refused:
                unclear.append(each[:80])
    return found, unclear


@handles(contract.Invite)
async def invite_by_address(cmd: contract.Invite, ctx: Context) -> contract.InviteAnswer:
    addresses, unclear = pasted_addresses(cmd.people)
    if not addresses and not unclear:
        raise Refused("email_invalid", field="people")
    new = await invite(ctx.work, ctx.room.id, addresses)
    _note(ctx, "room.invite", people=new)
    return contract.InviteAnswer(new=new, unclear=unclear[:UNCLEAR_SHOWN])


@handles(contract.InvitePerson)
async def invite_person(cmd: contract.InvitePerson, ctx: Context) -> None:
    member = await access_person(ctx.session, ctx.room.id, cmd.person)
    new = await invite_identity(ctx.work, ctx.room.id, member.identity_id, member.name)
    _note(ctx, "room.invite", people=new)


@handles(contract.Uninvite)
async def uninvite(cmd: contract.Uninvite, ctx: Context) -> None:
    gone = await uninvite_ids(ctx.work, ctx.room.id, cmd.invitations)
    _note(ctx, "room.uninvite", people=gone)


@answers(contract.KnownGroups)
async def known_groups(_query: contract.KnownGroups, asking: Asking) -> contract.KnownGroupsAnswer:
    """Those that the asking host is in; an administrator is told of all. Others' groups are not theirs to know."""
    own = await asking.session.get(Account, asking.me.identity_id)
    if own is None or own.disabled_at is not None:
        return contract.KnownGroupsAnswer(groups=[EVERYONE])
    groups = set(own.groups)
    if own.is_admin:
        for more in (await asking.session.execute(select(Account.groups))).scalars():
            groups.update(more)
    return contract.KnownGroupsAnswer(groups=[EVERYONE, *sorted(groups - {EVERYONE}, key=comparable)])


async def forget_identity(work: Work, identity: str) -> None:
    """An account is deleted: nowhere is kept where it was invited, or what it knew."""
    account = await work.session.get(Account, identity)
    await forget_invitations(work, identity, account.email_key if account is not None else None)
    await work.session.execute(delete(Pass).where(Pass.identity_id == identity))


def change_rule(cmd: contract.Update, ctx: Context) -> None:
    """Set rule and groups as far as the command names them. Who is inside stays; others meet it at once."""
    before = ctx.room.admission, ctx.room.groups
    if cmd.groups is not None:
        groups = {comparable(name): name for each in cmd.groups if (name := tidy_line(each))}
        ctx.room.groups = sorted(groups.values(), key=comparable)
    if cmd.admission is not None:
        ctx.room.admission = cmd.admission
    if ctx.room.admission == "groups" and not ctx.room.groups:
        raise Refused("invalid", "Choose at least one group.", field="groups")
    if ctx.room.groups != before[1]:
        ctx.to_hosts(contract.GroupsChanged(groups=ctx.room.groups))
    if (ctx.room.admission, ctx.room.groups) != before:
        _note(ctx, "room.admission", rule=ctx.room.admission, groups=len(ctx.room.groups))


@listens(contract.RoomClosed)
async def forget_guests(_event: contract.RoomClosed, ctx: Context) -> None:
    """Nobody comes into a closed room, and nobody needs to know who might have."""
    await ctx.session.execute(delete(RoomInvitation).where(RoomInvitation.room_id == ctx.room.id))
    ctx.room.password_hash = None
    ctx.room.groups = []


def _note(ctx: Context, action: str, **detail: Any) -> None:
    record(ctx.session, ctx.now, action, actor=ctx.caller.identity, subject=ctx.room.id, **detail)
