"""What becomes of a request to speak when its call has ended: it was answered, or is taken back."""

from __future__ import annotations

from salon.core.dispatch import Context, listens
from salon.floor.commands import take_away
from salon.floor.hosting import mark_answered
from salon.floor.queue import Queue, hold
from salon.floor.tables import FloorItem
from salon.voice.contract import CallEnded


@listens(CallEnded)
async def settle(event: CallEnded, ctx: Context) -> None:
    if event.outcome not in {"answered", "declined"}:
        return
    await hold(ctx)
    item = await ctx.session.get(FloorItem, event.item, populate_existing=True)
    if item is None or item.state != "open":
        return
    if event.outcome == "declined":
        await take_away(ctx, [item], "withdrawn")
    else:
        queue = await Queue.load(ctx)
        mark_answered(queue, queue.items[item.id])
        queue.settle()
