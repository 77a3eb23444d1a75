"""No vote is counted twice, late or lost, whatever comes at the same moment. ``make poll-races`` does it longer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from salon.polls import live
from tests.polls.conftest import Hall
from tests.polls.races import race
from tests.polls.support import choose, counts, crowd, poll_of, polls_on, release
from tests.support.house import open_stage


@pytest.mark.feature("V3", "V4")
async def test_the_same_people_from_many_devices_at_the_deadline(hall: Hall) -> None:
    people = await crowd(hall.stage, hall.host, 20)
    found = await race([hall.stage], hall.host, people, rounds=4, devices=4)
    assert not found.faults
    assert found.codes["ok"] > 20
    assert found.codes["already_voted"] > 20
    assert found.codes["poll_over"] > 80, "more than those who come after the closing alone"
    assert found.tried == sum(found.codes.values())


@pytest.mark.feature("V3", "V4", "O3")
async def test_two_servers_count_every_vote_once(tmp_path: Path, at_once: None) -> None:
    """On PostgreSQL two servers share a room. (With SQLite there is one: this is then the same once more.)"""
    async with open_stage(tmp_path) as one:
        place = await one.room()
        host = await one.owner(place)
        await polls_on(host)
        people = await crowd(one, host, 15)
        if one.house.storage.is_sqlite:
            found = await race([one], host, people, rounds=2, devices=3)
        else:
            async with open_stage(tmp_path, clock=one.clock) as two:
                found = await race([one, two], host, people, rounds=4, devices=4)
    assert not found.faults
    assert found.codes["ok"] > 15


@pytest.mark.feature("V3")
async def test_votes_and_the_closing_in_one_moment(hall: Hall) -> None:
    """Whoever is told that it counts is in what the closing tells, and nobody else."""
    people = await crowd(hall.stage, hall.host, 30)
    poll = await release(hall.host)
    votes = [asyncio.create_task(choose(client, poll, at % 3)) for at, client in enumerate(people)]
    await asyncio.sleep(0)
    await hall.host.must("polls.close", poll=poll)
    answers = await asyncio.gather(*votes)
    assert {answer.get("code", "ok") for answer in answers} <= {"ok", "poll_over"}
    final = (await poll_of(hall.ann, poll))["tally"]
    assert sum(counts(final)) == final["votes"] == sum(answer["ok"] for answer in answers)


@pytest.mark.feature("V5")
async def test_totals_are_told_together(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many vote at once: at most ten times a second, and the final ones at once."""
    monkeypatch.setattr(live, "MERGE_SECONDS", 0.1)
    people = await crowd(hall.stage, hall.host, 30)
    poll = await release(hall.host)
    await hall.stage.settle()
    hall.ann.forget()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for client in people:
        assert (await choose(client, poll, 0))["ok"]
    took = loop.time() - begun
    told = len(hall.ann.signals("polls.tally"))
    assert told <= took / 0.1 + 2
    await hall.host.must("polls.close", poll=poll)
    final = hall.ann.events("polls.changed")[-1]["data"]["polls"][0]
    assert counts(final["tally"]) == [30, 0, 0]
    await hall.stage.settle()
    assert all(each["data"]["live"]["votes"] <= 30 for each in hall.ann.signals("polls.tally"))
