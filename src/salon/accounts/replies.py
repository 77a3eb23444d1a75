"""The answer to every sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

from salon.accounts.shapes import SignedIn, shown
from salon.accounts.tables import Account
from salon.core.http import Visit, give_cookie

if TYPE_CHECKING:
    from salon.core.house import House


def signed_in(house: House, visit: Visit, response: Response, account: Account, token: str) -> SignedIn:
    """A browser gets the new token as its cookie, a bot in the answer."""
    if visit.bearer:
        return SignedIn(account=shown(account), token=token)
    give_cookie(house, response, token)
    return SignedIn(account=shown(account))
