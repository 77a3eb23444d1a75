"""Mail: put into a table in the transaction that causes it, sent afterwards, again and again until it is accepted.

A restart loses none. Several servers on one database send each once: who begins with a mail claims it for a while. A
mail whose sending was cut off between the mail server's yes and our note of it goes out a second time, with the same
Message-ID.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiosmtplib
import structlog
from sqlalchemy import BigInteger, String, Text, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.database.statements import Statement
from salon.core.due import Errand
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.storage import Base
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

logger = structlog.get_logger("salon.mail")

FIRST_PAUSE_MS = 15 * 1000
LONGEST_PAUSE_MS = 30 * 60 * 1000
AT_ONCE = 5
"""Connections to the mail server."""
TIMEOUT_SECONDS = 20.0
CLAIM_MS = 5 * 60 * 1000
"""More than the steps of one sending can take together. What a server that died had begun is sent after it."""


@dataclass(frozen=True)
class CalendarPart:
    """What a calendar takes from a mail (RFC 6047)."""

    method: str
    content: bytes
    """UTF-8, with the line ends of calendars."""


class OutgoingMail(Base):
    """A mail that was not accepted by the mail server yet. It goes when it is, or is of no use any more."""

    __tablename__ = "outgoing_mail"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    calendar_method: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int]
    due_at: Mapped[int] = mapped_column(BigInteger, index=True)
    expires_at: Mapped[int] = mapped_column(BigInteger)


_WAITING = Statement(select(OutgoingMail.id).where(OutgoingMail.due_at <= bindparam("now")).limit(1))


class Postman(Service):
    """Sends what is in the table."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._errand = Errand("postman", self._send_due)

    @property
    def can_send(self) -> bool:
        return self._house.settings.smtp_host is not None

    @property
    def sender(self) -> str:
        """The address that mail comes from, without a name."""
        return parseaddr(self._from)[1]

    @property
    def _from(self) -> str:
        return self._house.settings.smtp_from or f"Salon <salon@{self._host}>"

    @property
    def _host(self) -> str:
        return urlsplit(self._house.addresses.public_url).hostname or "localhost"

    def post(
        self,
        work: Work,
        recipient: str,
        subject: str,
        body: str,
        *,
        useful_for_ms: int,
        calendar: CalendarPart | None = None,
    ) -> None:
        """Put a mail into the table. It goes out right after the commit, or later while the mail server is away."""
        mail = OutgoingMail(
            id=new_id(),
            recipient=recipient,
            subject=subject,
            body=body,
            calendar=None if calendar is None else calendar.content.decode(),
            calendar_method=None if calendar is None else calendar.method,
            created_at=work.now,
            attempts=0,
            due_at=0,
            expires_at=work.now + useful_for_ms,
        )
        work.session.add(mail)
        work.after_commit(self._go)

    async def start(self) -> None:
        self._go()

    async def sweep(self) -> None:
        if self.can_send and await self._house.storage.look(_WAITING, now=self._house.clock.now()):
            self._go()

    async def stop(self) -> None:
        # Others may still post while they stop: that goes out after the next start.
        await self._errand.stop()

    def _go(self) -> None:
        if self.can_send:
            self._errand.begin()

    async def _send_due(self) -> None:
        while await self._send_some():
            pass

    async def _send_some(self) -> bool:
        """Send what is due, and tell whether more may be."""
        now = self._house.clock.now()
        due = (
            select(OutgoingMail)
            .where(OutgoingMail.due_at <= now)
            .order_by(OutgoingMail.due_at, OutgoingMail.created_at, OutgoingMail.id)
            .limit(AT_ONCE)
        )
        async with self._house.storage.read() as session:
            mails = (await session.execute(due)).scalars().all()
        # Mail servers are slow to answer, and an invitation may go to hundreds.
        return bool(mails) and all(await asyncio.gather(*(self._settle(mail, now) for mail in mails)))

    async def _settle(self, mail: OutgoingMail, now: int) -> bool:
        """Send one, and note what became of it. False when that cannot be noted just now."""
        try:
            if not await self._house.writer.run("", lambda work: self._claim(work, mail)):
                return True
        except Refused:
            return False
        done = mail.expires_at <= now or await self._send(mail)
        this = OutgoingMail.id == mail.id
        pause = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(mail.attempts, 20))
        later = update(OutgoingMail).where(this).values(attempts=mail.attempts + 1, due_at=now + pause)
        note = delete(OutgoingMail).where(this) if done else later
        try:
            await self._house.writer.run("", lambda work: work.session.execute(note))
        except Refused:
            return False
        return True

    async def _claim(self, work: Work, mail: OutgoingMail) -> bool:
        """Whether it is ours to send: others see it as due later."""
        unclaimed = OutgoingMail.id == mail.id, OutgoingMail.due_at == mail.due_at
        claim = update(OutgoingMail).where(*unclaimed).values(due_at=self._house.clock.now() + CLAIM_MS)
        return (await work.session.execute(claim.returning(OutgoingMail.id))).first() is not None

    async def _send(self, mail: OutgoingMail) -> bool:
        """Whether the mail needs no further attempt: it was accepted, or never will be."""
        settings = self._house.settings
        password = settings.smtp_password
        try:
            await aiosmtplib.send(
                self._message(mail),
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=password.get_secret_value() if password is not None else None,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            gone = all(each.code >= 500 for each in refused.recipients)
            logger.warning("a mail was refused for its recipient", mail=mail.id, gone=gone)
            return gone
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            logger.warning("a mail could not be sent", mail=mail.id, attempts=mail.attempts + 1, **_why(error))
            return False
        return True

    def _message(self, mail: OutgoingMail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._from
        message["To"] = mail.recipient
        # What looks like an encoded word would be decoded on the way, with whatever line ends somebody hid in it.
        message["Subject"] = mail.subject.replace("=?", "= ?")
        message["Date"] = format_datetime(datetime.fromtimestamp(mail.created_at / 1000, UTC))
        message["Message-ID"] = f"<{mail.id}@{self._host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        if mail.calendar is not None:
            # As an alternative it is what mail programs ask about, as a file what people can open themselves.
            text = mail.calendar.replace("\r\n", "\n")
            message.add_alternative(text, subtype="calendar", params={"method": mail.calendar_method or "PUBLISH"})
            content = mail.calendar.encode()
            message.add_attachment(content, maintype="application", subtype="ics", filename="invite.ics")
        return message


def _why(error: Exception) -> dict[str, str]:
    """What an administrator must know to put it right, without anything of the mail."""
    tls = _tls_part(error)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return {"reason": "the certificate of the mail server is not trusted", "detail": tls.verify_message}
    if tls is not None and tls.reason in _NO_TLS:
        return {"reason": "the mail server does not speak TLS here: smtp_port and smtp_security must fit"}
    if tls is not None:
        return {"reason": "TLS with the mail server failed", "detail": tls.reason or type(tls).__name__}
    if type(error) is aiosmtplib.SMTPException:
        # The library's own words, of what the server is not able to.
        return {"reason": "the mail server cannot do what is asked of it", "detail": str(error)}
    return {"reason": type(error).__name__}


_NO_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
"""What TLS makes of a server that says something else."""


def _tls_part(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None
