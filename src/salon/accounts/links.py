"""Links that prove something once: an address is one's own, or a new password may be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from salon.accounts.tables import Account, AccountToken, ResetRequest
from salon.core.refusals import Refused
from salon.core.security import digest, new_token
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

MINUTE_MS = 60 * 1000
RESET_MS = 10 * MINUTE_MS
HANDED_MS = 24 * 60 * MINUTE_MS
"""An administrator's link goes from hand to hand, which takes longer."""
VERIFY_MS = 3 * 24 * 60 * MINUTE_MS
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


async def new_link(work: Work, house: House, identity: str, purpose: str, lifetime_ms: int) -> str:
    """An address that is good for one use; earlier ones for the same purpose end. Its secret is after the ``#``, which
    browsers send to nobody."""
    earlier = (AccountToken.identity_id == identity, AccountToken.purpose == purpose)
    await work.session.execute(delete(AccountToken).where(*earlier))
    token = new_token()
    stored = AccountToken(
        token_hash=digest(token), identity_id=identity, purpose=purpose, expires_at=work.now + lifetime_ms, used_at=None
    )
    work.session.add(stored)
    page = "verify" if purpose == "verify" else "reset"
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
