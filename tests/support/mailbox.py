"""A real mail server on this machine, which keeps what it is given."""

from __future__ import annotations

import asyncio
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope


class Mailbox:
    """A mail server on this machine. ``answer`` is what it says to each mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.port = 0
        self._server: asyncio.AbstractServer | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.mails.append(message)
        return self.answer

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.mails if each["To"] == address]


def smtp(box: Mailbox) -> dict[str, Any]:
    """The settings of a house that sends its mail there."""
    return {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none"}


def token_in(mail: EmailMessage) -> str:
    """The secret of the link that a mail holds."""
    found = re.search(r"#([\w.-]+)", mail.get_content())
    assert found is not None
    return found[1]
