"""What is asked of files over the socket: settings, texts, answers to what was sent, deleting, naming one's device."""

from __future__ import annotations

import hashlib

from salon.core.dispatch import Context, Hearing, handles, receives
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.text import graphemes, tidy_line, tidy_text
from salon.files import contract
from salon.files.desk import (
    MINUTE_MS,
    access_file,
    change_settings,
    check_may_upload,
    check_receiver,
    remove,
    settings_of,
    tell,
)
from salon.files.devices import LONGEST
from salon.files.names import file_name
from salon.files.quota import reserve
from salon.files.tables import File
from salon.files.traffic import Traffic

TITLE_LENGTH = 40


@handles(contract.Change)
async def change(cmd: contract.Change, ctx: Context) -> None:
    given = cmd.model_fields_set - {"id"}
    if "uploads" in given:
        if cmd.uploads is None:
            raise Refused("invalid", "uploads: may be left out, but not be empty", field="uploads")
        # Otherwise a co-host could give themselves what the owner kept.
        if ctx.me.role != "owner":
            raise Refused("forbidden", "Only the owner decides who may put files into the room.", field="uploads")
    if not given:
        return
    await change_settings(ctx, **{name: getattr(cmd, name) for name in given})
    ctx.to_room(contract.SettingsChanged(settings=await settings_of(ctx.session, ctx.room)))
    traffic, room_id = Traffic.of[ctx.fanout], ctx.room.id
    ctx.at_commit(lambda: traffic.look_again(room_id))


@handles(contract.DropText)
async def drop_text(cmd: contract.DropText, ctx: Context) -> contract.Made:
    settings = await settings_of(ctx.session, ctx.room)
    check_may_upload(settings, ctx.me)
    text = tidy_text(cmd.text)
    if not 0 < len(text) <= contract.TEXT_LENGTH:
        raise Refused("text_invalid", field="text")
    receiver = await check_receiver(ctx, ctx.me, cmd.to, cmd.device)
    content = text.encode()
    await reserve(ctx, len(content))
    file = File(
        id=new_id(),
        room_id=ctx.room.id,
        member_id=ctx.me.id,
        person=ctx.me.name,
        name=_title(text),
        folder="",
        size=len(content),
        type="text/plain",
        kind="text",
        blob=None,
        text=text,
        sha256=hashlib.sha256(content).hexdigest(),
        chat=False,
        to_id=receiver.id if receiver is not None else None,
        device=cmd.device,
        accepted=None if receiver is None else False,
        thumbnail=False,
        width=None,
        height=None,
        created_at=ctx.now,
        done_at=ctx.now,
        expires_at=None if settings.expiry_minutes is None else ctx.now + settings.expiry_minutes * MINUTE_MS,
        synced=len(content),
        grows=None,
        boot="",
    )
    ctx.session.add(file)
    await ctx.session.flush()
    tell(ctx, [file])
    return contract.Made(file=file.id)


def _title(text: str) -> str:
    """A name to download it by, from its first line."""
    line = tidy_line(text.partition("\n")[0])
    return file_name(f"{line[:TITLE_LENGTH].rstrip(' .') or 'text'}.txt")


@handles(contract.Answer)
async def answer(cmd: contract.Answer, ctx: Context) -> None:
    file = await access_file(ctx.session, ctx.room.id, ctx.me, cmd.file)
    if file.to_id != ctx.me.id:
        raise Refused("forbidden", "It was not sent to you.", field="file")
    if file.accepted:
        raise Refused("already_answered", field="file")
    if not cmd.accept:
        await remove(ctx, [file], declined=True)
        return
    file.accepted = True
    await ctx.session.flush()
    tell(ctx, [file])


@handles(contract.Delete)
async def delete_files(cmd: contract.Delete, ctx: Context) -> None:
    files = []
    for name in dict.fromkeys(cmd.files):
        file = await access_file(ctx.session, ctx.room.id, ctx.me, name, field="files")
        theirs = ctx.me.id in {file.member_id, file.to_id}
        if not theirs and not ctx.me.is_host:
            raise Refused("forbidden", "It was somebody else who put this there.", field="files")
        files.append(file)
    await remove(ctx, files)


@receives(contract.NameDevice)
def name_device(said: contract.NameDevice, hearing: Hearing) -> None:
    name = tidy_line(said.name)
    while name and graphemes(name) > LONGEST:
        name = name[:-1]
    traffic = Traffic.of[hearing.fanout]
    # A page says this when it is there to listen, which it may not have been when it was greeted.
    traffic.progress.tell_all(hearing.link)
    traffic.devices.name(hearing.link, name.rstrip())
