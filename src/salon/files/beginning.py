"""The beginning of an upload: who may, what it is to be called, and its place, reserved before the first byte."""

from __future__ import annotations

from salon.core.dispatch import Context
from salon.core.feature import Talk
from salon.core.security import new_id
from salon.files import growing
from salon.files.desk import ANYTHING, check_may_upload, check_receiver, settings_of, tell
from salon.files.names import file_name, folder_name
from salon.files.quota import reserve
from salon.files.receiving import boot_id
from salon.files.tables import File
from salon.files.talking import begin_to_say
from salon.files.tus_words import Wish
from salon.files.visits import visitor_in

HOUR_MS = 3600 * 1000
"""So long a place is held for an upload of which nothing has come."""


async def begin(ctx: Context, *, wish: Wish, size: int | None, free: int, talk: Talk | None) -> File:
    """The row of a new upload, in a transaction for its sender. ``size``: None when nobody knows it yet."""
    me = await visitor_in(ctx)
    check_may_upload(await settings_of(ctx.session, ctx.room), me)
    if talk is not None:
        await begin_to_say(talk, ctx, me, direct=wish.to is not None)
    receiver = await check_receiver(ctx, me, wish.to, wish.device)
    place = growing.STEP if size is None else size
    await reserve(ctx, place, free)
    file = File(
        id=new_id(),
        room_id=ctx.room.id,
        member_id=me.id,
        person=me.name,
        name=file_name(wish.name),
        folder=folder_name(wish.folder),
        size=place,
        type=ANYTHING,
        kind="other",
        blob=new_id(),
        text=None,
        sha256=wish.sha256,
        chat=wish.chat,
        to_id=receiver.id if receiver is not None else None,
        device=wish.device,
        accepted=None if receiver is None else False,
        thumbnail=False,
        width=None,
        height=None,
        created_at=ctx.now,
        done_at=None,
        expires_at=ctx.now + (HOUR_MS if size is not None else growing.QUIET_MS),
        synced=0,
        grows=None if size is not None else growing.OPEN,
        boot=boot_id(),
    )
    ctx.session.add(file)
    await ctx.session.flush()
    tell(ctx, [file])
    return file
