"""The answer to every sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

from salon.accounts.entering import HALF_MS, Entered, Entry
from salon.accounts.shapes import HalfSignedIn, SecondStepAsked, SignedIn, shown
from salon.accounts.tables import Account
from salon.core.http import Visit, give_cookie

if TYPE_CHECKING:
    from salon.core.house import House

TICKET = "salon_second_step"
"""The cookie of a browser in which the right password was given, and no code yet."""
TICKET_PATH = "/api/account"


def signed_in(house: House, visit: Visit, response: Response, account: Account, token: str) -> SignedIn:
    """A browser gets the new token as its cookie, a bot in the answer."""
    if visit.bearer:
        return SignedIn(account=shown(account), token=token)
    give_cookie(house, response, token)
    return SignedIn(account=shown(account))


def let_in(house: House, visit: Visit, response: Response, entry: Entered) -> SignedIn:
    """The session has begun, and with it ends what led there."""
    if not visit.bearer:
        forget_ticket(response)
    return signed_in(house, visit, response, entry.account, entry.token)


def entered(house: House, visit: Visit, response: Response, entry: Entry) -> SignedIn | HalfSignedIn:
    """The answer to whoever is in, or is to give a code first: the ticket goes the same way as a token."""
    if isinstance(entry, Entered):
        return let_in(house, visit, response, entry)
    if visit.bearer:
        return HalfSignedIn(second_step=SecondStepAsked(expires_at=entry.expires_at, ticket=entry.ticket))
    give_ticket(house, response, entry.ticket)
    return HalfSignedIn(second_step=SecondStepAsked(expires_at=entry.expires_at))


def give_ticket(house: House, response: Response, ticket: str) -> None:
    """Let the browser keep it for the next minutes, where no page's script can read it, and for nothing else."""
    response.set_cookie(
        TICKET,
        ticket,
        max_age=HALF_MS // 1000,
        path=TICKET_PATH,
        httponly=True,
        samesite="strict",
        secure=house.addresses.secure,
    )


def forget_ticket(response: Response) -> None:
    response.delete_cookie(TICKET, path=TICKET_PATH)
