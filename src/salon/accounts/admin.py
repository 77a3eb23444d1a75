"""For administrators: accounts, rooms, and the list of what was done."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import func, select

from salon.accounts import managing
from salon.accounts.access import AdminOf, access_account, access_admin
from salon.accounts.audit import record
from salon.accounts.audit_names import Names, names_in
from salon.accounts.desk import desk_of
from salon.accounts.links import HANDED_MS
from salon.accounts.shapes import Done, Groups, ShownAccount, shown
from salon.accounts.tables import Account, AuditEntry
from salon.core.contract import Id, Millis, Model
from salon.core.dispatch import Context
from salon.core.http import HouseOf, NetworkOf
from salon.core.refusals import Refused
from salon.core.tables import Member, Room
from salon.core.writer import Work

PAGE = 100

Sought = Annotated[str, Query(max_length=200)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


class ManagedAccount(Model):
    account: ShownAccount
    disabled: bool


class ManagedAccounts(Model):
    total: int
    accounts: list[ManagedAccount]


class AccountOrders(Model):
    """What is left out stays as it is."""

    disabled: bool | None = None
    admin: bool | None = None
    groups: Groups | None = None


class HandedLink(Model):
    url: str
    """Good for one new password. Give it to the person, and to nobody else."""
    expires_at: Millis


class ManagedRoom(Model):
    id: Id
    name: str
    preset: str
    people: int
    """Who are in it now."""
    created_at: Millis
    active_at: Millis
    closed: bool


class ManagedRooms(Model):
    total: int
    rooms: list[ManagedRoom]


class AuditLine(Model):
    id: int
    at: Millis
    actor: str | None
    actor_name: str | None
    action: str
    subject: str | None
    subject_name: str | None
    """Of the account or the room, if it is still known."""
    person_name: str | None
    """Of the person in the room whom it was done to."""
    detail: dict[str, Any]
    network: str | None


class AuditLines(Model):
    lines: Annotated[list[AuditLine], Field(max_length=PAGE)]


def add(routes: APIRouter) -> None:
    _accounts(routes)
    _rooms(routes)
    _audit(routes)


def _managed(account: Account) -> ManagedAccount:
    return ManagedAccount(account=shown(account), disabled=account.disabled_at is not None)


def _accounts(routes: APIRouter) -> None:
    @routes.get("/admin/users")
    async def list_accounts(house: HouseOf, _admin: AdminOf, q: Sought = "", offset: Offset = 0) -> ManagedAccounts:
        """Accounts, the newest first; ``q`` is looked for in names and addresses."""
        those = select(Account).where(*managing.searched(q))
        newest = those.order_by(Account.created_at.desc(), Account.identity_id).offset(offset).limit(PAGE)
        async with house.storage.read() as session:
            total = (await session.execute(select(func.count()).select_from(those.subquery()))).scalar_one()
            rows = (await session.execute(newest)).scalars().all()
        return ManagedAccounts(total=total, accounts=[_managed(each) for each in rows])

    @routes.patch("/admin/users/{identity}")
    async def change_account(identity: str, asked: AccountOrders, house: HouseOf, admin: AdminOf) -> ManagedAccount:
        """Disable or enable an account, make it an administrator's, or put it into groups."""

        async def write(work: Work) -> ManagedAccount:
            me = (await access_admin(work.session, admin)).identity_id
            account = await access_account(work.session, identity)
            if asked.groups is not None:
                account = await managing.set_groups(work, identity, asked.groups, me)
            if asked.admin is not None:
                account = await managing.set_admin(work, identity, asked.admin, me)
            if asked.disabled is not None:
                account = await managing.set_disabled(work, desk_of(house), identity, asked.disabled, me)
            return _managed(account)

        return await house.writer.run("", write)

    @routes.delete("/admin/users/{identity}/second-factor")
    async def reset_second_factor(identity: str, house: HouseOf, admin: AdminOf) -> ManagedAccount:
        """Switch somebody's second factor off who has lost it. All their sessions end, and they are told by mail."""

        async def write(work: Work) -> ManagedAccount:
            me = (await access_admin(work.session, admin)).identity_id
            return _managed(await managing.reset_second_factor(work, desk_of(house), identity, me))

        return await house.writer.run("", write)

    @routes.post("/admin/users/{identity}/reset-link")
    async def make_link(identity: str, house: HouseOf, admin: AdminOf) -> HandedLink:
        """A link for choosing a new password, good for one day and one use."""

        async def write(work: Work) -> HandedLink:
            me = (await access_admin(work.session, admin)).identity_id
            url = await managing.hand_link(work, house, identity, me)
            return HandedLink(url=url, expires_at=work.now + HANDED_MS)

        return await house.writer.run("", write)


def _rooms(routes: APIRouter) -> None:
    @routes.get("/admin/rooms")
    async def list_rooms(
        house: HouseOf, _admin: AdminOf, q: Sought = "", closed: bool = False, offset: Offset = 0
    ) -> ManagedRooms:
        """Rooms, those used last first. Neither links nor PINs: to manage a room is not to enter it."""
        here = select(func.count()).where(Member.room_id == Room.id, Member.present).scalar_subquery()
        those = select(Room, here).where(func.lower(Room.name).contains(q.strip().lower(), autoescape=True))
        if not closed:
            those = those.where(Room.closed_at.is_(None))
        latest = those.order_by(Room.active_at.desc(), Room.id).offset(offset).limit(PAGE)
        async with house.storage.read() as session:
            total = (await session.execute(select(func.count()).select_from(those.subquery()))).scalar_one()
            rows = (await session.execute(latest)).all()
        return ManagedRooms(
            total=total,
            rooms=[
                ManagedRoom(
                    id=room.id,
                    name=room.name,
                    preset=room.preset,
                    people=people,
                    created_at=room.created_at,
                    active_at=room.active_at,
                    closed=room.closed_at is not None,
                )
                for room, people in rows
            ],
        )

    @routes.post("/admin/rooms/{room}/close")
    async def close_room(room: str, house: HouseOf, admin: AdminOf, network: NetworkOf) -> Done:
        """End a room, with everything in it."""

        async def close(ctx: Context) -> None:
            await access_admin(ctx.session, admin)
            for feature in house.features:
                if feature.closes is not None:
                    await feature.closes(ctx, "admin")
            record(
                ctx.session, ctx.now, "room.close", actor=admin.identity, subject=room, network=network, reason="admin"
            )

        if len(room) > 32 or not room.isascii() or not room.isprintable():
            raise Refused("room_unknown")
        await house.dispatcher.system(room, close)
        return Done()


def _audit(routes: APIRouter) -> None:
    @routes.get("/admin/audit")
    async def list_audit(
        house: HouseOf,
        _admin: AdminOf,
        before: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        action: Sought = "",
        actor: Sought = "",
        subject: Sought = "",
    ) -> AuditLines:
        """What was done, the newest first. ``before`` is the id of the last line one has; ``action`` is how one begins,
        ``actor`` and ``subject`` are whole ids."""
        lines = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE)
        if before:
            lines = lines.where(AuditEntry.id < before)
        if action:
            lines = lines.where(AuditEntry.action.startswith(action, autoescape=True))
        if actor:
            lines = lines.where(AuditEntry.actor == actor)
        if subject:
            lines = lines.where(AuditEntry.subject == subject)
        async with house.storage.read() as session:
            entries = (await session.execute(lines)).scalars().all()
            names = await names_in(session, entries)
        return AuditLines(lines=[_line(entry, names) for entry in entries])


def _line(entry: AuditEntry, names: Names) -> AuditLine:
    return AuditLine(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        actor_name=names.accounts.get(entry.actor or "") or names.members.get((entry.subject, entry.actor)),
        action=entry.action,
        subject=entry.subject,
        subject_name=names.accounts.get(entry.subject or "") or names.rooms.get(entry.subject or ""),
        person_name=names.people.get(str(entry.detail.get("person"))),
        detail=entry.detail,
        network=entry.network,
    )
