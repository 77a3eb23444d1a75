"""Links that prove something once: an address is one's own, or a new password may be chosen."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from salon.accounts.tables import Account, AccountToken, ResetRequest
from salon.core.refusals import Refused
from salon.core.security import digest, new_token
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

MINUTE_MS = 60 * 1000
DAY_MS = 24 * 60 * MINUTE_MS
RESET_MS = 10 * MINUTE_MS
HANDED_MS = DAY_MS
"""An administrator's link goes from hand to hand, which takes longer."""
VERIFY_MS = 3 * DAY_MS
CHANGE_MS = 10 * MINUTE_MS
RESETS_AT_ONCE = 50

RESET_TEXT = """Hello {name},

somebody, hopefully you, asked for a new password for your account at {site}.
To choose one, open this within ten minutes:

{link}

If it was not you, there is nothing to do: your password stays as it is.
"""
VERIFY_TEXT = """Hello {name},

to confirm that this is your address for your account at {site}, open this within three days:

{link}

If you have no account there, there is nothing to do.
"""
CHANGE_TEXT = """Hello {name},

somebody, hopefully you, wants this to be the address of their account at {site}.
To confirm it, open this within ten minutes:

{link}

If it was not you, there is nothing to do.
"""
TAKEN_TEXT = """Hello,

somebody, hopefully you, wants this to be the address of their account at {site}.
But there is an account with this address already, and so nothing was changed.

If it is yours, you can sign in to it, or ask for a new password, here:

{site}/account

If it was not you, there is nothing to do.
"""
NOTICE_TEXT = """Hello {name},

somebody, hopefully you, asked for another e-mail address for your account at {site}.
It changes when the link in the mail to the new address is opened.

If it was not you, choose another password now: that ends all other sessions, and the link with them.

{site}/account
"""


async def new_link(
    work: Work, house: House, identity: str, purpose: str, lifetime_ms: int, *, address: str | None = None
) -> str:
    """A link that is good for one use; earlier ones for the same purpose end. Its secret is after the ``#``, which
    browsers send to nobody. An ``address`` travels in it: what is stored, the hash of it all, holds for no other."""
    earlier = (AccountToken.identity_id == identity, AccountToken.purpose == purpose)
    await work.session.execute(delete(AccountToken).where(*earlier))
    token = new_token()
    if address is not None:
        token += "." + base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")
    stored = AccountToken(
        token_hash=digest(token), identity_id=identity, purpose=purpose, expires_at=work.now + lifetime_ms, used_at=None
    )
    work.session.add(stored)
    page = "verify" if purpose in {"verify", "email"} else "reset"
    return f"{house.addresses.public_url}/account/{page}#{token}"


async def use_token(work: Work, token: str, *purposes: str) -> AccountToken:
    """Use up a token. The same one twice is refused, also at the same moment."""
    statement = (
        update(AccountToken)
        .where(
            AccountToken.token_hash == digest(token),
            AccountToken.purpose.in_(purposes),
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(AccountToken)
    )
    used = (await work.session.execute(statement)).scalar_one_or_none()
    if used is None:
        raise Refused("link_expired", field="token")
    return used


def address_in(token: str) -> str:
    """The address that a token was made for. Only of one that has been used just now: it is whole."""
    text = token.partition(".")[2]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


async def send_change(work: Work, house: House, account: Account, written: str, key: str) -> None:
    """Ask by mail whether the new address is theirs, and tell the old one. Whether the new one has an account already
    is told there, to whoever reads its mail, and to nobody else: to the caller both are alike."""
    site = house.addresses.public_url
    taken = (await work.session.execute(select(Account.identity_id).where(Account.email_key == key))).first()
    link = await new_link(work, house, account.identity_id, "email", CHANGE_MS, address=written)
    text = (TAKEN_TEXT if taken else CHANGE_TEXT).format(name=account.name, site=site, link=link)
    house.mail.post(work, written, "Confirm your new address for Salon", text, useful_for_ms=CHANGE_MS)
    if account.email is not None:
        text = NOTICE_TEXT.format(name=account.name, site=site)
        house.mail.post(work, account.email, "Another address for your Salon account", text, useful_for_ms=DAY_MS)


async def send_verification(work: Work, house: House, account: Account) -> None:
    """Ask by mail whether the address is theirs."""
    if not house.mail.can_send or account.email is None:
        return
    link = await new_link(work, house, account.identity_id, "verify", VERIFY_MS)
    text = VERIFY_TEXT.format(name=account.name, site=house.addresses.public_url, link=link)
    house.mail.post(work, account.email, "Confirm your address for Salon", text, useful_for_ms=VERIFY_MS)


async def answer_resets(work: Work, house: House) -> None:
    """Send links to those among the asking who have an account; forget that anybody asked."""
    statement = select(ResetRequest).order_by(ResetRequest.id).limit(RESETS_AT_ONCE)
    asked = (await work.session.execute(statement)).scalars().all()
    await work.session.execute(delete(ResetRequest).where(ResetRequest.id.in_([each.id for each in asked])))
    wanted = {each.email_key for each in asked if each.at > work.now - RESET_MS}
    if not house.mail.can_send or not wanted:
        return
    theirs = select(Account).where(Account.email_key.in_(wanted), Account.disabled_at.is_(None))
    for account in (await work.session.execute(theirs)).scalars().all():
        link = await new_link(work, house, account.identity_id, "reset", RESET_MS)
        text = RESET_TEXT.format(name=account.name, site=house.addresses.public_url, link=link)
        house.mail.post(work, account.email or "", "A new password for Salon", text, useful_for_ms=RESET_MS)
