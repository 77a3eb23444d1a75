"""The same command twice has one effect and one answer: on two connections, after a cut, after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from salon.core.clock import ManualClock
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.wire import serve


async def bodies(client: LocalClient) -> list[str]:
    page = await client.ask("chat.history")
    return [message["body"] for message in page["messages"]]


@pytest.mark.feature("C1")
async def test_one_effect_and_one_answer(stage: Stage, place: Place, owner: LocalClient) -> None:
    first = await owner.ask("chat.send", id="same", body="hello")
    assert first["ok"]
    assert await owner.ask("chat.send", id="same", body="hello") == first
    assert owner.said == ["hello"]
    assert await bodies(owner) == ["hello"]


@pytest.mark.feature("C1")
async def test_at_the_same_time_on_two_connections(stage: Stage, place: Place, owner: LocalClient) -> None:
    further = await stage.again(owner)
    answers = await asyncio.gather(
        *(client.ask("chat.send", id="same", body="hello") for client in (owner, further, owner, further))
    )
    assert all(answer == answers[0] for answer in answers)
    await stage.settle()
    assert owner.said == further.said == ["hello"]


@pytest.mark.feature("C1")
async def test_of_another_person_or_room_it_is_another_command(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    elsewhere = await stage.come(await stage.room(), "Olga", identity=owner.identity)
    answers = [await client.must("chat.send", id="same", body="hello") for client in (owner, guest, elsewhere)]
    assert len({answer["message"] for answer in answers}) == 3
    assert owner.said == ["hello", "hello"]


@pytest.mark.feature("C1")
async def test_what_was_refused_may_be_tried_again(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    await owner.must("people.mute", person=guest.me, muted=True)
    assert (await guest.ask("chat.send", id="same", body="hello"))["code"] == "muted"
    await owner.must("people.mute", person=guest.me, muted=False)
    assert (await guest.ask("chat.send", id="same", body="hello"))["ok"]
    assert owner.said == ["hello"]


@pytest.mark.feature("C1", "R8")
async def test_over_a_restart(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        first = await owner.ask("chat.send", id="same", body="hello")
        joined = await owner.ask("people.join", id="again", name="Olga")
        assert joined["code"] == "already_joined"
        seqs = owner.seqs
    async with open_stage(tmp_path, clock=clock) as stage:
        back = LocalClient(stage, place, owner.identity, "Olga")
        back.seqs = dict(seqs)
        await back.connect(seqs)
        assert back.kinds[0] == "resumed"
        assert await back.ask("chat.send", id="same", body="hello") == first
        assert back.said == []
        assert await bodies(back) == ["hello"]


@pytest.mark.feature("P1")
async def test_joining_twice(stage: Stage, place: Place) -> None:
    visitor = await stage.visitor(place)
    first = await visitor.ask("people.join", id="same", name="Vera")
    assert first["ok"]
    assert await visitor.ask("people.join", id="same", name="Vera") == first
    assert (await visitor.ask("people.join", name="Vera"))["code"] == "already_joined"


@pytest.mark.feature("R5")
async def test_leaving_twice(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    assert (await guest.ask("people.leave", id="same"))["ok"]
    assert (await guest.ask("people.leave", id="same"))["ok"]
    assert len([event for event in owner.events("people.changed") if event["data"]["left"]]) == 1


@pytest.mark.feature("C1")
async def test_answers_are_kept_for_a_while(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, receipt_hours=2) as stage:
        owner = await stage.owner(await stage.room())
        first = await owner.must("chat.send", id="same", body="hello")
        await stage.pass_time(3600)
        assert await owner.must("chat.send", id="same", body="hello") == first
        await stage.pass_time(3601)
        again = await owner.must("chat.send", id="same", body="hello")
        assert again["message"] != first["message"]


@pytest.mark.feature("C1", "R8")
async def test_no_answer_came_before_the_cut(tmp_path: Path, at_once: None) -> None:
    """As a client does it: whatever had no answer is sent again, over a real socket, after a real restart."""
    async with serve(tmp_path) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        port = served.port
        sent = [{"id": f"m{number}", "body": f"number {number}"} for number in range(20)]
        for payload in sent[:10]:
            await olga.emit("chat.send", payload)
        await olga.cut()
        seqs = olga.seqs
    async with serve(tmp_path, port=port) as served:
        olga = await served.client("Olga", token)
        olga.seqs = dict(seqs)
        await olga.connect(room, seqs)
        answers = await asyncio.gather(*(olga.ask_exactly("chat.send", payload) for payload in sent))
        assert [answer["n"] for answer in answers] == list(range(1, 21))
        page = await olga.must("chat.history", limit=100)
        assert [message["body"] for message in page["messages"]] == [payload["body"] for payload in sent]
        assert [message["key"] for message in page["messages"]] == [payload["id"] for payload in sent]
