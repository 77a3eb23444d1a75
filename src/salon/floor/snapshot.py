"""The floor as somebody sees it who comes in now."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter
from sqlalchemy import select

from salon.core.dispatch import Asking, answers
from salon.core.feature import View
from salon.core.refusals import Refused
from salon.floor import contract
from salon.floor.queue import (
    PAST_SHOWN,
    answered_people,
    item_on_wire,
    open_items,
    past_page,
    settings_of,
    settings_on_wire,
)
from salon.floor.tables import FloorAsked, FloorItem, FloorVote

_ITEMS = TypeAdapter(list[contract.Item])
_PAST = TypeAdapter(list[contract.PastItem])


@dataclass(frozen=True)
class _Own:
    """What differs, for everybody of a glance: by member's id."""

    waiting: list[contract.Item]
    """Everyone's: hosts see all of it."""
    voted: dict[str, list[str]]
    asked_at: dict[str, int]


async def snapshot(view: View) -> bytes:
    common = await view.glance.kept("floor", lambda: _common(view))
    own = await view.glance.once("floor", lambda: _own(view))
    me = view.me.id
    return orjson.dumps(
        {
            **common,
            "own": {
                "waiting": orjson.Fragment(_ITEMS.dump_json([item for item in own.waiting if item.person == me])),
                "voted": own.voted.get(me, []),
                "asked_at": own.asked_at.get(me, 0),
            },
            "hosts": {"waiting": orjson.Fragment(_ITEMS.dump_json(own.waiting))} if view.me.is_host else None,
        }
    )


async def _common(view: View) -> dict[str, orjson.Fragment]:
    """What follows from what the room was told."""
    session, room = view.session, view.room.id
    people = await answered_people(session, room)
    items = [item_on_wire(item, newcomer=item.member_id not in people) for item in await open_items(session, room)]
    page = await past_page(session, room, None, PAST_SHOWN)
    return {
        "settings": orjson.Fragment(settings_on_wire(await settings_of(session, room)).model_dump_json()),
        "items": orjson.Fragment(_ITEMS.dump_json(sorted(items, key=lambda item: item.place))),
        "past": orjson.Fragment(_PAST.dump_json(page.past)),
    }


async def _own(view: View) -> _Own:
    session, members = view.session, [member.id for member in view.company]
    waiting = select(FloorItem).where(FloorItem.room_id == view.room.id, FloorItem.state == "waiting")
    rows = (await session.execute(waiting.order_by(FloorItem.number))).scalars()
    votes = select(FloorVote.member_id, FloorVote.item_id).where(FloorVote.member_id.in_(members))
    voted: dict[str, list[str]] = {}
    for member, item in await session.execute(votes.order_by(FloorVote.item_id)):
        voted.setdefault(member, []).append(item)
    asked = select(FloorAsked.member_id, FloorAsked.at).where(FloorAsked.member_id.in_(members))
    return _Own(
        waiting=[item_on_wire(item, newcomer=False) for item in rows],
        voted=voted,
        asked_at={row.member_id: row.at for row in await session.execute(asked)},
    )


@answers(contract.History)
async def history(query: contract.History, asking: Asking) -> contract.PastPage:
    before = None
    if query.before is not None:
        before = await asking.session.get(FloorItem, query.before)
        if before is None or before.room_id != asking.room.id or before.state != "answered":
            raise Refused("item_unknown", field="before")
    return await past_page(asking.session, asking.room.id, before, query.limit)


async def archive(view: View) -> dict[str, bytes]:
    """``queue.txt``: what was answered, in that order, and what is still in the queue.

    It is among all files only if there is anything in it.
    """
    only = view.taking.only if view.taking is not None else None
    if only not in {None, "queue.txt"}:
        return {}
    page = await past_page(view.session, view.room.id, None, 100_000)
    items = sorted(await open_items(view.session, view.room.id), key=lambda item: item.place)
    if only is None and not page.past and not items:
        return {}
    lines = ["Answered", *(_line(item.number, item.name, item.body) for item in reversed(page.past))]
    lines += ["", "In the queue", *(_line(item.number, item.name, item.body) for item in items)]
    return {"queue.txt": "".join(line + "\n" for line in lines).encode()}


def _line(number: int, name: str, body: str) -> str:
    return f"{number}. {name}: {body or '(by voice)'}"
