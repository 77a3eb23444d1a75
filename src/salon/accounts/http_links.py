"""Proving an address, and choosing a new password, by a link."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy import delete, select

from salon.accounts import links, shapes
from salon.accounts.access import access_own_account
from salon.accounts.attempts import take
from salon.accounts.desk import desk_of
from salon.accounts.entering import Entry, enter_or_ask, own_words, set_email
from salon.accounts.passwords import accepted
from salon.accounts.replies import entered
from salon.accounts.rules import email_address
from salon.accounts.tables import Account, AccountToken, ResetRequest
from salon.core.http import HouseOf, NetworkOf, VisitOf
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.writer import Work


def add(routes: APIRouter) -> None:
    _verifying(routes)
    _resetting(routes)


def _verifying(routes: APIRouter) -> None:
    @routes.post("/account/verification")
    async def ask_again(house: HouseOf, visit: VisitOf, network: NetworkOf) -> shapes.ResetAnswer:
        """Send the mail that confirms one's address once more."""
        take(desk_of(house).sign_ups.take(network, house.clock.now()))

        async def ask(work: Work) -> None:
            account = await access_own_account(work.session, visit)
            if account.verified_at is None:
                await links.send_verification(work, house, account)

        await house.writer.run("", ask)
        return shapes.ResetAnswer(mail=house.mail.can_send)

    @routes.post("/account/verify")
    async def verify(asked: shapes.TokenGiven, house: HouseOf) -> shapes.Done:
        """The link in the mail was opened: the address is theirs. One that they change to is theirs from now on."""

        async def note(work: Work) -> None:
            used = await links.use_token(work, asked.token, "verify", "email")
            account = await work.session.get_one(Account, used.identity_id, populate_existing=True)
            if used.purpose == "email":
                await set_email(work, account, links.address_in(asked.token), proven=True)
            account.verified_at = account.verified_at or work.now

        await house.writer.run("", note)
        return shapes.Done()


def _resetting(routes: APIRouter) -> None:
    @routes.post("/account/reset")
    async def ask_for_reset(asked: shapes.EmailAsked, house: HouseOf, network: NetworkOf) -> shapes.ResetAnswer:
        """Ask for a link to choose a new password. Whether there is such an account, the answer does not tell."""
        desk = desk_of(house)
        _, key = email_address(asked.email)
        take(desk.sign_ups.take(network, house.clock.now()))

        async def ask(work: Work) -> None:
            work.session.add(ResetRequest(email_key=key, at=work.now))
            work.after_commit(desk.answer_resets)

        if house.mail.can_send:
            await house.writer.run("", ask)
        return shapes.ResetAnswer(mail=house.mail.can_send)

    @routes.post("/account/new-password")
    async def choose_password(
        asked: shapes.NewPassword, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.SignedIn | shapes.HalfSignedIn:
        """Choose a new password by the link. All sessions end; this browser is signed in, or is asked for a code."""
        desk = desk_of(house)
        take(desk.sign_ins.take(network, house.clock.now()))
        async with house.storage.read() as session:
            # A made-up token costs no hashing.
            waiting = select(AccountToken.identity_id).where(
                AccountToken.token_hash == digest(asked.token), AccountToken.used_at.is_(None)
            )
            identity = (await session.execute(waiting)).scalar_one_or_none()
            account = await session.get(Account, identity) if identity is not None else None
        if account is None:
            raise Refused("link_expired", field="token")
        chosen = await accepted(asked.password, *own_words(account))
        async with desk.passwords.turn():
            hashed = await desk.passwords.hash(chosen)

        async def write(work: Work) -> Entry:
            used = await links.use_token(work, asked.token, "reset", "handed")
            current = await work.session.get_one(Account, used.identity_id, populate_existing=True)
            current.password_hash, current.password_changed_at = hashed, work.now
            if used.purpose == "reset":
                current.verified_at = current.verified_at or work.now
            others = (AccountToken.identity_id == current.identity_id, AccountToken.token_hash != used.token_hash)
            await work.session.execute(delete(AccountToken).where(*others))
            await desk.end_all(work, current.identity_id)
            return await enter_or_ask(work, desk, visit, current, "reset", network)

        return entered(house, visit, response, await house.writer.run("", write))
