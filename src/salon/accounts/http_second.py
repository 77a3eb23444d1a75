"""The second factor over HTTP: setting it up, the second step of signing in, recovery codes, switching it off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from salon.accounts import codes, second_factor, shapes
from salon.accounts.access import access_own_account, check_fresh
from salon.accounts.attempts import begin_attempt, forgive
from salon.accounts.audit import record
from salon.accounts.desk import Desk, desk_of
from salon.accounts.entering import check_password, enter
from salon.accounts.notices import tell_owner
from salon.accounts.replies import TICKET, forget_ticket, let_in, signed_in
from salon.accounts.second_step import finish_sign_in, forget_half
from salon.accounts.tables import Account
from salon.core.http import HouseOf, NetworkOf, Visit, VisitOf
from salon.core.refusals import Refused
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

Proof = Callable[[Work, Account], Awaitable[None]]


def add(routes: APIRouter) -> None:
    _second_step(routes)
    _setting_up(routes)
    _changing(routes)


def _second_step(routes: APIRouter) -> None:
    @routes.post("/account/second-step")
    async def give_code(
        asked: shapes.SecondStep,
        request: Request,
        house: HouseOf,
        visit: VisitOf,
        network: NetworkOf,
        response: Response,
    ) -> shapes.SignedIn:
        """After the password: a code of the app, or a recovery code. With it the session begins."""
        ticket = asked.ticket if visit.bearer else request.cookies.get(TICKET)
        return let_in(house, visit, response, await finish_sign_in(house, visit, ticket, asked.code, network))

    @routes.delete("/account/second-step")
    async def go_back(request: Request, house: HouseOf, visit: VisitOf, response: Response) -> shapes.Done:
        """Sign in some other way, or as somebody else. The password given is forgotten."""
        ticket = request.cookies.get(TICKET)
        if ticket and not visit.bearer:
            await house.writer.run("", lambda work: forget_half(work, ticket))
        forget_ticket(response)
        return shapes.Done()


def _setting_up(routes: APIRouter) -> None:
    @routes.post("/account/second-factor/start")
    async def start(house: HouseOf, visit: VisitOf, response: Response) -> shapes.FactorSetup:
        """A new secret for one's authenticator app; the sign-in must be fresh. It counts once it gave a code."""

        async def begin(work: Work) -> second_factor.Setup:
            account = await access_own_account(work.session, visit)
            await check_fresh(work.session, visit, work.now)
            return await second_factor.begin_setup(work, desk_of(house), account)

        made = await house.writer.run("", begin)
        response.headers["Cache-Control"] = "no-store"
        return shapes.FactorSetup(uri=made.uri, key=made.key, picture=codes.picture_of(made.uri))

    @routes.post("/account/second-factor")
    async def switch_on(
        asked: shapes.CodeGiven, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.FactorOn:
        """The app's first code switches it on. Other sessions end. Recovery codes are shown this once."""
        desk = desk_of(house)
        pair = await _begin(house, desk, visit, network)
        given = await second_factor.read_code(desk, visit.identity, asked.code)
        made = await second_factor.hashed_codes(desk)

        async def write(work: Work) -> tuple[Account, str]:
            account = await access_own_account(work.session, visit)
            await second_factor.switch_on(work, desk, account, given)
            await forgive(work, pair)
            await second_factor.replace_recovery(work, account.identity_id, made)
            # Those sessions began without it.
            await desk.end_all(work, account.identity_id)
            return account, await enter(work, desk, visit, account, "second_factor_on", network)

        entered = signed_in(house, visit, response, *await house.writer.run("", write))
        response.headers["Cache-Control"] = "no-store"
        return shapes.FactorOn(account=entered.account, token=entered.token, recovery_codes=list(made))


def _changing(routes: APIRouter) -> None:
    @routes.post("/account/second-factor/recovery-codes")
    async def renew_codes(
        asked: shapes.EitherProof, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.RecoveryCodes:
        """Ten new recovery codes, for the password or a code. The earlier ones hold no longer."""
        desk = desk_of(house)
        check = await _prove(house, visit, asked, network)
        made = await second_factor.hashed_codes(desk)

        async def write(work: Work) -> None:
            account = await access_own_account(work.session, visit)
            await check(work, account)
            await second_factor.replace_recovery(work, account.identity_id, made)
            record(work.session, work.now, "account.recovery_codes", actor=account.identity_id, network=network)
            tell_owner(work, house, account, "new_codes")

        await house.writer.run("", write)
        response.headers["Cache-Control"] = "no-store"
        return shapes.RecoveryCodes(recovery_codes=list(made))

    @routes.delete("/account/second-factor")
    async def switch_off(
        asked: shapes.EitherProof, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.SignedIn:
        """Switch it off, for the password or a code. Other sessions end, and this one gets a new token."""
        desk = desk_of(house)
        check = await _prove(house, visit, asked, network)

        async def write(work: Work) -> tuple[Account, str]:
            account = await access_own_account(work.session, visit)
            await check(work, account)
            await second_factor.switch_off(work, account)
            tell_owner(work, house, account, "off")
            await desk.end_all(work, account.identity_id)
            return account, await enter(work, desk, visit, account, "second_factor_off", network)

        return signed_in(house, visit, response, *await house.writer.run("", write))


async def _begin(house: House, desk: Desk, visit: Visit, network: str) -> str:
    """Count an attempt at the codes of the account that the caller is signed in to."""
    async with house.storage.read() as session:
        await access_own_account(session, visit)
    return await begin_attempt(desk, second_factor.limit_key(visit.identity), network)


async def _prove(house: House, visit: Visit, asked: shapes.EitherProof, network: str) -> Proof:
    """Look at what the caller proves it with. What is returned says in the transaction whether it still holds."""
    desk = desk_of(house)
    async with house.storage.read() as session:
        account = await access_own_account(session, visit)
    if account.second_factor_at is None:
        raise Refused("second_factor_off")
    if asked.code is not None:
        pair = await _begin(house, desk, visit, network)
        given = await second_factor.read_code(desk, visit.identity, asked.code)

        async def by_code(work: Work, current: Account) -> None:
            if current.second_factor_at is None:
                raise Refused("second_factor_off")
            await second_factor.use_code(work, desk, current, given, network)
            await forgive(work, pair)

        return by_code
    if asked.password is None or account.password_hash is None:
        raise Refused("credentials_wrong", "A code or your password is needed for this.", field="password")
    await check_password(desk, account, asked.password, network)

    async def by_password(_work: Work, current: Account) -> None:
        if current.second_factor_at is None:
            raise Refused("second_factor_off")
        if current.password_hash != account.password_hash:
            raise Refused("sign_in_required")

    return by_password
