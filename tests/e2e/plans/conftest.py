"""A server whose mail is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.mailbox import Mailbox, smtp
from tests.support.process import ServerProcess


@pytest.fixture(autouse=True)
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    await box.open()
    yield box
    await box.close()


@pytest.fixture
def own_server(tmp_path: Path, mailbox: Mailbox) -> Iterator[ServerProcess]:
    """One that sends its mail to the mailbox."""
    process = ServerProcess(tmp_path, **{name: str(value) for name, value in smtp(mailbox).items()})
    process.start()
    yield process
    process.kill()
