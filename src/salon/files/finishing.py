"""The end of an upload: hashed, looked at, put into the store, and told to everyone.

Each step can be done twice. When the process dies in between, the bytes still lie where they gathered, and whoever asks
for the upload next, or the keeper at the next start, does it again.
"""

from __future__ import annotations

import functools
import hmac
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salon.core.dispatch import Context
from salon.core.feature import Talk
from salon.core.refusals import Refused
from salon.files import kinds
from salon.files.desk import MINUTE_MS, remove, settings_of, tell
from salon.files.hashing import hash_file
from salon.files.quota import hold, turned_out
from salon.files.seekable import Copy, Seekable
from salon.files.tables import File
from salon.files.talking import say, talk_of
from salon.files.thumbnails import LARGEST, Size, Thumbnails
from salon.files.traffic import Traffic
from salon.files.vault import SEEKABLE, SMALL, Vault, vault_of

if TYPE_CHECKING:
    from salon.core.house import House


def _thumbnails(_house: House) -> Thumbnails:
    return Thumbnails()


def _seekable(_house: House) -> Seekable:
    return Seekable()


async def finish(house: House, file: File, state: Any = None) -> None:
    """All bytes of this upload are on disk. ``state``: the hash that has seen them. The caller's transfer holds the
    upload until the end: nobody else begins this meanwhile."""
    assert file.blob is not None  # noqa: S101  texts are never uploaded
    traffic, vault = Traffic.of[house.fanout], vault_of(house)
    if (held := traffic.upload_of(file.id)) is not None:
        held.finishing = True
    path = vault.incoming(file.blob)
    if state is None:
        state = traffic.hashes.take(file.blob, file.size)
    sha256 = state.hexdigest() if state is not None else await traffic.in_thread(hash_file, path)
    traffic.hashes.forget(file.blob)
    if file.sha256 is not None and not hmac.compare_digest(file.sha256, sha256):
        why = Refused("checksum_wrong", "The file is not the one that was announced; it was thrown away.")
        if (transfer := traffic.upload_of(file.id)) is not None:
            transfer.ending = why
        await house.dispatcher.system(file.room_id, functools.partial(_throw_away, file.id))
        raise why
    proof = await traffic.in_thread(_look_at, path, file.size)
    small: Size | None = None
    if proof.kind == "image":
        small = await _make_small(house, vault, file.blob, path, file.size)
        if small is None:
            proof = kinds.OTHER
    copy = None
    if file.grows is not None and file.sha256 is None and proof.type == "video/webm":
        copy = await house.kept(_seekable).make(path, file.size, vault.incoming(file.blob + SEEKABLE))
    try:
        as_is = Copy(path, file.size, sha256)
        await traffic.in_thread(vault.blobs.put, file.blob, (copy or as_is).path)
        talk = talk_of(house) if file.chat else None
        told = functools.partial(_tell_done, name=file.id, kept=copy or as_is, proof=proof, small=small, talk=talk)
        await house.dispatcher.system(file.room_id, told)
    finally:
        if copy is not None:
            await traffic.in_thread(functools.partial(copy.path.unlink, missing_ok=True))
    await traffic.in_thread(functools.partial(path.unlink, missing_ok=True))


async def _make_small(house: House, vault: Vault, blob: str, path: Path, size: int) -> Size | None:
    if size > LARGEST:
        return None
    traffic = Traffic.of[house.fanout]
    small = vault.incoming(blob + SMALL)
    try:
        found = await house.kept(_thumbnails).make(path, small)
        if found is not None:
            await traffic.in_thread(vault.blobs.put, blob + SMALL, small)
        return found
    finally:
        await traffic.in_thread(functools.partial(small.unlink, missing_ok=True))


def _look_at(path: Path, size: int) -> kinds.Proof:
    with path.open("rb") as source:
        head = source.read(kinds.HEAD)
    return kinds.prove(head, whole=len(head) == size)


async def _tell_done(
    ctx: Context, *, name: str, kept: Copy, proof: kinds.Proof, small: Size | None, talk: Talk | None
) -> None:
    await hold(ctx)
    file = await ctx.session.get(File, name, populate_existing=True)
    if file is None:
        raise Refused("upload_over")
    if file.done_at is not None:
        return
    if talk is not None:
        await say(talk, ctx, file)
    settings = await settings_of(ctx.session, ctx.room)
    await turned_out(ctx, file, kept.size)
    file.sha256, file.type, file.kind, file.grows = kept.sha256, proof.type, proof.kind, None
    file.thumbnail, (file.width, file.height) = small is not None, small or (None, None)
    file.done_at, file.synced = ctx.now, file.size
    file.expires_at = None if settings.expiry_minutes is None else ctx.now + settings.expiry_minutes * MINUTE_MS
    await ctx.session.flush()
    tell(ctx, [file])
    traffic, room_id = Traffic.of[ctx.fanout], ctx.room.id
    ctx.at_commit(lambda: traffic.progress.over(room_id, name))


async def _throw_away(name: str, ctx: Context) -> None:
    await hold(ctx)
    file = await ctx.session.get(File, name, populate_existing=True)
    if file is not None and file.done_at is None:
        await remove(ctx, [file])
