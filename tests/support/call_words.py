"""What each word of calls may say when its sender may say it, and the state of things for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.house import LocalClient, Stage
from tests.support.world import World

Payload = dict[str, Any]

LINE = "the-line-of-some-page"

SAMPLES: dict[str, Callable[[str], Payload]] = {
    "call.join": lambda _target: {"line": LINE},
    "call.leave": lambda _target: {},
    "call.media": lambda _target: {"camera": False},
    "call.hand": lambda _target: {"up": True},
    "call.lower_hand": lambda target: {"person": target},
    "call.lower_hands": lambda _target: {},
    "call.hold": lambda target: {"person": target, "what": "camera", "on": True},
    "call.send_out": lambda target: {"person": target},
    "call.settings": lambda _target: {"most": 4},
    "call.record": lambda _target: {"file": "a-file-of-theirs"},
    "call.stop_recording": lambda _target: {"recording": "there-is-none"},
}

OF_ONES_OWN = {"call.media", "call.hand", "call.leave", "call.record", "call.stop_recording"}
OF_OTHERS = {"call.lower_hand", "call.send_out"}


async def prepare(world: World, stage: Stage, name: str, client: LocalClient) -> Payload:
    """They are in the call who must be. ``client`` is the connection of who says the word. Returns what to say beside
    the sample."""
    more: Payload = {}
    if name in OF_ONES_OWN:
        await client.must("call.join", line=LINE)
    if name in OF_OTHERS:
        target = await world.client(stage, "target").connect()
        await target.must("call.join", line=LINE + "-of-the-target")
    if "record" in name:
        owner = await world.client(stage, "owner").connect()
        await owner.must("call.settings", record="everyone")
    if name == "call.stop_recording":
        more["recording"] = (await client.must("call.record", file="a-file-of-theirs"))["recording"]["id"]
    await stage.settle()
    return more
