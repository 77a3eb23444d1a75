"""What tests of study do all the time."""

from __future__ import annotations

from typing import Any

from salon.core.writer import Work
from tests.support.house import LocalClient, Place, Stage
from tests.support.recorder import Json

MINUTE = 60_000


async def study_on(owner: LocalClient) -> None:
    await owner.must("rooms.activity", activity="study", on=True)


async def seen(client: LocalClient) -> Json:
    found: Json = (await client.look())["features"]["study"]
    return found


async def own(client: LocalClient) -> Json:
    found: Json = (await seen(client))["own"]
    return found


async def another_room(stage: Stage, client: LocalClient) -> tuple[Place, LocalClient]:
    """The same person in another room, in which study is on."""
    place = await stage.room()
    owner = await stage.owner(place)
    await study_on(owner)
    return place, await stage.come(place, client.name, identity=client.identity)


async def add(client: LocalClient, todo: str, text: str = "", *, to: str = "room", **more: Any) -> None:
    await client.must("study.add", todo=todo, list=to, text=text or todo, **more)


async def order(client: LocalClient, name: str = "room") -> list[str]:
    """The to-dos of a list, in their order."""
    found = await seen(client)
    todos = found["todos"] + found["own"]["todos"]
    return [each["id"] for each in sorted(todos, key=lambda each: (each["place"], each["id"])) if each["list"] == name]


async def todo_of(client: LocalClient, todo: str) -> Json:
    found = await seen(client)
    (one,) = [each for each in found["todos"] + found["own"]["todos"] if each["id"] == todo]
    return dict(one)


async def timer_of(client: LocalClient, scope: str = "room") -> Json:
    found = await seen(client)
    timer: Json = found["timer"] if scope == "room" else found["own"]["timer"]
    return timer


async def press(client: LocalClient, act: str, scope: str = "room") -> Json:
    """Work a timer as it is now."""
    revision = (await timer_of(client, scope))["revision"]
    return await client.ask("study.timer", scope=scope, act=act, revision=revision)


async def lengths(client: LocalClient, scope: str = "room", **more: Any) -> Json:
    revision = (await timer_of(client, scope))["revision"]
    return await client.ask("study.lengths", scope=scope, revision=revision, **more)


async def token_of(client: LocalClient) -> str:
    """For HTTP as this person."""
    house = client.stage.house

    async def begin(work: Work) -> str:
        return house.sessions.begin(work, client.identity, bearer=True).token

    return await house.writer.run("", begin)
