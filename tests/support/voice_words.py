"""What each word of voice may say when its sender may say it, and the state of things for that."""

from __future__ import annotations

from typing import Any

from tests.support.house import LocalClient, Stage
from tests.support.world import World

Payload = dict[str, Any]

LINE = "the-line-of-some-page"
THING = "there-is-none"

SAMPLES: dict[str, Payload] = {
    "voice.call": {"item": THING, "line": LINE},
    "voice.talk": {"call": THING, "line": LINE},
    "voice.hang_up": {"call": THING},
    "voice.mute": {"call": THING, "on": True},
    "voice.resume": {"call": THING, "line": LINE},
    "voice.ready": {"item": THING},
    "voice.auto": {"on": True, "line": LINE},
    "voice.settings": {"phones": 2},
}
"""By word; ``THING`` stands for the id of what :func:`prepare` makes."""

OF_ONES_OWN = {"voice.talk", "voice.hang_up", "voice.resume", "voice.ready"}
IN_A_CALL = {"voice.talk", "voice.hang_up", "voice.resume", "voice.mute"}


async def prepare(world: World, stage: Stage, name: str, client: LocalClient, who: str) -> Payload:
    """Something in the queue, or a call, that ``who`` may do it with. ``client`` is their connection."""
    owner = await world.client(stage, "owner").connect()
    await owner.must("floor.settings", open_items=5, approval=False)
    asker = client if name in OF_ONES_OWN else await world.client(stage, "target").connect()
    item = (await asker.must("floor.ask", kind="voice"))["item"]
    thing = item
    if name in IN_A_CALL:
        host = await world.client(stage, "cohost" if who == "owner" else "owner").connect()
        thing = (await host.must("voice.call", item=item, line="another-line-of-a-page"))["call"]
    if name == "voice.resume":
        phone = await world.client(stage, who).connect()
        await phone.must("voice.talk", call=thing, line=LINE)
        phone.lose()
    await stage.settle()
    return {field: thing if value == THING else value for field, value in SAMPLES[name].items()}
