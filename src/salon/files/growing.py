"""Uploads whose length nobody knows yet (tus ``creation-defer-length``), as of a recording that is being made.

Their place is reserved piece by piece, each before its bytes are written. When the length has been told they come to
their end as any other. One of which nothing has come for a minute has lost whoever sent it: it is closed with what came
(:mod:`salon.files.closing`), and is a file like others.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, case, literal

from salon.call.contract import RecordingEnded
from salon.core.dispatch import Context, listens
from salon.core.refusals import Refused
from salon.files.quota import MIB, hold, reserve, turned_out
from salon.files.receiving import usable
from salon.files.tables import File
from salon.files.traffic import Traffic
from salon.files.vault import vault_of
from salon.files.visits import Visit, visitor_in

OPEN, ENDING, TOLD = "open", "ending", "told"
"""Its length is not known; the same, and it is closed at a time that does not wait for it; its length is known."""
LONGER = frozenset({OPEN, ENDING})
STEP = 4 * MIB
"""Bytes for which a place is taken at once, and given back at the end: recordings bring some 200 KiB a second."""
ENDING_MS = 30 * 1000
"""So long may what was recorded before its end still come."""
QUIET_MS = 60 * 1000
"""Without a byte for so long it is closed. A page that has lost its network may go on until then."""


def until(now: int, wait: int) -> Any:
    """When an upload of which something has come just now is given up, or closed: a value for its row. ``wait``: so
    long are others waited for."""
    quiet, other = literal(now + QUIET_MS, BigInteger), literal(now + wait, BigInteger)
    return case((File.grows == ENDING, File.expires_at), (File.grows.is_not(None), quiet), else_=other)


def end(files: Iterable[File], at: int) -> None:
    """They are closed then, whatever comes until that."""
    for file in files:
        file.grows, file.expires_at = ENDING, min(at, file.expires_at or at)


@listens(RecordingEnded)
async def end_recording(event: RecordingEnded, ctx: Context) -> None:
    """Whoever ended it: what is sent later was not to be recorded."""
    found = await ctx.session.get(File, event.file, populate_existing=True)
    if found is not None and (found.room_id, found.member_id, found.grows) == (ctx.room.id, event.person, OPEN):
        end([found], ctx.now + ENDING_MS)


async def place(by: Visit, file: File, needed: int) -> int:
    """Make place for so many more bytes, and some to spare. Returns for how many."""
    if file.grows not in LONGER:
        raise Refused("invalid", "These are more bytes than the upload has.")
    free = await Traffic.of[by.house.fanout].in_thread(vault_of(by.house).free)
    grow = functools.partial(_grow, name=file.id, needed=needed, free=free)
    before = file.size
    file.size = await by.house.dispatcher.system(by.room_id, grow, by=by.identity)
    return file.size - before


async def _grow(ctx: Context, *, name: str, needed: int, free: int) -> int:
    file = await _held(ctx, name)
    more = max(needed, STEP)
    try:
        await reserve(ctx, more, free, more_for=file)
    except Refused:
        if more == needed:
            raise
        await reserve(ctx, needed, free, more_for=file)
    return file.size


async def told(by: Visit, file: File, length: int, offset: int) -> File:
    """Its sender says how long it is, with the bytes from this offset on."""
    if file.grows not in LONGER:
        if length != file.size and file.done_at is None:
            raise Refused("invalid", "It has another length.", field="upload-length")
        return file
    traffic, vault = Traffic.of[by.house.fanout], vault_of(by.house)
    if traffic.upload_of(file.id) is not None:
        raise Refused("upload_busy")
    there = await traffic.in_thread(usable, vault.incoming(file.blob or ""), file.size, file.synced, file.boot)
    if offset != there:
        raise Refused("offset_wrong")
    if length < there:
        raise Refused("invalid", "More than that is here.", field="upload-length")
    free = await traffic.in_thread(vault.free)
    settle = functools.partial(_settle, name=file.id, length=length, free=free)
    return await by.house.dispatcher.system(by.room_id, settle, by=by.identity)


async def _settle(ctx: Context, *, name: str, length: int, free: int) -> File:
    file = await _held(ctx, name)
    if length > file.size:
        await reserve(ctx, length - file.size, free, more_for=file)
    else:
        await turned_out(ctx, file, length)
    file.grows = TOLD
    return file


async def _held(ctx: Context, name: str) -> File:
    """It still grows, and is its sender's."""
    me = await visitor_in(ctx)
    await hold(ctx)
    file = await ctx.session.get(File, name, populate_existing=True)
    if file is None or file.member_id != me.id or file.done_at is not None or file.grows not in LONGER:
        raise Refused("upload_over")
    return file
