"""``salon user``: accounts by command line, also while the server runs."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import select

from salon.accounts import managing
from salon.accounts.audit import record
from salon.accounts.desk import Desk
from salon.accounts.entering import add_account, find_by_email, new_account
from salon.accounts.erasure import erase
from salon.accounts.passwords import new_password
from salon.accounts.rules import account_name, email_address
from salon.accounts.tables import Account
from salon.core.house import House
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Identity
from salon.core.writer import Work

app = typer.Typer(no_args_is_help=True, help="Accounts: add, list, disable and more.")

Email = Annotated[str, typer.Argument(help="The account's address.")]
Job = Callable[[Work, House, Desk], Awaitable[str]]
_houses: list[Callable[[], House]] = []


def connect(make_house: Callable[[], House]) -> None:
    """Say how a House of this server is made: with all features, which this one does not know."""
    _houses.append(make_house)


def _run(job: Job, prepare: Callable[[Desk], Awaitable[None]] | None = None) -> None:
    """Do it in one transaction of the server's database, and print what it says."""

    async def run() -> str:
        house = _houses[-1]()
        desk = next(each for each in house.services if isinstance(each, Desk))
        # Only the database: nothing that belongs to a running server is started.
        await house.storage.open()
        # What is to be told by mail waits for the server.
        await house.mail.stop()
        try:
            if prepare is not None:
                await prepare(desk)
            return await house.writer.run("", lambda work: job(work, house, desk))
        finally:
            await house.writer.close()
            await desk.stop()
            await house.storage.close()

    try:
        typer.echo(asyncio.run(run()))
    except Refused as refused:
        typer.echo(refused.message, err=True)
        raise typer.Exit(1) from None


async def _account(work: Work, email: str) -> Account:
    _, key = email_address(email)
    found = await find_by_email(work.session, key)
    if found is None:
        raise Refused("account_unknown")
    return found


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.")],
    admin: Annotated[bool, typer.Option("--admin", help="Make them an administrator.")] = False,
) -> None:
    """Add an account. The password is asked for; without a terminal it is the first line of the input."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    hashed = ""

    async def prepare(desk: Desk) -> None:
        nonlocal hashed
        hashed = await desk.passwords.hash(new_password(password, email, name))

    async def job(work: Work, _house: House, _desk: Desk) -> str:
        identity = new_id()
        account = new_account(identity, account_name(name), work.now)
        account.email, account.email_key = email_address(email)
        account.password_hash, account.password_changed_at = hashed, work.now
        account.is_admin = admin
        work.session.add(Identity(id=identity, created_at=work.now))
        await work.session.flush()
        await add_account(work, account)
        record(work.session, work.now, "user.add", actor=None, subject=identity, admin=admin)
        return f"{account.email} can sign in now."

    _run(job, prepare)


@app.command("list")
def list_accounts(search: Annotated[str, typer.Argument(help="Part of a name or an address.")] = "") -> None:
    """List accounts, the oldest first."""

    async def job(work: Work, _house: House, _desk: Desk) -> str:
        statement = select(Account).where(*managing.searched(search)).order_by(Account.created_at)
        return "\n".join(_line(each) for each in (await work.session.execute(statement)).scalars()) or "Nobody."

    _run(job)


def _line(account: Account) -> str:
    notes = [
        *(["administrator"] if account.is_admin else []),
        *(["second factor"] if account.second_factor_at is not None else []),
        *(["disabled"] if account.disabled_at is not None else []),
        *account.groups,
    ]
    since = datetime.fromtimestamp(account.created_at / 1000, UTC).date().isoformat()
    return f"{account.email or '(no address)'}\t{account.name}\tsince {since}\t{', '.join(notes)}".rstrip()


@app.command()
def admin(email: Email, off: Annotated[bool, typer.Option("--off", help="No longer.")] = False) -> None:
    """Make somebody an administrator."""

    async def job(work: Work, _house: House, _desk: Desk) -> str:
        account = await managing.set_admin(work, (await _account(work, email)).identity_id, not off, None)
        return f"{account.email} is {'no longer ' if off else ''}an administrator."

    _run(job)


@app.command()
def disable(email: Email) -> None:
    """Sign somebody out everywhere, and let them sign in no more."""

    async def job(work: Work, _house: House, desk: Desk) -> str:
        account = await managing.set_disabled(work, desk, (await _account(work, email)).identity_id, True, None)
        return f"{account.email} is disabled."

    _run(job)


@app.command()
def enable(email: Email) -> None:
    """Let somebody sign in again."""

    async def job(work: Work, _house: House, desk: Desk) -> str:
        account = await managing.set_disabled(work, desk, (await _account(work, email)).identity_id, False, None)
        return f"{account.email} is enabled."

    _run(job)


@app.command()
def reset(email: Email) -> None:
    """Print a link with which somebody chooses a new password. It is good for one day and one use."""

    async def job(work: Work, house: House, _desk: Desk) -> str:
        return await managing.hand_link(work, house, (await _account(work, email)).identity_id, None)

    _run(job)


@app.command("no-second-factor")
def no_second_factor(email: Email) -> None:
    """Switch the second factor off for somebody who has lost it. They are signed out everywhere."""

    async def job(work: Work, _house: House, desk: Desk) -> str:
        account = await managing.reset_second_factor(work, desk, (await _account(work, email)).identity_id, None)
        return f"{account.email} signs in with the password alone."

    _run(job)


@app.command()
def groups(
    email: Email, names: Annotated[list[str] | None, typer.Argument(help="All groups they are to be in.")] = None
) -> None:
    """Say which groups somebody is in."""

    async def job(work: Work, _house: House, _desk: Desk) -> str:
        account = await managing.set_groups(work, (await _account(work, email)).identity_id, names or [], None)
        return f"{account.email} is in {', '.join(account.groups) or 'no group'}."

    _run(job)


@app.command()
def delete(email: Email, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete an account and everything that its person wrote."""
    if not yes:
        typer.confirm(f"Delete {email} and everything they wrote?", abort=True)

    async def job(work: Work, house: House, desk: Desk) -> str:
        await erase(work, house, desk, await _account(work, email))
        record(work.session, work.now, "user.delete", actor=None)
        return f"{email} is deleted."

    _run(job)
