"""Accounts over HTTP: up, in, out, one's profile, and the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts import admin, http_links, http_second, http_ways, oidc_http, second_factor, shapes
from salon.accounts.access import access_own_account, check_fresh
from salon.accounts.audit import record
from salon.accounts.desk import desk_of
from salon.accounts.entering import check_password, enter, own_words, sign_in, sign_up
from salon.accounts.erasure import erase
from salon.accounts.passwords import accepted
from salon.accounts.pictures import show, small_square
from salon.accounts.replies import TICKET, entered, signed_in
from salon.accounts.rules import about_line, account_name
from salon.accounts.second_step import half_of
from salon.accounts.tables import Account, AccountLink, AccountToken, Picture
from salon.core.http import HouseOf, MaybeIdentityOf, NetworkOf, Visit, VisitOf
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.sessions import COOKIE
from salon.core.tables import Session
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

SESSION_ID = 16
"""Characters of a token's hash by which its owner names it."""


def router() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["accounts"])
    _entering(routes)
    _sessions(routes)
    _profile(routes)
    _pictures(routes)
    http_links.add(routes)
    http_ways.add(routes)
    http_second.add(routes)
    oidc_http.add(routes)
    admin.add(routes)
    return routes


def _entering(routes: APIRouter) -> None:
    @routes.post("/account")
    async def make_account(
        asked: shapes.SignUp, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.SignedIn:
        """Sign up. The account is the guest's identity: what they did as a guest stays theirs."""
        account, token = await sign_up(house, visit, asked.email, asked.password, asked.name, network)
        return signed_in(house, visit, response, account, token)

    @routes.post("/account/sign-in")
    async def enter_account(
        asked: shapes.SignIn, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.SignedIn | shapes.HalfSignedIn:
        """Sign in. What this browser did as a guest becomes the account's. The session gets a new token. Where there
        is a second factor, no session begins before its code is given."""
        return entered(house, visit, response, await sign_in(house, visit, asked.email, asked.password, network))

    @routes.get("/account")
    async def look(request: Request, house: HouseOf, identity: MaybeIdentityOf) -> shapes.Whoami:
        """Who is signed in, and what this server can do."""
        async with house.storage.read() as session:
            half = await half_of(session, request.cookies.get(TICKET), False, house.clock.now())
            account = await session.get(Account, identity) if identity is not None else None
            links = select(AccountLink.provider).where(AccountLink.identity_id == (identity or ""))
            linked = sorted(set((await session.execute(links)).scalars()))
            factor = None if account is None else await _factor_of(house, session, account)
        return shapes.Whoami(
            identity=identity,
            account=None if account is None else shapes.shown(account),
            second_step=None if half is None else shapes.SecondStepAsked(expires_at=half.expires_at),
            second_factor=factor,
            linked=linked if account is not None else [],
            mail=house.mail.can_send,
            providers=[shapes.Provider(name=p.name, title=p.title or p.name) for p in house.settings.oidc],
        )


async def _factor_of(house: House, session: AsyncSession, account: Account) -> shapes.FactorState:
    return shapes.FactorState(
        since=account.second_factor_at,
        recovery_left=await second_factor.recovery_left(session, account.identity_id),
        needed=account.is_admin and house.settings.admins_need_second_factor,
    )


def _sessions(routes: APIRouter) -> None:
    @routes.post("/account/sign-out")
    async def leave(house: HouseOf, visit: VisitOf, response: Response) -> shapes.Done:
        """End this session. Its connections end with it."""
        await house.writer.run("", lambda work: desk_of(house).end_session(work, visit.session))
        response.delete_cookie(COOKIE)
        return shapes.Done()

    @routes.post("/account/sign-out-everywhere")
    async def leave_everywhere(house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response) -> shapes.Done:
        """End all sessions of this account, also this one."""

        async def end(work: Work) -> None:
            account = await access_own_account(work.session, visit)
            await desk_of(house).end_all(work, account.identity_id)
            record(work.session, work.now, "account.sign_out_everywhere", actor=visit.identity, network=network)

        await house.writer.run("", end)
        response.delete_cookie(COOKIE)
        return shapes.Done()

    @routes.get("/account/sessions")
    async def list_sessions(house: HouseOf, visit: VisitOf) -> shapes.ShownSessions:
        """Where one is signed in, the newest first."""
        async with house.storage.read() as session:
            account = await access_own_account(session, visit)
            mine = select(Session).where(Session.identity_id == account.identity_id)
            rows = (await session.execute(mine.order_by(Session.created_at.desc()))).scalars().all()
        return shapes.ShownSessions(
            sessions=[
                shapes.ShownSession(
                    id=each.token_hash[:SESSION_ID],
                    current=each.token_hash == visit.session,
                    bearer=each.bearer,
                    created_at=each.created_at,
                    used_at=each.used_at,
                )
                for each in rows
            ]
        )

    @routes.delete("/account/sessions/{session_id}")
    async def end_session(session_id: str, house: HouseOf, visit: VisitOf) -> shapes.Done:
        """End one of one's sessions, such as that of a lost phone. The sign-in must be fresh."""

        async def end(work: Work) -> None:
            account = await access_own_account(work.session, visit)
            if session_id != visit.session[:SESSION_ID]:
                await check_fresh(work.session, visit, work.now)
            mine = select(Session.token_hash).where(Session.identity_id == account.identity_id)
            for token_hash in (await work.session.execute(mine)).scalars().all():
                if token_hash[:SESSION_ID] == session_id:
                    await desk_of(house).end_session(work, token_hash)

        await house.writer.run("", end)
        return shapes.Done()


def _profile(routes: APIRouter) -> None:
    @routes.patch("/account")
    async def change(asked: shapes.Profile, house: HouseOf, visit: VisitOf) -> shapes.ShownAccount:
        """Change one's profile. In rooms one keeps the name one came in with."""

        async def write(work: Work) -> shapes.ShownAccount:
            account = await access_own_account(work.session, visit)
            if asked.name is not None:
                account.name = account_name(asked.name)
            if asked.about is not None:
                account.about = about_line(asked.about)
            account.theme = asked.theme or account.theme
            account.language = asked.language if asked.language is not None else account.language
            return shapes.shown(account)

        return await house.writer.run("", write)

    @routes.post("/account/password")
    async def change_password(
        asked: shapes.PasswordChange, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.SignedIn:
        """Choose another password. All other sessions end, and this one gets a new token."""
        desk = desk_of(house)
        account = await _prove(house, visit, asked.current, network, field="current")
        chosen = await accepted(asked.password, *own_words(account))
        async with desk.passwords.turn():
            hashed = await desk.passwords.hash(chosen)

        async def write(work: Work) -> tuple[Account, str]:
            current = await access_own_account(work.session, visit)
            if current.password_hash != account.password_hash:
                raise Refused("sign_in_required")
            current.password_hash, current.password_changed_at = hashed, work.now
            await desk.end_all(work, current.identity_id)
            # A link that was asked for before would undo the change.
            await work.session.execute(delete(AccountToken).where(AccountToken.identity_id == current.identity_id))
            return current, await enter(work, desk, visit, current, "password", network)

        return signed_in(house, visit, response, *await house.writer.run("", write))

    @routes.delete("/account")
    async def delete_account(
        asked: shapes.Deletion, house: HouseOf, visit: VisitOf, network: NetworkOf, response: Response
    ) -> shapes.Done:
        """Delete the account and everything of its person. In rooms, what they wrote goes and their name with it."""
        desk = desk_of(house)
        proven = await _prove(house, visit, asked.password, network, field="password")

        async def write(work: Work) -> None:
            account = await access_own_account(work.session, visit)
            if account.password_hash != proven.password_hash:
                raise Refused("sign_in_required")
            await erase(work, house, desk, account)
            record(work.session, work.now, "account.delete", actor=None)

        await house.writer.run("", write)
        response.delete_cookie(COOKIE)
        return shapes.Done()


async def _prove(house: House, visit: Visit, password: str | None, network: str, *, field: str) -> Account:
    """The caller knows the password; or has none, and has just signed in."""
    async with house.storage.read() as session:
        account = await access_own_account(session, visit)
        if account.password_hash is None:
            await check_fresh(session, visit, house.clock.now())
            return account
    if password is None:
        raise Refused("credentials_wrong", "Your password is needed for this.", field=field)
    await check_password(desk_of(house), account, password, network)
    return account


def _pictures(routes: APIRouter) -> None:
    @routes.put("/account/picture", openapi_extra=_PICTURE_BODY)
    async def set_picture(request: Request, house: HouseOf, visit: VisitOf) -> shapes.PictureMade:
        """Show this picture: a PNG, JPEG or WebP as the body. It is cut square, to 256 pixels."""
        async with house.storage.read() as session:
            await access_own_account(session, visit)
        made = Picture(id=new_id(), data=await small_square(desk_of(house).pictures, await request.body()))
        await house.writer.run("", lambda work: _replace(work, visit, made))
        await show(house, visit.identity, made.id)
        return shapes.PictureMade(picture=f"/api/pictures/{made.id}")

    @routes.delete("/account/picture")
    async def remove_picture(house: HouseOf, visit: VisitOf) -> shapes.Done:
        await house.writer.run("", lambda work: _replace(work, visit, None))
        await show(house, visit.identity, None)
        return shapes.Done()

    @routes.get("/pictures/{picture}", response_class=Response, responses={200: {"content": {"image/webp": {}}}})
    async def get_picture(picture: str, house: HouseOf) -> Response:
        """Somebody's picture. Its address cannot be guessed and never changes."""
        found = None
        if picture.isascii() and picture.isprintable():
            async with house.storage.read() as session:
                found = await session.get(Picture, picture)
        if found is None:
            raise Refused("account_unknown", "There is no such picture.")
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return Response(found.data, media_type="image/webp", headers=headers)


_PICTURE_BODY = {
    "requestBody": {
        "required": True,
        "content": {kind: {} for kind in ("image/png", "image/jpeg", "image/webp")},
    }
}


async def _replace(work: Work, visit: Visit, picture: Picture | None) -> None:
    account = await access_own_account(work.session, visit)
    if account.picture_id is not None:
        await work.session.execute(delete(Picture).where(Picture.id == account.picture_id))
    account.picture_id = None
    if picture is not None:
        work.session.add(picture)
        account.picture_id = picture.id
