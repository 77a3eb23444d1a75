"""The ways in which one signs in: proving that it is still oneself, another address, providers no longer wanted."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy import delete, select

from salon.accounts import links, shapes
from salon.accounts.access import access_own_account, check_fresh
from salon.accounts.audit import record
from salon.accounts.desk import desk_of
from salon.accounts.entering import check_password, enter, set_email
from salon.accounts.replies import signed_in
from salon.accounts.rules import email_address
from salon.accounts.tables import Account, AccountLink
from salon.core.http import HouseOf, NetworkOf, VisitOf
from salon.core.refusals import Refused
from salon.core.writer import Work


def add(routes: APIRouter) -> None:
    _proving(routes)
    _addresses(routes)
    _providers(routes)


def _proving(routes: APIRouter) -> None:
    @routes.post("/account/proof")
    async def prove(
        asked: shapes.Proof, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.SignedIn:
        """Give the password once more. The session begins anew, and its sign-in is fresh."""
        desk = desk_of(house)
        async with house.storage.read() as session:
            account = await access_own_account(session, visit)
        if account.password_hash is None:
            raise Refused("credentials_wrong", "You have no password here: sign in by your provider.", field="password")
        await check_password(desk, account, asked.password, network)

        async def renew(work: Work) -> tuple[Account, str]:
            current = await access_own_account(work.session, visit)
            if current.password_hash != account.password_hash:
                raise Refused("sign_in_required")
            return current, await enter(work, desk, visit, current, "proof", network)

        return signed_in(house, visit, response, *await house.writer.run("", renew))


def _addresses(routes: APIRouter) -> None:
    @routes.post("/account/email")
    async def change_email(
        asked: shapes.EmailAsked, house: HouseOf, visit: VisitOf, network: NetworkOf
    ) -> shapes.EmailAnswer:
        """Ask for another address; the sign-in must be fresh. It changes when the link sent there is opened.

        Without a mail server it changes at once and counts as not confirmed.
        """
        written, key = email_address(asked.email)
        async with house.storage.read() as session:
            account = await access_own_account(session, visit)
            await check_fresh(session, visit, house.clock.now())
        if account.email_key == key:
            raise Refused("email_invalid", "That is your address already.", field="email")
        wait = desk_of(house).sign_ups.take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)

        async def change(work: Work) -> None:
            current = await access_own_account(work.session, visit)
            if house.mail.can_send:
                await links.send_change(work, house, current, written, key)
            else:
                await set_email(work, current, written, proven=False)

        await house.writer.run("", change)
        return shapes.EmailAnswer(mail=house.mail.can_send)


def _providers(routes: APIRouter) -> None:
    @routes.delete("/account/providers/{name}")
    async def unlink(name: str, house: HouseOf, visit: VisitOf, network: NetworkOf) -> shapes.Done:
        """Sign in through this provider no longer; the sign-in must be fresh. The last way in stays."""
        known = {each.name for each in house.settings.oidc}

        async def write(work: Work) -> None:
            account = await access_own_account(work.session, visit)
            await check_fresh(work.session, visit, work.now)
            mine = AccountLink.identity_id == account.identity_id
            linked = set((await work.session.execute(select(AccountLink.provider).where(mine))).scalars())
            if name not in linked:
                raise Refused("provider_unknown")
            by_password = account.password_hash is not None and account.email_key is not None
            if not by_password and not (linked & known) - {name}:
                raise Refused("forbidden", "This is your only way to sign in. Set an address and a password first.")
            await work.session.execute(delete(AccountLink).where(mine, AccountLink.provider == name))
            record(work.session, work.now, "account.unlink", actor=account.identity_id, network=network, provider=name)

        await house.writer.run("", write)
        return shapes.Done()
