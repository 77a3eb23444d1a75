"""What tests of voice do all the time."""

from __future__ import annotations

from tests.support.house import LocalClient
from tests.support.recorder import Json

LINE = "a-line-of-a-page-"


def line(who: str) -> str:
    return LINE + who


async def voice(client: LocalClient) -> Json:
    found: Json = (await client.look())["features"]["voice"]
    return found


async def the_call(client: LocalClient) -> Json:
    """The one call that there is."""
    (call,) = (await voice(client))["calls"]
    found: Json = call
    return found


async def queue(client: LocalClient) -> list[str]:
    return [item["id"] for item in (await client.look())["features"]["floor"]["items"]]


async def past(client: LocalClient) -> list[str]:
    return [item["id"] for item in (await client.look())["features"]["floor"]["past"]]


async def ask(client: LocalClient) -> str:
    item: str = (await client.must("floor.ask", kind="voice"))["item"]
    return item


async def call_up(host: LocalClient, item: str, by: str = "screen") -> str:
    call: str = (await host.must("voice.call", item=item, line=line(by)))["call"]
    return call


async def talk(person: LocalClient, call: str, by: str = "phone") -> Json:
    return await person.ask("voice.talk", call=call, line=line(by))


async def go_live(host: LocalClient, person: LocalClient, item: str) -> str:
    call = await call_up(host, item)
    assert (await talk(person, call))["ok"]
    return call
