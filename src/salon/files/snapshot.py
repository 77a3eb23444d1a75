"""What lies in the room, and what is only for oneself."""

from __future__ import annotations

import orjson
from pydantic import TypeAdapter
from sqlalchemy import or_, select

from salon.core.feature import View
from salon.files import contract
from salon.files.desk import file_on_wire, limits_of, parties, settings_of
from salon.files.tables import File

_FILES = TypeAdapter(list[contract.File])


async def snapshot(view: View) -> bytes:
    common = await view.glance.kept("files", lambda: _common(view))
    direct = await view.glance.once("files", lambda: _direct(view))
    own = _FILES.dump_json([file_on_wire(file, view.me.id) for file in direct.get(view.me.id, [])])
    return orjson.dumps({**common, "direct": orjson.Fragment(own)})


async def _common(view: View) -> dict[str, orjson.Fragment]:
    """What follows from what the room was told."""
    here = select(File).where(File.room_id == view.room.id, File.to_id.is_(None), File.done_at.is_not(None))
    files = (await view.session.execute(here.order_by(File.done_at, File.id))).scalars()
    settings = await settings_of(view.session, view.room)
    return {
        "settings": orjson.Fragment(settings.model_dump_json()),
        "limits": orjson.Fragment(limits_of(view.settings).model_dump_json()),
        "files": orjson.Fragment(_FILES.dump_json([file_on_wire(file) for file in files])),
    }


async def _direct(view: View) -> dict[str, list[File]]:
    """By member: what is to them or from them."""
    members = [member.id for member in view.company]
    theirs = or_(File.to_id.in_(members), File.member_id.in_(members))
    statement = select(File).where(File.room_id == view.room.id, File.to_id.is_not(None), theirs)
    found: dict[str, list[File]] = {}
    for file in (await view.session.execute(statement.order_by(File.created_at, File.id))).scalars():
        for person in parties(file):
            found.setdefault(person, []).append(file)
    return found
