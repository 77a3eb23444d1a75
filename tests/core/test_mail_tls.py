"""The way to the mail server is protected: by STARTTLS or from the beginning, and only to the server that is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from salon.core.mail import OutgoingMail
from salon.core.writer import Work
from tests.support.authority import Authority
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, opened, smtp
from tests.support.recorder import eventually

pytestmark = [
    pytest.mark.feature("P2", "R6"),
    pytest.mark.usefixtures("at_once"),
    # The mail server of the tests does not know of TLS that was there from the beginning.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]

Security = Literal["starttls", "tls"]
both = pytest.mark.parametrize("security", ["starttls", "tls"])
DAY_MS = 24 * 3600 * 1000
ACCOUNT = ("salon", "a secret of the house")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One that this machine trusts, as an administrator would tell it to."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@asynccontextmanager
async def house(folder: Path, box: Mailbox, security: str, **more: Any) -> AsyncIterator[Stage]:
    settings = {**smtp(box), "smtp_host": "localhost", "smtp_security": security, **more}
    async with open_stage(folder, **settings) as stage:
        yield stage


async def post(stage: Stage) -> None:
    async def write(work: Work) -> None:
        stage.house.mail.post(work, "ana@example.org", "Tea", "At five.", useful_for_ms=DAY_MS)

    await stage.house.writer.run("", write)


async def waiting(stage: Stage) -> list[int]:
    """How often it was tried to send the mails that wait."""
    async with stage.house.storage.read() as session:
        return list((await session.execute(select(OutgoingMail.attempts))).scalars())


async def failed(stage: Stage) -> dict[str, Any]:
    """Post a mail that cannot go, and return what the log says of it."""
    with capture_logs() as said:

        def told() -> list[dict[str, Any]]:
            return [dict(each) for each in said if each["event"] == "a mail could not be sent"]

        await post(stage)
        await eventually(told, "the log")
    [line] = told()
    await stage.settle()
    assert await waiting(stage) == [1], "it stays until it can go"
    return line


def nothing_of_the_mail(lines: Iterable[object]) -> bool:
    text = str(list(lines))
    return not any(secret in text for secret in ("ana@", "Tea", "At five", ACCOUNT[1]))


@both
async def test_a_mail_goes_protected(tmp_path: Path, authority: Authority, security: Security) -> None:
    box = Mailbox(security, authority.server("localhost"))
    async with opened(box), house(tmp_path, box, security) as stage:
        await post(stage)
        await eventually(lambda: box.mails, "the mail")
        await stage.settle()
        assert (box.mails[0]["To"], box.protected) == ("ana@example.org", [True])
        assert await waiting(stage) == []


@both
async def test_the_password_goes_protected_too(tmp_path: Path, authority: Authority, security: Security) -> None:
    user, password = ACCOUNT
    box = Mailbox(security, authority.server("localhost"), account=ACCOUNT)
    async with opened(box), house(tmp_path, box, security, smtp_user=user, smtp_password=password) as stage:
        await post(stage)
        await eventually(lambda: box.mails, "the mail")
        assert box.tried == [ACCOUNT]
        await stage.settle()


@both
@pytest.mark.parametrize(
    ("whose", "why"),
    [
        ("a stranger", "unable to get local issuer certificate"),
        ("another server", "Hostname mismatch, certificate is not valid for 'localhost'."),
        ("the past", "certificate has expired"),
    ],
)
async def test_a_wrong_certificate_gets_nothing(
    tmp_path: Path, authority: Authority, security: Security, whose: str, why: str
) -> None:
    certificates = {
        "a stranger": lambda: Authority(tmp_path, "stranger").server("localhost"),
        "another server": lambda: authority.server("mail.example.org"),
        "the past": lambda: authority.server("localhost", expired=True),
    }
    user, password = ACCOUNT
    box = Mailbox(security, certificates[whose](), account=ACCOUNT)
    async with opened(box), house(tmp_path, box, security, smtp_user=user, smtp_password=password) as stage:
        line = await failed(stage)
        assert line["reason"] == "the certificate of the mail server is not trusted"
        assert line["detail"] == why
        assert nothing_of_the_mail([line])
        assert (box.mails, box.tried) == ([], [])
        # Put right, it goes by itself.
        await box.close()
        box.context = authority.server("localhost")
        await box.open()
        await stage.pass_time(20)
        await eventually(lambda: box.mails, "the mail")
        assert (len(box.mails), box.protected) == (1, [True])
        await stage.settle()
        assert await waiting(stage) == []


async def test_a_server_without_starttls_gets_nothing(tmp_path: Path, authority: Authority) -> None:
    async with opened(Mailbox()) as box, house(tmp_path, box, "starttls") as stage:
        line = await failed(stage)
        assert line["detail"] == "SMTP STARTTLS extension not supported by server."
        assert box.mails == []


async def test_a_server_without_tls_gets_nothing(tmp_path: Path, authority: Authority) -> None:
    async with opened(Mailbox()) as box, house(tmp_path, box, "tls") as stage:
        line = await failed(stage)
        assert line["reason"] == "the mail server does not speak TLS here: smtp_port and smtp_security must fit"
        assert box.mails == []
