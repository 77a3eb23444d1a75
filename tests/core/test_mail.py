"""Mail goes out right after the commit, whatever else is going out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from salon.core.writer import Work
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, opened, smtp
from tests.support.recorder import eventually

HOUR_MS = 3600 * 1000


async def post(stage: Stage, subject: str) -> None:
    async def write(work: Work) -> None:
        stage.house.mail.post(work, "ana@example.org", subject, "At five.", useful_for_ms=HOUR_MS)

    await stage.house.writer.run("", write)


@pytest.mark.feature("P2", "R6")
@pytest.mark.usefixtures("at_once")
async def test_a_mail_that_is_posted_while_a_round_ends_goes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(Mailbox()) as box, open_stage(tmp_path, **smtp(box)) as stage:
        storage = stage.house.storage
        read = storage.read
        times = 0

        def reading() -> AbstractAsyncContextManager[Any]:
            @asynccontextmanager
            async def context() -> AsyncIterator[Any]:
                nonlocal times
                async with read() as session:
                    yield session
                times += 1
                if times == 2:  # The second look of the round, which found nothing; it has not ended yet.
                    await post(stage, "Supper")

            return context()

        monkeypatch.setattr(storage, "read", reading)
        await post(stage, "Tea")
        await eventually(lambda: [mail["Subject"] for mail in box.mails] == ["Tea", "Supper"], "both")
