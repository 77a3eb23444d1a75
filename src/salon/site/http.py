"""The site over HTTP: what everyone may know of it, and what administrators say, set and look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import select

from salon.core.admins import AdminOf, access_admin
from salon.core.audit import record
from salon.core.contract import Id, Millis, Model
from salon.core.http import HouseOf, IdentityOf, MaybeIdentityOf, NetworkOf
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.text import tidy_text
from salon.core.writer import Work
from salon.site import contract, limits, reading, storage
from salon.site.desk import desk_of
from salon.site.tables import Announcement

if TYPE_CHECKING:
    from salon.core.house import House

LONGEST = 500
"""Characters of an announcement."""
MOST = 10
"""Announcements at a time: nobody reads more."""


class SiteNow(Model):
    now: Millis
    announcements: list[contract.Announcement]
    """Those that the caller has not put away yet, the newest first."""
    rooms_need_account: bool
    """Only who is signed in makes rooms."""
    sign_ups_open: bool
    largest_room: int | None


class NewAnnouncement(Model):
    text: Annotated[str, Field(max_length=4 * LONGEST)]
    level: contract.Importance = "info"
    until: Millis | None = None


class Announcements(Model):
    now: Millis
    announcements: list[contract.Announcement]
    """Also what is over, for thirty days."""


class LimitsNow(Model):
    now: limits.Limits
    """What is in force."""
    configured: limits.Limits
    """What the server was started with."""
    chosen: list[str]
    """What administrators have changed since."""
    fixed: dict[str, int | float | str | bool | None]
    """Further limits, which change with the configuration and a restart."""


class Done(Model):
    ok: bool = True


FIXED = (
    "presence_grace_seconds",
    "idle_minutes",
    "session_days",
    "session_max_days",
    "sessions_per_hour",
    "sign_ins_per_hour",
    "account_sign_ins_per_hour",
    "pin_wrong_guesses_per_hour",
    "pin_wrong_guesses_per_network",
    "commands_per_second",
    "person_commands_per_second",
    "room_commands_per_second",
    "log_events",
    "receipt_hours",
    "audit_days",
)


def router() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["site"])
    _for_everyone(routes)
    _announcements(routes)
    _limits(routes)

    @routes.get("/admin/storage")
    async def look_at_storage(house: HouseOf, _admin: AdminOf) -> storage.StorageNow:
        """How much the server keeps, and how much room there is left."""
        return await storage.look(house)

    return routes


def _for_everyone(routes: APIRouter) -> None:
    @routes.get("/site")
    async def look_at_site(house: HouseOf, identity: MaybeIdentityOf) -> SiteNow:
        """Announcements, and what this server asks of those who make rooms."""
        now = house.clock.now()
        async with house.storage.read() as session:
            read = await reading.read_by(session, identity) if identity is not None else ()
            news = [each for each in await reading.current(session, now) if each.id not in read]
        return SiteNow(
            now=now,
            announcements=news,
            rooms_need_account=house.settings.rooms_need_account,
            sign_ups_open=house.settings.sign_ups_open,
            largest_room=house.settings.largest_room,
        )

    @routes.post("/announcements/{announcement}/read")
    async def put_away(announcement: str, house: HouseOf, identity: IdentityOf) -> Done:
        """Not to be shown this one again, on any device."""
        await house.writer.run("", lambda work: reading.put_away(work, announcement, identity))
        return Done()


def _announcements(routes: APIRouter) -> None:
    @routes.get("/admin/announcements")
    async def list_announcements(house: HouseOf, _admin: AdminOf) -> Announcements:
        """All of them, the newest first."""
        async with house.storage.read() as session:
            newest = select(Announcement).order_by(Announcement.created_at.desc(), Announcement.id)
            rows = (await session.execute(newest)).scalars()
            return Announcements(now=house.clock.now(), announcements=[reading.shown(row) for row in rows])

    @routes.post("/admin/announcements")
    async def announce(
        asked: NewAnnouncement, house: HouseOf, admin: AdminOf, network: NetworkOf
    ) -> contract.Announcement:
        """Tell everyone on the landing page and in all rooms, at once."""
        said = tidy_text(asked.text)
        if not said or len(said) > LONGEST:
            raise Refused("invalid", f"An announcement has 1 to {LONGEST} characters.", field="text")

        async def write(work: Work) -> contract.Announcement:
            await access_admin(work.session, admin)
            if asked.until is not None and asked.until <= work.now:
                raise Refused("invalid", "That time is over.", field="until")
            if len(await reading.current(work.session, work.now)) >= MOST:
                raise Refused("invalid", f"There are {MOST} announcements already. Take one back first.", field="text")
            made = Announcement(id=new_id(), text=said, level=asked.level, created_at=work.now, until=asked.until)
            work.session.add(made)
            await work.session.flush()
            record(work.session, work.now, "site.announce", actor=admin.identity, subject=made.id, network=network)
            await desk_of(house).changed(work)
            return reading.shown(made)

        return await house.writer.run("", write)

    @routes.delete("/admin/announcements/{announcement}")
    async def take_back(announcement: Id, house: HouseOf, admin: AdminOf, network: NetworkOf) -> Done:
        """Nobody is shown it any more."""

        async def write(work: Work) -> None:
            await access_admin(work.session, admin)
            if await work.session.get(Announcement, announcement, populate_existing=True) is None:
                raise Refused("announcement_unknown")
            await reading.remove(work.session, [announcement])
            record(
                work.session, work.now, "site.take_back", actor=admin.identity, subject=announcement, network=network
            )
            await desk_of(house).changed(work)

        await house.writer.run("", write)
        return Done()


async def _limits_now(house: House) -> LimitsNow:
    async with house.storage.read() as session:
        chosen = await limits.chosen(session)
    return LimitsNow(
        now=limits.in_force(house.settings),
        configured=desk_of(house).configured,
        chosen=sorted(chosen),
        fixed={name: getattr(house.settings, name) for name in FIXED},
    )


def _limits(routes: APIRouter) -> None:
    @routes.get("/admin/limits")
    async def look_at_limits(house: HouseOf, _admin: AdminOf) -> LimitsNow:
        """What holds on this server, and what of it can be changed here."""
        return await _limits_now(house)

    @routes.patch("/admin/limits")
    async def change_limits(asked: limits.LimitOrders, house: HouseOf, admin: AdminOf, network: NetworkOf) -> LimitsNow:
        """Change limits. They are in force at once, and after a restart."""

        async def write(work: Work) -> None:
            await access_admin(work.session, admin)
            ordered = await limits.choose(work.session, asked)
            if ordered:
                record(work.session, work.now, "site.limits", actor=admin.identity, network=network, **ordered)
                await desk_of(house).changed(work)

        await house.writer.run("", write)
        return await _limits_now(house)
