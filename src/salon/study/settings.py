"""What hosts set: who works the room's things, its mood, and whether finished tasks are told."""

from __future__ import annotations

from salon.core.dispatch import Context, handles
from salon.core.storage import upsert
from salon.study import contract
from salon.study.contract.shapes import Settings
from salon.study.desk import Owner, settings_of
from salon.study.tables import StudySettings


@handles(contract.ChangeSettings)
async def change_settings(cmd: contract.ChangeSettings, ctx: Context) -> None:
    await Owner("room", ctx.room.id).hold(ctx.work)
    before = await settings_of(ctx.session, ctx.room.id)
    now = before.model_copy(update=cmd.model_dump(include=set(Settings.model_fields), exclude_none=True))
    if now == before:
        return
    values = now.model_dump()
    statement = upsert(ctx.session, StudySettings).values(room_id=ctx.room.id, **values)
    await ctx.session.execute(statement.on_conflict_do_update(index_elements=["room_id"], set_=values))
    ctx.to_room(contract.SettingsChanged(settings=now))
