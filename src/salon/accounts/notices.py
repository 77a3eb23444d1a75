"""What the owner of an account is told by mail about its second factor, wherever it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salon.accounts.tables import Account
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

DAY_MS = 24 * 3600 * 1000

_TEXTS = {
    "on": (
        "Your Salon account has a second factor now",
        "signing in to your account at {site} takes a code of your authenticator app from now on, besides the\n"
        "password. All your other devices are signed out.",
    ),
    "off": (
        "Your Salon account has no second factor any more",
        "the second factor of your account at {site} was switched off. From now on the password is all that is\n"
        "asked for. All your other devices are signed out.",
    ),
    "reset": (
        "Your Salon account has no second factor any more",
        "an administrator has switched off the second factor of your account at {site}, and signed out all your\n"
        "devices. Sign in with your password, and set it up anew.",
    ),
    "recovery": (
        "A recovery code of your Salon account was used",
        "a recovery code of your account at {site} was used instead of a code of your authenticator app. It is used\n"
        "up now: {left} of them left.",
    ),
    "new_codes": (
        "New recovery codes for your Salon account",
        "new recovery codes were made for your account at {site}. The earlier ones hold no longer.",
    ),
    "guessed": (
        "Somebody has the password of your Salon account",
        "somebody gave the right password for your account at {site}, and then only wrong codes. They are not in.",
    ),
}

_MAIL = """Hello {name},

{text}

If it was not you, choose another password now, and look at where you are signed in:

{site}/account
"""


def tell_owner(work: Work, house: House, account: Account, what: str, **more: str) -> None:
    """Tell it to the account's address, if there is one and this server sends mail."""
    if not house.mail.can_send or account.email is None:
        return
    site = house.addresses.public_url
    subject, text = _TEXTS[what]
    body = _MAIL.format(name=account.name, site=site, text=text.format(site=site, **more))
    house.mail.post(work, account.email, subject, body, useful_for_ms=DAY_MS)
