"""Streams: everybody gets everything once and in the same order, whatever happens to their connection."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from salon.core import fanout, welcome
from tests.support.house import LocalClient, Place, Stage, open_stage


def texts(client: LocalClient) -> list[str]:
    """All that this client knows of the room's chat: what its snapshot held, and what came after."""
    known = [message["body"] for message in client.snapshot["features"]["chat"]["room"]["messages"]]
    return known + client.said


async def chatter(client: LocalClient, count: int, text: str = "message") -> None:
    """So many messages at once."""
    await asyncio.gather(*(client.must("chat.send", body=f"{text} {number}") for number in range(count)))


@pytest.mark.feature("C1")
async def test_fifty_at_once_are_in_the_same_order_for_all(stage: Stage, place: Place, owner: LocalClient) -> None:
    people = [owner, *await stage.crowd(place, [f"Person {number}" for number in range(49)])]
    for client in people:
        client.forget()
    answers = await asyncio.gather(*(client.must("chat.send", body=client.name) for client in people))
    await stage.settle()
    assert sorted(answer["n"] for answer in answers) == list(range(1, 51)), "no gaps, nothing twice"
    order = [client.name for _, client in sorted(zip(answers, people, strict=True), key=lambda pair: pair[0]["n"])]
    for client in people:
        assert client.said == order
        assert [event["data"]["message"]["n"] for event in client.events("chat.sent")] == list(range(1, 51))


@pytest.mark.feature("C1", "R8")
async def test_a_few_missed_events_follow_and_nothing_else(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    await owner.must("chat.send", body="before")
    since = guest.seqs
    guest.lose()
    await owner.must("chat.send", body="one")
    await owner.must("chat.send", body="to you", peer=guest.me)
    await owner.must("chat.send", body="two")
    back = await stage.again(guest, since)
    assert back.kinds[0] == "resumed"
    assert "snapshot" not in back.kinds
    assert back.said == ["one", "two", "to you"], "each stream in its order"
    await owner.must("chat.send", body="three")
    assert back.said[-1] == "three"


@pytest.mark.feature("C1")
async def test_nothing_missed_is_nothing_sent(stage: Stage, place: Place, owner: LocalClient) -> None:
    further = await stage.again(owner, owner.seqs)
    assert further.kinds == ["resumed"]
    assert further.of("resumed")[0]["seqs"] == owner.seqs


@pytest.mark.feature("C1")
async def test_too_much_missed_is_a_snapshot(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(welcome, "RESUME_LIMIT", 60)
    since = guest.seqs
    guest.lose()
    await stage.settle()
    gone = guest_events(owner)
    await chatter(owner, 60 - gone)
    just = await stage.again(guest, since)
    assert just.kinds[0] == "resumed"
    assert len(just.said) == 60 - gone
    just.lose()
    await stage.settle()
    further = await stage.again(guest, since)
    assert further.kinds == ["snapshot"]
    assert len(texts(further)) == 50


def guest_events(owner: LocalClient) -> int:
    """How many events the loss of the guest's connection and their coming back are."""
    lost = [event for event in owner.events("people.changed") if event["data"]["people"][0]["devices"] == []]
    return 2 * len(lost)


@pytest.mark.feature("C1")
async def test_what_the_log_has_forgotten_is_a_snapshot(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, log_events=100) as stage:
        place = await stage.room()
        owner, guest = await stage.owner(place), await stage.come(place, "Gil")
        start = dict(guest.seqs)
        await chatter(owner, 60)
        middle = dict(guest.seqs)
        guest.lose()
        await chatter(owner, 60)
        await stage.pass_time(61)
        early = await stage.again(guest, start)
        assert early.kinds[0] == "snapshot"
        late = await stage.again(guest, middle)
        assert late.kinds[0] == "resumed"
        assert len(late.said) == 60


@pytest.mark.feature("C1")
@pytest.mark.parametrize("change", [{"room": 1000}, {"me": 5}, {"hosts": 0}, {"room": None}, {"me": None}])
async def test_a_place_that_cannot_be_is_a_snapshot(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient, change: dict[str, int | None]
) -> None:
    """From the future (a database put back from a backup), of streams not followed, or not of all that are."""
    since = {name: seq for name, seq in {**guest.seqs, **change}.items() if seq is not None}
    further = await stage.again(guest, since)
    assert further.kinds[0] == "snapshot"
    assert further.seqs == guest.seqs


@pytest.mark.feature("C1", "R5")
async def test_promoted_while_away(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    since = guest.seqs
    guest.lose()
    await owner.must("people.role", person=guest.me, role="cohost")
    further = await stage.again(guest, since)
    assert further.kinds[0] == "snapshot"
    assert set(further.seqs) == {"room", "me", "hosts"}
    assert further.snapshot["features"]["people"]["hosts"] is not None


@pytest.mark.feature("C1", "R5")
async def test_demoted_while_away(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("people.role", person=guest.me, role="cohost")
    await stage.settle()
    since = guest.seqs
    assert "hosts" in since
    guest.lose()
    await owner.must("people.role", person=guest.me, role="audience")
    further = await stage.again(guest, since)
    assert further.kinds[0] == "snapshot"
    assert set(further.seqs) == {"room", "me"}
    assert further.snapshot["features"]["people"]["hosts"] is None


@pytest.mark.feature("C1")
async def test_a_gap_is_closed_by_asking(stage: Stage, place: Place, owner: LocalClient) -> None:
    """A client that finds a number missing names what it has, on the connection that it has."""
    await chatter(owner, 5)
    assert owner.link is not None
    owner.forget()
    owner.seqs["room"] -= 3
    owner.link.since = dict(owner.seqs)
    await stage.house.edge.welcomer.welcome(owner.link)
    assert owner.kinds == ["resumed", "event", "event", "event"]
    await owner.must("chat.send", body="and on")
    assert owner.said[-1] == "and on"


@pytest.mark.feature("C1")
async def test_what_happens_while_a_snapshot_is_read(stage: Stage, place: Place, owner: LocalClient) -> None:
    """Coming in the middle of a lively talk: the snapshot and what follows fit without a gap or an overlap."""
    everything: list[str] = []
    for round_number in range(3):
        identity = await stage.identity()
        newcomer = LocalClient(stage, place, identity, f"Newcomer {round_number}")
        await newcomer.connect()
        await newcomer.must("people.join", name=newcomer.name)
        newcomer.lose()
        lines = [f"{round_number}.{number}" for number in range(15)]

        async def talk(lines: list[str]) -> None:
            for line in lines:
                await owner.must("chat.send", body=line)

        further = LocalClient(stage, place, identity, newcomer.name)
        await asyncio.gather(talk(lines), further.connect())
        await stage.settle()
        everything += lines
        assert texts(further) == everything
        further.lose()


@pytest.mark.feature("C1")
async def test_more_comes_than_is_held_while_a_snapshot_is_read(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit is read from the log."""
    monkeypatch.setattr(fanout, "HELD_EVENTS", 3)
    gil = await stage.come(place, "Gil")
    since = gil.seqs
    gil.lose()
    read = stage.house.edge.welcomer._catch_up

    async def read_slowly(*arguments: object) -> object:
        first = await read(*arguments)  # type: ignore[arg-type]
        await chatter(owner, 10)
        return first

    monkeypatch.setattr(stage.house.edge.welcomer, "_catch_up", read_slowly)
    fresh = await stage.again(gil)
    back = await stage.again(gil, since)
    monkeypatch.undo()
    await owner.must("chat.send", body="last")
    assert len(texts(fresh)) == len(owner.said)
    assert back.kinds[0] == "resumed"
    for client in (fresh, back):
        assert len(client.said) >= 11
        assert client.said == owner.said[-len(client.said) :]


@pytest.mark.feature("C1", "C3")
async def test_streams_hold_only_what_is_theirs(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    tom = await stage.come(place, "Tom")
    await guest.must("chat.send", body="between us", peer=tom.me)
    await owner.must("people.remove", person=(await stage.come(place, "Eve")).me)
    assert owner.events("chat.sent") == []
    assert [event["stream"] for event in guest.events("chat.sent")] == ["me"]
    assert [event["stream"] for event in tom.events("chat.sent")] == ["me"]
    assert [event["stream"] for event in owner.events("people.removed")] == ["hosts"]
    assert not guest.events("people.removed")
    assert "hosts" not in guest.seqs


@pytest.mark.feature("C1")
async def test_rooms_do_not_hear_each_other(stage: Stage, place: Place, owner: LocalClient) -> None:
    elsewhere = await stage.room()
    other = await stage.owner(elsewhere, "Xenia")
    both = await stage.come(elsewhere, "Olga too", identity=owner.identity)
    owner.forget()
    await other.must("chat.send", body="elsewhere")
    assert both.said == ["elsewhere"]
    assert owner.got == []


@pytest.mark.feature("C1")
async def test_times_tell_the_order(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    """What is committed together still has times of its own."""
    await asyncio.gather(chatter(owner, 5, "a"), chatter(guest, 5, "b"))
    times = [event["data"]["message"]["at"] for event in owner.events("chat.sent")]
    assert times == sorted(set(times))
