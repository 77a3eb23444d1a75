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
Code = Annotated[str, Field(max_length=100)]
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


class CodeGiven(Model):
    code: Code


class SecondStep(Model):
    code: Code
    """Of the authenticator app, or a recovery code."""
    ticket: Token | None = None
    """For bots: as the sign-in answered. Browsers have it in their cookie."""


class EitherProof(Model):
    """One of them is needed."""

    password: Password | None = None
    code: Code | None = None
    """Of the authenticator app, or a recovery code."""


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
    second_factor: bool
    """Whether a code is asked for besides."""
    created_at: Millis


class Provider(Model):
    name: str
    title: str


class SecondStepAsked(Model):
    expires_at: Millis
    ticket: str | None = None
    """For bots, who give it with the code. Browsers have it in a cookie."""


class FactorState(Model):
    since: Millis | None
    """None while it is off."""
    recovery_left: int
    """Recovery codes that were not used yet."""
    needed: bool
    """Whether this server asks it of administrators, and the account is one's."""


class Whoami(Model):
    identity: str | None
    """Who this browser is to the server, signed in or not; none without a session. Nobody else is told of a guest's."""
    account: ShownAccount | None
    """None for a guest."""
    second_step: SecondStepAsked | None
    """In this browser the right password was given: a code is asked for (``POST /api/account/second-step``)."""
    second_factor: FactorState | None
    """Of the account."""
    linked: list[str]
    """The providers with which this account can be signed in to."""
    mail: bool
    """Whether this server can send mail. If not, an administrator hands out links for new passwords."""
    providers: list[Provider]


class SignedIn(Model):
    account: ShownAccount
    token: str | None = None
    """For bots: the new bearer token. Browsers have it in their cookie."""


class HalfSignedIn(Model):
    """The password was right. The session begins when a code is given: ``POST /api/account/second-step``."""

    second_step: SecondStepAsked


class FactorSetup(Model):
    uri: str
    """``otpauth://…``, for apps on this device."""
    key: str
    """The same secret, to be typed."""
    picture: str
    """The address as a QR code: an SVG as data."""


class RecoveryCodes(Model):
    recovery_codes: list[str]
    """Shown this once: each can stand for a code, once."""


class FactorOn(SignedIn, RecoveryCodes):
    """The session has begun anew."""


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
            "second_factor": account.second_factor_at is not None,
            "created_at": account.created_at,
        }
    )
