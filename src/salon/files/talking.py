"""Files that are dropped into the chat: its rules hold for them as for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from salon.chat.contract import Cleared, SettingsChanged
from salon.core.dispatch import Context, listens
from salon.core.feature import Talk
from salon.core.refusals import Refused
from salon.core.tables import Member
from salon.files.desk import tell
from salon.files.tables import File
from salon.files.traffic import Traffic

if TYPE_CHECKING:
    from salon.core.house import House


def talk_of(house: House) -> Talk:
    """The rules of the chat; refused where there is none."""
    for feature in house.features:
        if feature.talk is not None:
            return feature.talk
    raise Refused("activity_off")


async def begin_to_say(talk: Talk, ctx: Context, me: Member, *, direct: bool) -> None:
    """Somebody begins to upload into the chat. It is their turn that counts for slow mode."""
    if direct:
        raise Refused("invalid", "The chat is everyone's: leave `to` out.", field="to")
    await talk.check(ctx.session, ctx.room, me)
    await talk.wait(ctx, me)
    await talk.note(ctx, me)


async def say(talk: Talk, ctx: Context, file: File) -> None:
    """It is to be shown in the chat now. Refused while its author may not write there; then it waits, all here."""
    author = await ctx.session.get_one(Member, file.member_id, populate_existing=True)
    await talk.check(ctx.session, ctx.room, author)
    await talk.note(ctx, author)


@listens(SettingsChanged)
async def look_after_chat(_event: SettingsChanged, ctx: Context) -> None:
    """Those who may not write any more do not go on uploading into it."""
    traffic, room_id = Traffic.of[ctx.fanout], ctx.room.id
    ctx.at_commit(lambda: traffic.look_again(room_id))


@listens(Cleared)
async def leave_chat(_event: Cleared, ctx: Context) -> None:
    """The chat was cleared: files that were shown there are not shown there any more. They stay in the room."""
    shown = select(File).where(File.room_id == ctx.room.id, File.chat, File.done_at.is_not(None))
    files = list((await ctx.session.execute(shown.execution_options(populate_existing=True))).scalars())
    for file in files:
        file.chat = False
    if files:
        await ctx.session.flush()
        tell(ctx, files)
