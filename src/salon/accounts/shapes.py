"""The shapes of accounts over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.accounts.tables import Account
from salon.core.contract import Id, Millis, Model

Email = Annotated[str, Field(max_length=400)]
Password = Annotated[str, Field(max_length=1000)]
"""Measured by ``passwords.new_password``: 8 to 128 characters after normalisation."""
Text = Annotated[str, Field(max_length=4000)]
Token = Annotated[str, Field(min_length=1, max_length=1500)]
"""With an address in it, when it is there to confirm a new one."""
Language = Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$")]
GroupName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]
Groups = Annotated[list[GroupName], Field(max_length=50)]
Looks = Literal["auto", "light", "dark"]


class SignUp(Model):
    email: Email
    password: Password
    name: Text


class SignIn(Model):
    email: Email
    password: Password


class Profile(Model):
    """What is left out stays as it is."""

    name: Text | None = None
    about: Text | None = None
    theme: Looks | None = None
    language: Language | None = None
    """A language tag; empty: whatever the browser says."""


class PasswordChange(Model):
    current: Password | None = None
    """Left out only by those who have none yet, and have just signed in."""
    password: Password


class Proof(Model):
    password: Password


class EmailAsked(Model):
    email: Email


class EmailAnswer(Model):
    ok: bool = True
    mail: bool
    """True: a link was sent there, and the address changes when it is opened. False: no mail is sent here, and the
    address is another one already."""


class NewPassword(Model):
    token: Token
    password: Password


class TokenGiven(Model):
    token: Token


class Deletion(Model):
    password: Password | None = None
    """Left out by those who have none: then the sign-in must be fresh."""


class ShownAccount(Model):
    identity: Id
    email: str | None
    verified: bool
    """Whether it was proven that mail to the address reaches this person."""
    name: str
    about: str
    theme: Looks
    language: str
    picture: str | None
    """Its address on this server."""
    groups: list[str]
    admin: bool
    has_password: bool
    created_at: Millis


class Provider(Model):
    name: str
    title: str


class Whoami(Model):
    account: ShownAccount | None
    """None for a guest."""
    linked: list[str]
    """The providers with which this account can be signed in to."""
    mail: bool
    """Whether this server can send mail. If not, an administrator hands out links for new passwords."""
    providers: list[Provider]


class SignedIn(Model):
    account: ShownAccount
    token: str | None = None
    """For bots: the new bearer token. Browsers have it in their cookie."""


class Done(Model):
    ok: bool = True


class ResetAnswer(Model):
    ok: bool = True
    mail: bool
    """False: no mail is sent here, ask an administrator. It says nothing about the address."""


class ShownSession(Model):
    id: str
    current: bool
    bearer: bool
    created_at: Millis
    used_at: Millis
    """To the hour."""


class ShownSessions(Model):
    sessions: list[ShownSession]


class PictureMade(Model):
    picture: str


class WayOut(Model):
    url: str
    """Where the browser goes to sign in."""


def shown(account: Account) -> ShownAccount:
    return ShownAccount.model_validate(
        {
            "identity": account.identity_id,
            "email": account.email,
            "verified": account.verified_at is not None,
            "name": account.name,
            "about": account.about,
            "theme": account.theme,
            "language": account.language,
            "picture": None if account.picture_id is None else f"/api/pictures/{account.picture_id}",
            "groups": account.groups,
            "admin": account.is_admin,
            "has_password": account.password_hash is not None,
            "created_at": account.created_at,
        }
    )
