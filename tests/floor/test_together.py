"""Many at once: fifty clients over real sockets while a host puts the queue in order, and two servers for one room."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.recorder import Json, Recorder
from tests.support.wire import Served, SocketClient

CROWD = 50


def orders(client: Recorder) -> dict[int, list[str]]:
    """How the queue stood for this client after each number of the room's stream, by events alone."""
    snapshot: Json = client.of("snapshot")[0]
    items = {item["id"]: item["place"] for item in snapshot["features"]["floor"]["items"]}
    found: dict[int, list[str]] = {}
    for event in client.events():
        if event["type"] == "floor.changed":
            items |= {item["id"]: item["place"] for item in event["data"]["items"]}
        elif event["type"] == "floor.gone":
            items = {item: place for item, place in items.items() if item not in event["data"]["items"]}
        if event["stream"] == "room":
            found[event["seq"]] = sorted(items, key=items.__getitem__)
    return found


async def reorder(host: SocketClient, chance: random.Random, asked: asyncio.Future[list[Json]]) -> int:
    """Moves, pins, takes up and answers as long as people ask, and a while longer."""
    moves = left = 0
    while not asked.done() or left < 40:
        left += asked.done()
        queue = next(reversed(orders(host).values()), [])
        if len(queue) < 3:
            await host.event("floor.changed", len(host.events("floor.changed")) + 1)
            continue
        item, other = chance.sample(queue, 2)
        choices: list[tuple[str, Json]] = [
            ("move", {"after": other}),
            ("move", {"after": None}),
            ("pin", {"on": True}),
            ("pin", {"on": False}),
            ("take", {"on": True}),
        ]
        word, more = chance.choice(choices)
        # Whoever asked may have taken it back since.
        answer = await host.ask(f"floor.{word}", item=item, **more)
        assert answer["ok"] or answer["code"] == "item_unknown", answer
        moves += 1
    return moves


@pytest.mark.feature("F1", "F4", "F5")
async def test_fifty_ask_at_once_while_the_host_reorders(served: Served) -> None:
    token = await served.token()
    made = await served.room(token, "stage")
    host = await served.come(made["link"], "Olga", token)
    crowd = [await served.come(made["link"], f"P{number}") for number in range(CROWD)]

    async def take_part(number: int, client: SocketClient) -> Json:
        answer = await client.must("floor.ask", kind="text", body=f"question {number}")
        if number % 7 == 0:
            await client.ask("floor.withdraw", item=answer["item"])
        else:
            await asyncio.gather(
                *(
                    client.ask("floor.upvote", item=item, on=True)
                    for item in (orders(client) or {0: []}).popitem()[1][:3]
                )
            )
        return answer

    asked = asyncio.ensure_future(asyncio.gather(*(take_part(*each) for each in enumerate(crowd))))
    moves = await reorder(host, random.Random(5), asked)
    assert moves >= 40
    assert sorted(answer["number"] for answer in await asked) == list(range(1, CROWD + 1))

    final = await served.come(made["link"], "Lea")
    expected = [item["id"] for item in final.snapshot["features"]["floor"]["items"]]
    assert len(expected) > 10
    newest = final.snapshot["seqs"]["room"]
    everyone = [host, *crowd]
    for client in everyone:
        await client.until(partial(_has_come_to, client, newest), "all that happened")
    histories = [orders(client) for client in everyone]
    assert histories[0][newest] == expected, "what events make of it is what a newcomer is told"
    for history in histories[1:]:
        common = [seq for seq in history if seq in histories[0]]
        assert newest in common
        assert all(history[seq] == histories[0][seq] for seq in common), "one order everywhere, at every moment"


def _has_come_to(client: Recorder, seq: int) -> bool:
    return client.seqs["room"] >= seq


@pytest.mark.feature("F1", "F3", "O3")
async def test_two_servers_keep_one_queue(tmp_path: Path, at_once: None) -> None:
    """On PostgreSQL several servers share a room. (With SQLite there is one: this is then the same once more.)"""
    async with open_stage(tmp_path) as one:
        place = await one.room("stage")
        await one.owner(place)
        if one.house.storage.is_sqlite:
            return await _ask_on_both([one, one], place)
        async with open_stage(tmp_path, clock=one.clock) as two:
            await _ask_on_both([one, two], place)
    return None


async def _ask_on_both(stages: list[Stage], place: Place) -> None:
    """Everybody asks twice at the same moment, from two devices at two servers."""
    people = [await stages[0].come(place, f"P{number}") for number in range(10)]
    again = [LocalClient(stages[1], place, each.identity, each.name, "phone") for each in people]
    for device in again:
        await device.connect()
    devices = enumerate((*people, *again))
    answers = await asyncio.gather(*(device.ask("floor.ask", id=f"ask{n}", kind="voice") for n, device in devices))
    codes = Counter(answer.get("code", "ok") for answer in answers)
    assert codes["ok"] == 10
    assert set(codes) <= {"ok", "item_open"}
    shown = (await people[0].look())["features"]["floor"]["items"]
    assert sorted(item["number"] for item in shown) == list(range(1, 11))
    assert len({item["place"] for item in shown}) == 10
