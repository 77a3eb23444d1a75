"""What tests of calls do all the time."""

from __future__ import annotations

from typing import Any

from tests.support.house import LocalClient
from tests.support.recorder import Json

ALL = ["microphone", "camera", "screen"]


def line(who: str) -> str:
    return "a-line-of-a-page-" + who


async def call(client: LocalClient) -> Json:
    found: Json = (await client.look())["features"]["call"]
    return found


async def people(client: LocalClient) -> list[str]:
    """Who is in the call, in its order."""
    return [each["person"] for each in (await call(client))["participants"]]


async def one(client: LocalClient, who: LocalClient) -> Json:
    """Somebody's part in the call."""
    (found,) = [each for each in (await call(client))["participants"] if each["person"] == who.me]
    part: Json = found
    return part


async def joining(client: LocalClient, by: str | None = None, **more: Any) -> Json:
    return await client.ask("call.join", line=line(by or client.name), **more)


async def join(client: LocalClient, by: str | None = None, **more: Any) -> Json:
    """Come into the call; microphone and camera are on unless something else is said."""
    answer = await joining(client, by, **{"microphone": True, "camera": True, **more})
    assert answer["ok"], answer
    part: Json = answer["participant"]
    return part


def sent(part: Json) -> list[str]:
    return [each for each in ("microphone", "camera", "screen", "screen_sound") if part[each]]
