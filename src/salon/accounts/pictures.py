"""Pictures of people: whatever is sent is decoded, cut square, made small and written anew."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image, ImageOps
from sqlalchemy import select

from salon.core.refusals import Refused
from salon.core.tables import Member, Room

if TYPE_CHECKING:
    from salon.core.house import House

SIDE = 256
"""Pixels."""
LARGEST_BYTES = 256 * 1024
MOST_PIXELS = 20_000_000


async def small_square(turn: asyncio.Semaphore, sent: bytes) -> bytes:
    """The picture as WebP, in a thread, one at a ``turn``.

    What is hidden in a file (places, names, other formats) does not survive.
    """
    if not 0 < len(sent) <= LARGEST_BYTES:
        raise Refused("picture_invalid")
    async with turn:
        return await asyncio.to_thread(_convert, sent)


def _convert(sent: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(sent), formats=("PNG", "JPEG", "WEBP")) as picture:
                # Known from the head of the file: a small file may unfold to gigabytes.
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refused("picture_invalid")
                turned = ImageOps.exif_transpose(picture.convert("RGBA"))
                square = ImageOps.fit(turned, (SIDE, SIDE))
        written = io.BytesIO()
        square.save(written, "WEBP", quality=85)
    except Refused:
        raise
    except Exception:
        # A decoder meets whatever somebody made up; there is no list of what it may raise.
        raise Refused("picture_invalid") from None
    return written.getvalue()


async def show(house: House, identity: str, picture: str | None) -> None:
    """Let the rooms that they are in know. Where that fails, it is put right when they come in again."""
    theirs = select(Member.room_id).join(Room, Room.id == Member.room_id)
    here = theirs.where(Member.identity_id == identity, Member.status == "in", Room.closed_at.is_(None))
    async with house.storage.read() as session:
        rooms = (await session.execute(here)).scalars().all()
    for room in rooms:
        for feature in house.features:
            if feature.pictures is not None:
                follow = functools.partial(feature.pictures, identity=identity, picture=picture)
                with contextlib.suppress(Refused):
                    await house.dispatcher.system(room, follow)
