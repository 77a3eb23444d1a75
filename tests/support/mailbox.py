"""A real mail server on this machine, which keeps what it is given."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class Mailbox:
    """A mail server on this machine. ``answer`` is what it says to each mail.

    With a ``context`` it asks for TLS, from the beginning (``tls``) or after STARTTLS; with an ``account``, for its
    name and password.
    """

    def __init__(
        self, security: str = "none", context: ssl.SSLContext | None = None, *, account: tuple[str, str] | None = None
    ) -> None:
        self.mails: list[EmailMessage] = []
        self.protected: list[bool] = []
        """Of each mail, whether it came by TLS."""
        self.tried: list[tuple[str, str]] = []
        """Names and passwords that were tried."""
        self.answer = "250 OK"
        self.port = 0
        self.context = context
        self._security = security
        self._account = account
        self._server: asyncio.AbstractServer | None = None

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.mails.append(message)
            self.protected.append(server.transport.get_extra_info("sslcontext") is not None)
        return self.answer

    def _know(self, _server: Any, _session: Any, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.tried.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=self.tried[-1] == self._account)

    def _talk(self) -> SMTP:
        starttls = self._security == "starttls"
        return SMTP(
            self,
            loop=asyncio.get_running_loop(),
            tls_context=self.context if starttls else None,
            require_starttls=starttls,
            authenticator=self._know,
            auth_required=self._account is not None,
            # Where TLS was there from the beginning, the library does not know of it.
            auth_require_tls=starttls,
        )

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        protection = self.context if self._security == "tls" else None
        self._server = await loop.create_server(self._talk, "127.0.0.1", self.port, ssl=protection)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.mails if each["To"] == address]


@asynccontextmanager
async def opened(box: Mailbox) -> AsyncIterator[Mailbox]:
    await box.open()
    try:
        yield box
    finally:
        await box.close()


def smtp(box: Mailbox) -> dict[str, Any]:
    """The settings of a house that sends its mail there."""
    return {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none"}


def token_in(mail: EmailMessage) -> str:
    """The secret of the link that a mail holds."""
    found = re.search(r"#([\w.-]+)", mail.get_content())
    assert found is not None
    return found[1]
