"""What tests of accounts share: a server whose mails arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, smtp


@pytest.fixture
async def posting(tmp_path: Path, at_once: None, mailbox: Mailbox) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, **smtp(mailbox)) as opened:
        yield opened
