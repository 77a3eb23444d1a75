"""Uploads by tus 1.0.0: begin, ask how far it is, send on, give up. See docs/files.md for clients."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Coroutine, Mapping
from email.utils import formatdate
from typing import Any, TypeVar

from sqlalchemy import update
from starlette.requests import Request
from starlette.responses import Response

from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.files import growing, receiving, tus_words
from salon.files.beginning import HOUR_MS, begin
from salon.files.desk import is_whole, remove, upload_on_wire
from salon.files.finishing import finish
from salon.files.quota import MIB, hold, numbers
from salon.files.tables import File
from salon.files.talking import talk_of
from salon.files.traffic import Traffic, Transfer
from salon.files.vault import vault_of
from salon.files.visits import Visit, arrival, unbroken, visit, visitor_in

T = TypeVar("T")


def _answer(status: int, **headers: str) -> Response:
    said = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Response(
        status_code=status, headers={"Tus-Resumable": tus_words.VERSION, "Cache-Control": "no-store", **said}
    )


async def options(request: Request) -> Response:
    """What this server can do. Nobody needs to be known for asking."""
    settings = request.app.state.house.settings
    return _answer(
        204,
        tus_version=tus_words.VERSION,
        tus_extension=tus_words.EXTENSIONS,
        tus_checksum_algorithm=",".join(tus_words.ALGORITHMS),
        tus_max_size=str(settings.file_mib * MIB),
    )


async def create(request: Request) -> Response:
    """Reserve the size, and begin. The body may hold the first bytes, or all."""
    tus_words.check_version(request.headers)
    size = tus_words.length(request.headers)
    wish = tus_words.wish(request.headers.get("upload-metadata", ""))
    by = await visit(request)
    traffic = Traffic.of[by.house.fanout]
    free = await traffic.in_thread(vault_of(by.house).free)
    talk = talk_of(by.house) if wish.chat else None
    started = functools.partial(begin, wish=wish, size=size, free=free, talk=talk)
    file = await by.house.dispatcher.system(by.room_id, started, by=by.identity)
    # Nothing moves before bytes come: who is cut off here would seem to be sending for ever.
    traffic.progress.at(by.room_id, upload_on_wire(file, 0, moving=False))
    offset = 0
    if size == 0 or _has_body(request.headers):
        if size != 0:
            tus_words.check_body(request.headers)
        offset = await _receive(request, by, file, 0)
    return _answer(
        201,
        location=f"{request.url.path.rstrip('/')}/{file.id}",
        upload_offset=str(offset),
        upload_expires=_expires(file),
    )


def _has_body(headers: Mapping[str, str]) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def look(request: Request) -> Response:
    """How much is here. Whoever asks is about to send on: a request that is still at it has lost its client."""
    tus_words.check_version(request.headers)
    by, file = await _mine(request)
    house = by.house
    traffic = Traffic.of[house.fanout]
    while file.done_at is None:
        await traffic.end_upload(file.id)
        file = await by.sending(file.id)
        offset = await _offset(by, file)
        taken = traffic.upload_of(file.id)
        if file.done_at is not None or (taken is not None and (taken.finishing or is_whole(file, offset))):
            continue  # somebody else was at its end meanwhile
        if is_whole(file, offset):
            # Whoever had brought the last byte did not come to the end.
            await _guarded(by, file, _transfer(by, file.id, finishing=True), finish(house, file))
        length = {"upload_length": str(file.size)} if file.grows in {None, "told"} else {"upload_defer_length": "1"}
        return _answer(200, upload_offset=str(offset), upload_expires=_expires(file), **length)
    return _answer(200, upload_offset=str(file.size), upload_length=str(file.size))


async def send_on(request: Request) -> Response:
    """Take bytes from an offset on, which must be where the upload is."""
    tus_words.check_version(request.headers)
    tus_words.check_body(request.headers)
    offset = tus_words.number(request.headers, "upload-offset")
    by, file = await _mine(request)
    if "upload-length" in request.headers:
        file = await growing.told(by, file, tus_words.number(request.headers, "upload-length"), offset)
    if file.done_at is not None:
        if offset == file.size and not _has_body(request.headers):
            return _answer(204, upload_offset=str(file.size))
        raise Refused("offset_wrong")
    now = await _receive(request, by, file, offset)
    return _answer(204, upload_offset=str(now), upload_expires=_expires(file))


async def give_up(request: Request) -> Response:
    """Delete it: what has come, what is reserved, or the whole file when it is all here."""
    tus_words.check_version(request.headers)
    by, file = await _mine(request)

    async def drop(ctx: Context) -> None:
        await visitor_in(ctx)
        await hold(ctx)
        found = await ctx.session.get(File, file.id, populate_existing=True)
        if found is not None:
            await remove(ctx, [found])

    await by.house.dispatcher.system(by.room_id, drop, by=by.identity)
    return _answer(204)


async def _mine(request: Request) -> tuple[Visit, File]:
    by = await arrival(request)
    return by, await by.sending(request.path_params["file"])


async def _offset(by: Visit, file: File) -> int:
    path = vault_of(by.house).incoming(file.blob or "")
    traffic = Traffic.of[by.house.fanout]
    return await traffic.in_thread(receiving.usable, path, file.size, file.synced, file.boot)


def _transfer(by: Visit, name: str, *, finishing: bool = False) -> Transfer:
    async def check() -> None:
        await by.sending(name)

    return Transfer(by.room_id, frozenset([name]), check, upload=True, finishing=finishing)


async def _receive(request: Request, by: Visit, file: File, offset: int) -> int:
    """Returns the offset afterwards."""
    wanted = tus_words.checksum(request.headers)
    if offset > file.size:
        raise Refused("offset_wrong")
    length = request.headers.get("content-length", "")
    if length.isdigit() and offset + int(length) > file.size and file.grows not in growing.LONGER:
        raise Refused("invalid", "These are more bytes than the upload has.", field="content-length")
    traffic = Traffic.of[by.house.fanout]
    if traffic.upload_of(file.id) is not None:
        raise Refused("upload_busy")
    return await _guarded(by, file, _transfer(by, file.id), _write(request, by, file.id, offset, wanted))


async def _guarded(by: Visit, file: File, transfer: Transfer, work: Coroutine[Any, Any, T]) -> T:
    traffic = Traffic.of[by.house.fanout]
    try:
        return await traffic.run(transfer, work)
    except Refused:
        # Whatever stopped it: if it was deleted, it may have come to disk, or into the store, again after that.
        if file.blob is not None and not await unbroken(_is_known(by, file.id)):
            await traffic.in_thread(vault_of(by.house).wipe, file.blob)
        raise


async def _is_known(by: Visit, file: str) -> bool:
    async with by.house.storage.read() as session:
        return await session.get(File, file) is not None


async def _write(request: Request, by: Visit, name: str, offset: int, wanted: tus_words.Checksum | None) -> int:
    # Once more, now that whoever deletes it would stop this.
    file = await by.sending(name)
    assert file.blob is not None  # noqa: S101  texts are never uploaded
    house, traffic, vault = by.house, Traffic.of[by.house.fanout], vault_of(by.house)
    if file.done_at is not None or await _offset(by, file) != offset:
        raise Refused("offset_wrong")
    if file.boot != receiving.boot_id():
        await _note(by, file, offset)
    state = traffic.hashes.take(file.blob, offset)
    # Whoever is stopped while it opens must not keep it: nobody could send on.
    spool = await traffic.taken_in_thread(
        receiving.Spool, receiving.Spool.close, vault.incoming(file.blob), offset, state
    )
    told = functools.partial(_tell_progress, traffic, file, spool)
    try:
        verified = receiving.Verified(wanted, spool)
        stream = verified.over(request.stream(), traffic.in_thread)
        whole = False
        try:
            place = functools.partial(growing.place, by, file)
            whole = await receiving.take(stream, spool, file.size - offset, traffic.in_thread, told, place)
        except receiving.DiskFull:
            free = await traffic.in_thread(vault.free)
            raise Refused(
                "disk_full", numbers=numbers(size=file.size - spool.offset, limit=file.size, free=free)
            ) from None
        finally:
            await traffic.in_thread(functools.partial(verified.check, whole=whole))
            await traffic.in_thread(spool.sync)
            traffic.hashes.keep(file.blob, spool.offset, spool.state)
            if asyncio.current_task().cancelling() == 0:  # type: ignore[union-attr]
                await _note(by, file, spool.offset)
        if is_whole(file, spool.offset):
            await finish(house, file, spool.state)
        return spool.offset
    finally:
        await traffic.in_thread(spool.close)
        traffic.progress.still(by.room_id, file.id)


async def _note(by: Visit, file: File, synced: int) -> None:
    """So much would survive a power cut; and it was taken up of late."""
    wait = by.house.settings.upload_hours * HOUR_MS

    async def write(ctx: Context) -> None:
        values = {"synced": synced, "boot": receiving.boot_id(), "expires_at": growing.until(ctx.now, wait)}
        here = update(File).where(File.id == file.id, File.done_at.is_(None))
        noted = await ctx.session.execute(here.values(**values).returning(File.expires_at))
        file.expires_at = noted.scalar_one_or_none() or file.expires_at

    await by.house.dispatcher.system(by.room_id, write)


def _tell_progress(traffic: Traffic, file: File, spool: receiving.Spool) -> None:
    traffic.progress.at(file.room_id, upload_on_wire(file, spool.offset, moving=True))


def _expires(file: File) -> str:
    return formatdate((file.expires_at or 0) / 1000, usegmt=True)
