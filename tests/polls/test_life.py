"""A poll's life: open, voted in, closed, shown; in time, once, and by whom it is meant for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.polls.conftest import Hall
from tests.polls.support import choose, counts, draft, ids, poll_of, question, release, seen, tally
from tests.support.house import open_stage


@pytest.mark.feature("V3", "V5")
async def test_a_poll_is_opened_voted_in_and_closed(hall: Hall) -> None:
    poll = await draft(hall.host)
    assert (await seen(hall.ann))["polls"] == []
    await hall.host.must("polls.open", poll=poll)
    shown = await poll_of(hall.ann, poll)
    assert shown["state"] == "open"
    assert shown["closes_at"] == shown["opened_at"] + 60_000
    assert [each["text"] for each in shown["question"]["options"]] == ["Red", "Green", "Blue"]
    assert (await choose(hall.ann, poll, 1))["ok"]
    assert (await choose(hall.bea, poll, 1))["ok"]
    assert (await choose(hall.host, poll, 2))["ok"]
    await hall.stage.settle()
    told = hall.bea.signals("polls.tally")[-1]["data"]["live"]
    assert (told["votes"], counts(told["tally"])) == (3, [0, 2, 1])
    await hall.host.must("polls.close", poll=poll)
    await hall.stage.settle()
    final = hall.bea.events("polls.changed")[-1]["data"]["polls"][0]
    assert final["state"] == "closed"
    assert final["shown"]
    assert counts(final["tally"]) == [0, 2, 1]
    assert counts(await tally(hall.ann, poll)) == [0, 2, 1]


@pytest.mark.feature("V3")
async def test_early_late_and_twice_are_refused(hall: Hall) -> None:
    poll = await draft(hall.host, seconds=30)
    early = await hall.ann.ask("polls.vote", poll=poll, choice={"options": ["any"]})
    assert early["code"] == "poll_not_open"
    await hall.host.must("polls.open", poll=poll)
    closes_at = (await poll_of(hall.ann, poll))["closes_at"]
    assert (await choose(hall.ann, poll, 0))["ok"]
    assert (await choose(hall.ann, poll, 1))["code"] == "already_voted"
    # The last moment counts, the deadline does not; nobody has closed the poll yet.
    hall.stage.clock.advance(seconds=(closes_at - hall.stage.clock.now() - 10) / 1000)
    assert (await choose(hall.bea, poll, 0))["ok"]
    hall.stage.clock.advance(seconds=0.1)
    assert (await choose(hall.host, poll, 0))["code"] == "poll_over"
    await hall.stage.pass_time(1)
    assert (await poll_of(hall.ann, poll))["state"] == "closed"
    assert (await poll_of(hall.ann, poll))["closed_at"] == closes_at
    assert (await choose(hall.host, poll, 0))["code"] == "poll_over"
    assert counts(await tally(hall.ann, poll)) == [2, 0, 0]


@pytest.mark.feature("V3", "R10")
async def test_one_poll_is_on_the_big_screen(hall: Hall) -> None:
    async def projected() -> list[str]:
        return [poll["id"] for poll in (await seen(hall.ann))["polls"] if poll["projected"]]

    waiting = await draft(hall.host)
    first = await release(hall.host)
    assert await projected() == [first]
    second = await release(hall.host)
    assert await projected() == [second]
    await hall.host.must("polls.project", poll=first, on=True)
    await hall.host.must("polls.project", poll=second, on=False)
    assert await projected() == [first]
    await hall.host.must("polls.close", poll=first)
    assert await projected() == [first]
    await hall.host.must("polls.project", poll=first, on=False)
    assert await projected() == []
    await hall.host.must("polls.project", poll=first, on=True)
    await hall.host.must("polls.reset", poll=first)
    assert await projected() == []
    await hall.host.must("polls.open", poll=first)
    assert await projected() == [first]
    assert (await hall.host.ask("polls.project", poll=waiting, on=True))["code"] == "poll_state"
    assert (await hall.ann.ask("polls.project", poll=second, on=True))["code"] == "forbidden"


@pytest.mark.feature("V3", "V6")
async def test_a_vote_is_for_the_opening_that_was_seen(hall: Hall) -> None:
    """One that waited for the network while a host threw the votes away and opened the poll once more."""
    poll = await release(hall.host, "rating")
    seen_at = (await poll_of(hall.ann, poll))["opened_at"]
    hall.stage.clock.advance(seconds=1)
    await hall.host.must("polls.reset", poll=poll)
    await hall.host.must("polls.open", poll=poll)
    late = await hall.ann.ask("polls.vote", poll=poll, choice={"value": 5}, opened_at=seen_at)
    assert late["code"] == "poll_begun_anew"
    assert late["field"] == "opened_at"
    now = (await poll_of(hall.ann, poll))["opened_at"]
    await hall.ann.must("polls.vote", poll=poll, choice={"value": 4}, opened_at=now)
    assert (await tally(hall.host, poll) or {})["votes"] == 1


@pytest.mark.feature("V3")
async def test_a_deadline_is_extended_and_stopped(hall: Hall) -> None:
    poll = await release(hall.host, seconds=10)
    before = (await poll_of(hall.ann, poll))["closes_at"]
    await hall.host.must("polls.extend", poll=poll, seconds=30)
    assert (await poll_of(hall.ann, poll))["closes_at"] == before + 30_000
    await hall.stage.pass_time(20)
    assert (await choose(hall.ann, poll, 0))["ok"]
    await hall.stage.pass_time(25)
    assert (await poll_of(hall.ann, poll))["state"] == "closed"
    assert (await hall.host.ask("polls.extend", poll=poll, seconds=30))["code"] == "poll_state"
    assert (await hall.host.ask("polls.close", poll=poll))["code"] == "poll_state"
    endless = await release(hall.host, seconds=None)
    assert (await poll_of(hall.ann, endless))["closes_at"] is None
    assert (await hall.host.ask("polls.extend", poll=endless, seconds=30))["code"] == "poll_state"
    late = await release(hall.host, seconds=10)
    hall.stage.clock.advance(seconds=11)
    assert (await hall.host.ask("polls.extend", poll=late, seconds=30))["code"] == "poll_over"


@pytest.mark.feature("V3")
async def test_a_deadline_is_kept_by_the_clock_of_the_server_without_a_sweep(hall: Hall) -> None:
    """The service's own timer closes it; only the closing is waited for."""
    poll = await release(hall.host, seconds=5)
    hall.stage.clock.advance(seconds=5.5)
    await hall.host.must("polls.extend", poll=await release(hall.host, seconds=60), seconds=5)

    def closed() -> list[str]:
        told = [each for event in hall.ann.events("polls.changed") for each in event["data"]["polls"]]
        return [each["id"] for each in told if each["state"] == "closed"]

    await hall.ann.until(closed, "the closing")
    assert closed() == [poll]


@pytest.mark.feature("V3", "V4")
async def test_deadlines_and_votes_outlive_a_restart(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path) as first:
        place = await first.room("stage")
        host = await first.owner(place)
        ann = await first.come(place, "Ann")
        soon, later = await release(host, seconds=10), await release(host, seconds=100)
        for poll in (soon, later):
            assert (await choose(ann, poll, 2))["ok"]
    first.clock.advance(seconds=50)
    async with open_stage(tmp_path, clock=first.clock) as again:
        ann = await again.come_back(ann)
        assert (await poll_of(ann, soon))["state"] == "closed"
        assert counts((await poll_of(ann, soon))["tally"]) == [0, 0, 1]
        assert (await poll_of(ann, later))["state"] == "open"
        assert (await choose(ann, later, 1))["code"] == "already_voted"
        await again.pass_time(60)
        assert (await poll_of(ann, later))["state"] == "closed"


@pytest.mark.feature("V3", "V4")
async def test_who_may_not_vote(hall: Hall) -> None:
    poll = await release(hall.host, audience=False)
    refused = await choose(hall.bea, poll, 0)
    assert (refused["code"], refused["field"]) == ("forbidden", "poll")
    assert (await choose(hall.ann, poll, 0))["ok"]
    other = await release(hall.host)
    chosen = await ids(hall.host, other)
    await hall.host.must("people.remove", person=hall.ann.me)
    assert (await hall.ann.ask("polls.vote", poll=other, choice={"options": chosen[:1]}))["code"] == "removed"
    await hall.host.must("rooms.activity", activity="polls", on=False)
    off = await hall.bea.ask("polls.vote", poll=other, choice={"options": chosen[:1]})
    assert off["code"] == "activity_off"
    assert (await hall.host.ask("polls.results", poll=other))["code"] == "activity_off"


@pytest.mark.feature("V4")
async def test_votes_may_be_changed_where_the_poll_says_so(hall: Hall) -> None:
    poll = await release(hall.host, "multiple", changeable=True)
    assert (await choose(hall.ann, poll, 0, 1))["ok"]
    assert (await choose(hall.ann, poll, 2))["ok"]
    assert counts(await tally(hall.host, poll)) == [0, 0, 1]
    known = await ids(hall.ann, poll)
    assert [vote["choice"]["options"] for vote in (await seen(hall.ann))["own"]] == [[known[2]]]
    await hall.host.must("polls.close", poll=poll)
    assert (await choose(hall.ann, poll, 0))["code"] == "poll_over"


@pytest.mark.feature("V3")
@pytest.mark.parametrize(
    ("kind", "more", "choice", "code"),
    [
        ("single", {}, {"options": []}, "choices_wrong"),
        ("single", {}, {"options": ["OPTION", "OTHER"]}, "choices_wrong"),
        ("single", {}, {"options": ["there-is-none"]}, "option_unknown"),
        ("single", {}, {"value": 1}, "invalid"),
        ("single", {}, {}, "invalid"),
        ("single", {}, {"options": ["OPTION"], "text": "and more"}, "invalid"),
        ("multiple", {"least": 2}, {"options": ["OPTION"]}, "choices_wrong"),
        ("multiple", {}, {"options": ["OPTION", "OPTION"]}, "choices_wrong"),
        ("multiple", {"most": 1}, {"options": ["OPTION", "OTHER"]}, "choices_wrong"),
        ("ranking", {"least": 3}, {"options": ["OPTION", "OTHER"]}, "choices_wrong"),
        ("rating", {}, {"value": 6}, "value_out_of_range"),
        ("rating", {}, {"value": 0}, "value_out_of_range"),
        ("rating", {}, {"value": 2.5}, "value_out_of_range"),
        ("rating", {}, {"value": float("nan")}, "invalid"),
        ("rating", {}, {"value": float("inf")}, "invalid"),
        ("rating", {}, {"value": "4"}, "invalid"),
        ("rating", {}, {"value": True}, "invalid"),
        ("numeric", {"low": 1, "high": 9}, {"value": 9.5}, "value_out_of_range"),
        ("numeric", {"whole": True}, {"value": 9.5}, "value_out_of_range"),
        ("numeric", {}, {"value": 1e300}, "invalid"),
        ("words", {}, {"words": []}, "choices_wrong"),
        ("words", {}, {"words": ["a", "b", "c", "d"]}, "choices_wrong"),
        ("words", {}, {"words": ["x" * 41]}, "answer_invalid"),
        ("words", {}, {"words": [" "]}, "answer_invalid"),
        ("text", {}, {"text": " \u200b "}, "answer_invalid"),
        ("text", {}, {"text": "x" * 281}, "answer_invalid"),
        ("quiz", {}, {"options": ["OPTION", "OTHER"]}, "choices_wrong"),
    ],
)
async def test_wrong_votes_are_refused_and_nothing_is_counted(
    hall: Hall, kind: str, more: dict[str, object], choice: dict[str, object], code: str
) -> None:
    poll = await release(hall.host, kind, **more)
    known = [*await ids(hall.ann, poll), "", ""]
    names = {"OPTION": known[0], "OTHER": known[1]}
    told = {key: [names.get(each, each) for each in v] if isinstance(v, list) else v for key, v in choice.items()}
    assert (await hall.ann.ask("polls.vote", poll=poll, choice=told))["code"] == code
    found = await tally(hall.host, poll)
    assert found is not None
    assert found["votes"] == 0


@pytest.mark.feature("V3")
async def test_options_of_another_poll_or_another_opening_are_foreign(hall: Hall) -> None:
    poll, other = await release(hall.host), await release(hall.host)
    foreign = (await ids(hall.ann, other))[0]
    refused = await hall.ann.ask("polls.vote", poll=poll, choice={"options": [foreign]})
    assert refused["code"] == "option_unknown"
    before = (await ids(hall.ann, poll))[0]
    await hall.host.must("polls.reset", poll=poll)
    await hall.host.must("polls.open", poll=poll)
    refused = await hall.ann.ask("polls.vote", poll=poll, choice={"options": [before]})
    assert refused["code"] == "option_unknown"
    elsewhere = await hall.stage.come(await hall.stage.room("stage"), "Eve")
    stranger = await elsewhere.ask("polls.vote", poll=poll, choice={"options": [before]})
    assert stranger["code"] == "poll_unknown"


@pytest.mark.feature("V6")
async def test_again_reset_and_delete(hall: Hall) -> None:
    poll = await release(hall.host)
    await choose(hall.ann, poll, 0)
    assert (await hall.host.ask("polls.again", poll=poll))["code"] == "poll_state"
    await hall.host.must("polls.close", poll=poll)
    again = (await hall.host.must("polls.again", poll=poll))["polls"][0]
    standing = {each["id"]: each for each in (await seen(hall.host))["hosts"]["polls"]}
    assert (standing[again]["series"], standing[again]["round"], standing[again]["state"]) == (poll, 2, "draft")
    assert standing[again]["question"] == standing[poll]["question"]
    await hall.host.must("polls.open", poll=again)
    assert (await choose(hall.ann, again, 1))["ok"]
    assert counts((await poll_of(hall.ann, poll))["tally"]) == [1, 0, 0]
    await hall.host.must("polls.reset", poll=poll)
    assert [each["id"] for each in (await seen(hall.ann))["polls"]] == [again]
    assert [vote["poll"] for vote in (await seen(hall.ann))["own"]] == [again]
    await hall.host.must("polls.open", poll=poll)
    assert (await choose(hall.ann, poll, 2))["ok"]
    await hall.host.must("polls.delete", poll=again)
    assert [each["id"] for each in (await seen(hall.ann))["polls"]] == [poll]
    assert (await hall.host.ask("polls.open", poll=again))["code"] == "poll_unknown"


@pytest.mark.feature("V3")
async def test_what_is_open_does_not_change(hall: Hall) -> None:
    """Whether it is anonymous above all."""
    poll = await release(hall.host)
    revision = (await seen(hall.host))["hosts"]["polls"][0]["revision"]
    refused = await hall.host.ask("polls.save", poll=poll, revision=revision, question=question(anonymous=True))
    assert refused["code"] == "poll_state"
    assert (await hall.host.ask("polls.open", poll=poll))["code"] == "poll_state"


@pytest.mark.feature("V3")
async def test_the_same_command_twice_has_one_effect(hall: Hall) -> None:
    poll = await release(hall.host)
    known = await ids(hall.ann, poll)
    for _ in range(2):
        answer = await hall.ann.ask("polls.vote", id="the-same", poll=poll, choice={"options": known[:1]})
        assert answer["ok"]
    assert counts(await tally(hall.host, poll)) == [1, 0, 0]
