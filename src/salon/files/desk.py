"""Files in a transaction: finding them, who may do what, what is told of them, and how they go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import access_person
from salon.core.contract import Event
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.storage import upsert
from salon.core.tables import Member, Room
from salon.files import contract
from salon.files.quota import MIB, give_back
from salon.files.tables import File, FileRoom, GoneBlob
from salon.files.traffic import Traffic

ANYTHING = "application/octet-stream"
MINUTE_MS = 60 * 1000
OFFERED = "text.txt"
"""What a text is called to whom it is offered: its own name is its first line."""


def usual_uploads(preset: str) -> contract.Uploaders:
    return "owner" if preset == "drop" else "everyone"


async def settings_of(session: AsyncSession, room: Room) -> contract.Settings:
    """What the room has decided, or what is usual."""
    statement = select(FileRoom.uploads, FileRoom.expiry_minutes).where(FileRoom.room_id == room.id)
    row = (await session.execute(statement)).first()
    uploads = row.uploads if row is not None else None
    return contract.Settings(
        uploads=cast("contract.Uploaders", uploads or usual_uploads(room.preset)),
        expiry_minutes=row.expiry_minutes if row is not None else None,
    )


async def change_settings(ctx: Context, **values: Any) -> None:
    row = upsert(ctx.session, FileRoom).values(**{"room_id": ctx.room.id, "taken": 0, **values})
    await ctx.session.execute(row.on_conflict_do_update(index_elements=["room_id"], set_=values))


def check_may_upload(settings: contract.Settings, member: Member) -> None:
    allowed = {
        "owner": member.role == "owner",
        "hosts": member.is_host,
        "everyone": True,
    }[settings.uploads]
    if not allowed:
        raise Refused("uploads_closed")


def limits_of(settings: Any) -> contract.Limits:
    return contract.Limits(file=settings.file_mib * MIB, room=settings.room_files_mib * MIB)


def file_on_wire(file: File, viewer: str | None = None) -> contract.File:
    """As this member sees it; without one, as everyone does. Of an offered text nothing is seen but its size."""
    veiled = file.text is not None and viewer is not None and not may_fetch(file, viewer)
    return contract.File(
        id=file.id,
        author=file.member_id,
        name=OFFERED if veiled else file.name,
        folder=file.folder,
        person=file.person,
        size=file.size if file.grows is None else 0,
        type=file.type,
        kind=cast("contract.Kind", file.kind),
        sha256=file.sha256 if file.done_at is not None and not veiled else None,
        text="" if veiled else file.text,
        chat=file.chat,
        to=file.to_id,
        device=file.device,
        accepted=file.accepted,
        ready=file.done_at is not None,
        thumbnail=file.thumbnail,
        width=file.width,
        height=file.height,
        at=file.created_at if file.to_id is not None else file.done_at or file.created_at,
        expires_at=file.expires_at if file.done_at is not None else None,
    )


def is_whole(file: File, offset: int) -> bool:
    """So many bytes are here, and these are all that there will be."""
    return offset == file.size and file.grows in {None, "told"}


def upload_on_wire(file: File, offset: int, *, moving: bool) -> contract.Upload:
    """A file that is coming: so many bytes are here."""
    return contract.Upload(
        id=file.id,
        author=file.member_id,
        name=file.name,
        folder=file.folder,
        size=file.size if file.grows in {None, "told"} else None,
        offset=offset,
        chat=file.chat,
        to=file.to_id,
        moving=moving,
    )


def may_see(file: File, member: Member) -> bool:
    return file.to_id is None or member.id in {file.to_id, file.member_id}


def may_fetch(file: File, member: str) -> bool:
    """What was sent to one person is theirs when they have accepted it. The author has it anyway."""
    return file.to_id is None or member == file.member_id or (member == file.to_id and file.accepted is True)


async def access_file(session: AsyncSession, room_id: str, member: Member, name: str, *, field: str = "file") -> File:
    """A file of this very room that the member may know of."""
    found = await session.get(File, name, populate_existing=True)
    if found is None or found.room_id != room_id or not may_see(found, member):
        raise Refused("file_unknown", field=field)
    return found


async def check_receiver(ctx: Context, me: Member, to: str | None, device: str | None) -> Member | None:
    """To whom something is to go: somebody who is in the room, and a device that is there just now."""
    if to is None:
        if device is not None:
            raise Refused("device_unknown", field="device")
        return None
    member = await access_person(ctx.session, ctx.room.id, to, field="to")
    if device is not None and Traffic.of[ctx.fanout].devices.person_of(ctx.room.id, device) != to:
        raise Refused("device_unknown", field="device")
    if to == me.id and device is None:
        raise Refused("person_unknown", "Choose one of your other devices.", field="to")
    return member


def parties(file: File) -> list[str]:
    """The two people, or the one, whose a direct file is."""
    return list(dict.fromkeys([file.member_id, *([file.to_id] if file.to_id is not None else [])]))


def tell(ctx: Context, files: Iterable[File]) -> None:
    """New states. What is for everyone is told when it is all here."""
    known = list(files)
    together = [file_on_wire(file) for file in known if file.to_id is None and file.done_at is not None]
    if together:
        ctx.to_room(contract.FilesChanged(files=together))
    _tell_parties(
        ctx, known, lambda files, who: contract.DirectChanged(files=[file_on_wire(file, who) for file in files])
    )


def _tell_parties(ctx: Context, files: Iterable[File], said: Callable[[list[File], str], Event]) -> None:
    of_person: dict[str, list[File]] = {}
    for file in files:
        if file.to_id is not None:
            for person in parties(file):
                of_person.setdefault(person, []).append(file)
    for person, theirs in of_person.items():
        ctx.to_person(person, said(theirs, person))


async def remove(ctx: Context, files: Sequence[File], *, declined: bool = False, told: bool = True) -> None:
    """Delete the files. Their bytes go after the commit; who is sending or fetching them is stopped."""
    if not files:
        return
    for start in range(0, len(files), 500):
        await ctx.session.execute(delete(File).where(File.id.in_([each.id for each in files[start : start + 500]])))
    blobs = [{"blob": file.blob, "at": ctx.now} for file in files if file.blob is not None]
    if blobs:
        await ctx.session.execute(upsert(ctx.session, GoneBlob).on_conflict_do_nothing(), blobs)
    await give_back(ctx, sum(file.size for file in files))
    traffic = Traffic.of[ctx.fanout]
    room_id, gone = ctx.room.id, [file.id for file in files]
    ctx.at_commit(lambda: traffic.file_gone(room_id, gone))
    if not told:
        return
    together = [file.id for file in files if file.to_id is None and file.done_at is not None]
    if together:
        ctx.to_room(contract.FilesGone(files=together))
    _tell_parties(
        ctx, files, lambda theirs, _: contract.DirectGone(files=[each.id for each in theirs], declined=declined)
    )


async def files_of(session: AsyncSession, room_id: str) -> list[File]:
    """All of a room, also those that are coming, oldest first."""
    statement = select(File).where(File.room_id == room_id).order_by(File.created_at, File.id)
    return list((await session.execute(statement.execution_options(populate_existing=True))).scalars())
