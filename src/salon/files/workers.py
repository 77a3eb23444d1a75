"""Processes of their own for what meets bytes that somebody made up: each reads one file, writes one, says one line."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

SAID = 256
"""Bytes that a worker may say."""


async def said_by(script: str, *given: object, seconds: float) -> str | None:
    """What the worker of this name said; None when it has failed, or took longer than that. It gets no environment,
    and nothing of Salon."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(Path(__file__).with_name(script)),
        *(str(each) for each in given),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(seconds):
            assert worker.stdout is not None  # noqa: S101  it is a pipe
            said = await worker.stdout.read(SAID)
            return said.decode("ascii", "replace").strip() if await worker.wait() == 0 else None
    except TimeoutError:
        return None
    finally:
        if worker.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()
