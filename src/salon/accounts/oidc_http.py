"""Signing in through a provider: away, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import Field
from sqlalchemy import delete, select

from salon.accounts.access import check_fresh
from salon.accounts.audit import record
from salon.accounts.desk import desk_of
from salon.accounts.entering import (
    Entered,
    Entry,
    add_account,
    check_open,
    enter,
    enter_or_ask,
    find_by_email,
    new_account,
)
from salon.accounts.oidc import Person, Provider
from salon.accounts.replies import entered
from salon.accounts.rules import account_name, email_address
from salon.accounts.shapes import WayOut
from salon.accounts.tables import Account, AccountLink, ProviderVisit
from salon.core.contract import Model
from salon.core.http import HouseOf, NetworkOf, Visit, VisitOf
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.tables import Session
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

AWAY_MS = 10 * 60 * 1000

Coming = Annotated[str, Query(max_length=4000)]


class Away(Model):
    back_to: Annotated[str, Field(max_length=400, pattern=r"^/([^/\\\s][^\\\s]*)?$")] = "/"
    """The page of this server to return to."""


def _providers(house: House) -> dict[str, Provider]:
    return {each.name: Provider(each) for each in house.settings.oidc}


def _provider_of(house: House, name: str) -> Provider:
    found = house.kept(_providers).get(name)
    if found is None:
        raise Refused("provider_unknown")
    return found


def add(routes: APIRouter) -> None:
    @routes.post("/account/oidc/{name}/start")
    async def start(name: str, asked: Away, house: HouseOf, visit: VisitOf, network: NetworkOf) -> WayOut:
        """Begin to sign in through a provider, or to link it when signed in already: then the sign-in must be fresh.
        The browser goes to ``url``."""
        provider = _provider_of(house, name)
        await _check_may_link(house, visit, name)
        wait = desk_of(house).sign_ins.take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        departure = await provider.depart(_back(house, name))

        async def remember(work: Work) -> None:
            work.session.add(
                ProviderVisit(
                    state_hash=digest(departure.state),
                    provider=name,
                    session_hash=visit.session,
                    nonce=departure.nonce,
                    verifier=departure.verifier,
                    back_to=asked.back_to,
                    expires_at=work.now + AWAY_MS,
                )
            )

        await house.writer.run("", remember)
        return WayOut(url=departure.url)

    @routes.get("/account/oidc/{name}/callback", response_class=Response, status_code=303)
    async def callback(
        name: str,
        house: HouseOf,
        visit: VisitOf,
        network: NetworkOf,
        state: Coming = "",
        code: Coming = "",
    ) -> Response:
        """Where the provider sends people back to. Leads on to a page; what went wrong is in its ``sign_in``."""
        try:
            provider = _provider_of(house, name)
            gone = await house.writer.run("", lambda work: _use_state(work, name, visit, state))
            if not code:
                raise Refused("provider_failed")
            person = await provider.arrive(code, gone.verifier, gone.nonce, _back(house, name), house.clock.now())
            entry = await house.writer.run("", lambda work: _enter_by(work, house, visit, gone, person, network))
        except Refused as refused:
            return RedirectResponse("/account?" + urlencode({"sign_in": refused.code}), 303)
        # The page that asks for a code goes on to where they wanted.
        asked = "/account?" + urlencode({"back": gone.back_to})
        onward = quote(gone.back_to, safe="/?=&#%-._~+:@!$'()*,;") if isinstance(entry, Entered) else asked
        response = RedirectResponse(onward, 303)
        if not visit.bearer:
            entered(house, visit, response, entry)
        return response


def _back(house: House, name: str) -> str:
    return f"{house.addresses.public_url}/api/account/oidc/{name}/callback"


async def _use_state(work: Work, name: str, visit: Visit, state: str) -> ProviderVisit:
    """The visit that this browser left for. It is used up, whatever comes of it."""
    statement = (
        delete(ProviderVisit)
        .where(
            ProviderVisit.state_hash == digest(state),
            ProviderVisit.provider == name,
            ProviderVisit.session_hash == visit.session,
            ProviderVisit.expires_at > work.now,
        )
        .returning(ProviderVisit)
    )
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise Refused("link_expired")
    work.session.expunge(found)
    return found


async def _check_may_link(house: House, visit: Visit, name: str) -> None:
    """Whoever is signed in links a provider only after a fresh sign-in. One that is linked is a way to sign in anew."""
    async with house.storage.read() as session:
        if await session.get(Account, visit.identity) is None:
            return
        own = select(AccountLink.subject).where(AccountLink.provider == name, AccountLink.identity_id == visit.identity)
        if (await session.execute(own)).first() is None:
            await check_fresh(session, visit, house.clock.now())


async def _enter_by(work: Work, house: House, visit: Visit, gone: ProviderVisit, person: Person, network: str) -> Entry:
    session, name = work.session, gone.provider
    link = await session.get(AccountLink, (name, person.subject))
    own = await session.get(Account, visit.identity, populate_existing=True)
    if link is not None:
        if own is not None and own.identity_id != link.identity_id:
            raise Refused("already_signed_in")
        account = await session.get_one(Account, link.identity_id, populate_existing=True)
    else:
        if own is not None:
            # It counts how fresh the sign-in was when they left for the provider.
            await check_fresh(session, visit, gone.expires_at - AWAY_MS)
        account = own or await _account_for(work, house, visit, person)
        # Known by its address alone, an account with a second factor gets no further way in before the code is given:
        # its person links it on their page.
        if own is not None or account.second_factor_at is None:
            session.add(
                AccountLink(provider=name, subject=person.subject, identity_id=account.identity_id, created_at=work.now)
            )
            record(session, work.now, "account.link", actor=account.identity_id, network=network, provider=name)
    await session.flush()
    desk = desk_of(house)
    if own is not None and await session.get(Session, visit.session, populate_existing=True) is not None:
        # This session has had its second step.
        return Entered(account, await enter(work, desk, visit, account, "sign_in", network))
    return await enter_or_ask(work, desk, visit, account, "sign_in", network)


async def _account_for(work: Work, house: House, visit: Visit, person: Person) -> Account:
    """The account of this proven address, if it is proven here too; or else a new one."""
    written, key = email_address(person.email) if person.email is not None else (None, None)
    if key is not None:
        known = await find_by_email(work.session, key)
        if known is not None:
            if known.verified_at is None:
                # Somebody else may have signed up with it, to wait for its owner: they must prove the password first.
                raise Refused("email_taken")
            return known
    check_open(house)
    account = new_account(visit.identity, _name_of(person), work.now)
    account.email, account.email_key = written, key
    account.verified_at = work.now if key is not None else None
    await add_account(work, account)
    return account


def _name_of(person: Person) -> str:
    try:
        return account_name(person.name[:40])
    except Refused:
        return "Guest"
