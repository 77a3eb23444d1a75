"""Notifications and browser push over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request

from salon.core.devices import browser_of
from salon.core.http import HouseOf, IdentityOf, VisitOf
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.plans import push, shapes
from salon.plans.keys import keys_of
from salon.plans.notices import look, mark_read, notices_of

if TYPE_CHECKING:
    from salon.core.house import House

WAIT_SECONDS = 20.0
SUBSCRIPTIONS_PER_HOUR = 60

Stamp = Annotated[str | None, Query(max_length=100)]


def add(routes: APIRouter) -> None:
    _notifications(routes)
    _push(routes)


def _notifications(routes: APIRouter) -> None:
    @routes.get("/notifications")
    async def list_notifications(house: HouseOf, identity: IdentityOf, than: Stamp = None) -> shapes.Notifications:
        """The newest. With the stamp that one has as ``than``, the answer waits up to 20 seconds for another one."""
        return await notices_of(house).wait_for(identity, than or "", WAIT_SECONDS)

    @routes.post("/notifications/read")
    async def mark_as_read(
        asked: shapes.NotificationsRead, house: HouseOf, identity: IdentityOf
    ) -> shapes.Notifications:
        await house.writer.run("", lambda work: mark_read(work, house, identity, asked.ids))
        async with house.storage.read() as session:
            return await look(session, identity)


def _changes(_house: House) -> TokenBuckets:
    return TokenBuckets(SUBSCRIPTIONS_PER_HOUR / 3600, SUBSCRIPTIONS_PER_HOUR)


def _push(routes: APIRouter) -> None:
    @routes.get("/push/key")
    async def push_key(house: HouseOf) -> shapes.PushKey:
        """By which browsers' push services know this server."""
        return shapes.PushKey(key=keys_of(house).push_key)

    @routes.post("/push/subscriptions")
    async def subscribe(asked: shapes.NewSubscription, house: HouseOf, visit: VisitOf, request: Request) -> shapes.Done:
        """Tell this browser also while no page is open, until it is signed out. Twice is the same as once."""
        wait = house.kept(_changes).take(visit.identity, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        await push.subscribe(house, visit, asked, browser_of(request.headers))
        return shapes.Done()

    @routes.get("/push/subscriptions")
    async def list_subscriptions(house: HouseOf, visit: VisitOf) -> shapes.Subscriptions:
        """One's own browsers that are told also while no page is open."""
        async with house.storage.read() as session:
            return await push.listed(session, visit)

    @routes.delete("/push/subscriptions")
    async def unsubscribe(asked: shapes.OldSubscription, house: HouseOf, visit: VisitOf) -> shapes.Done:
        await house.writer.run("", lambda work: push.unsubscribe(work, visit.identity, asked.endpoint))
        return shapes.Done()

    @routes.delete("/push/subscriptions/{subscription}")
    async def stop(subscription: str, house: HouseOf, identity: IdentityOf) -> shapes.Done:
        """Tell one of one's browsers nothing more. It is not switched on again by itself."""
        await house.writer.run("", lambda work: push.stop(work, identity, subscription))
        return shapes.Done()
