"""What tests of polls do all the time."""

from __future__ import annotations

from typing import Any

from salon.core.writer import Work
from tests.support.house import LocalClient, Stage
from tests.support.recorder import Json


def options(*texts: str, right: str = "") -> list[Json]:
    return [{"text": text, "right": text == right} for text in texts]


def question(kind: str = "single", **more: Any) -> Json:
    """A question that can be asked at once."""
    base: Json = {"kind": kind, "title": f"A question of kind {kind}"}
    if kind in {"single", "multiple", "ranking"}:
        base["options"] = options("Red", "Green", "Blue")
    if kind == "multiple":
        base["most"] = 2
    if kind == "quiz":
        base["options"] = options("Red", "Green", "Blue", right="Green")
    return {**base, **more}


async def token_of(client: LocalClient) -> str:
    """For HTTP as this person."""
    house = client.stage.house

    async def begin(work: Work) -> str:
        return house.sessions.begin(work, client.identity, bearer=True).token

    return await house.writer.run("", begin)


async def polls_on(owner: LocalClient) -> None:
    await owner.must("rooms.activity", activity="polls", on=True)


async def draft(host: LocalClient, kind: str = "single", **more: Any) -> str:
    made: str = (await host.must("polls.create", question=question(kind, **more)))["polls"][0]
    return made


async def release(host: LocalClient, kind: str = "single", **more: Any) -> str:
    """A poll that is open."""
    poll = await draft(host, kind, **more)
    await host.must("polls.open", poll=poll)
    await host.stage.settle()
    return poll


async def seen(client: LocalClient) -> Json:
    found: Json = (await client.look())["features"]["polls"]
    return found


async def poll_of(client: LocalClient, poll: str) -> Json:
    (found,) = [each for each in (await seen(client))["polls"] if each["id"] == poll]
    return dict(found)


async def ids(client: LocalClient, poll: str) -> list[str]:
    """Of the options, in their order."""
    return [each["id"] for each in (await poll_of(client, poll))["question"]["options"]]


async def choose(client: LocalClient, poll: str, *places: int) -> Json:
    """Vote for the options at these places."""
    known = await ids(client, poll)
    return await client.ask("polls.vote", poll=poll, choice={"options": [known[at] for at in places]})


async def tally(client: LocalClient, poll: str) -> Json | None:
    found: Json | None = (await client.must("polls.results", poll=poll))["tally"]
    return found


def counts(found: Json | None) -> list[int]:
    assert found is not None
    return [each["count"] for each in found["counts"]]


async def crowd(stage: Stage, client: LocalClient, number: int) -> list[LocalClient]:
    """So many further people in the client's room."""
    return await stage.crowd(client.place, [f"Person {each}" for each in range(number)])
