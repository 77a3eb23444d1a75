"""Each kind of question, from the vote to its totals; who leads after quizzes."""

from __future__ import annotations

import pytest

from tests.polls.conftest import Hall
from tests.polls.support import choose, counts, crowd, ids, poll_of, release, seen, tally
from tests.support.recorder import Json


@pytest.mark.feature("V2", "V5")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_multiple_choice(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "multiple", anonymous=anonymous)
    assert (await choose(hall.ann, poll, 2, 0))["ok"]
    assert (await choose(hall.bea, poll, 2))["ok"]
    found = await tally(hall.ann, poll)
    assert found is not None
    assert (found["votes"], counts(found)) == (2, [1, 0, 2])


@pytest.mark.feature("V2", "V5")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_rating(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "rating", steps=5, anonymous=anonymous)
    for client, value in ((hall.ann, 5), (hall.bea, 4), (hall.host, 5.0)):
        await client.must("polls.vote", poll=poll, choice={"value": value})
    found = await tally(hall.ann, poll)
    assert found is not None
    assert [each["key"] for each in found["counts"]] == ["1", "2", "3", "4", "5"]
    assert counts(found) == [0, 0, 0, 1, 2]
    assert found["mean"] == pytest.approx(14 / 3)
    assert found["median"] == 5


@pytest.mark.feature("V2", "V5")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_numeric(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "numeric", low=-10, high=1000, anonymous=anonymous)
    people = [hall.ann, hall.bea, hall.host, *await crowd(hall.stage, hall.host, 3)]
    for client, value in zip(people, (-0.0, 0, 10, 20.5, 240, 1000), strict=True):
        await client.must("polls.vote", poll=poll, choice={"value": value})
    found = await tally(hall.ann, poll)
    assert found is not None
    assert sum(each["count"] for each in found["bins"]) == 6
    assert (found["bins"][0]["low"], found["bins"][-1]["high"], len(found["bins"])) == (0, 1000, 12)
    assert found["bins"][0]["count"] == 4
    assert (found["mean"], found["median"]) == (pytest.approx(1270.5 / 6), 15.25)


@pytest.mark.feature("V2", "V5")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_ranking_has_mean_ranks_and_counts(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "ranking", least=2, anonymous=anonymous)
    for client, order in ((hall.ann, (2, 0, 1)), (hall.bea, (2, 1)), (hall.host, (0, 2))):
        assert (await choose(client, poll, *order))["ok"]
    found = await tally(hall.ann, poll)
    assert found is not None
    red, green, blue = await ids(hall.ann, poll)
    ranked = [(each["option"], each["mean"], each["counts"]) for each in found["ranked"]]
    assert ranked == [
        (blue, pytest.approx(4 / 3), [2, 1, 0]),
        (red, 1.5, [1, 1, 0]),
        (green, 2.5, [0, 1, 1]),
    ]
    own = (await seen(hall.ann))["own"][0]["choice"]
    assert own is None if anonymous else own["options"] == [blue, red, green]


@pytest.mark.feature("V2", "V5")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_words_count_people_whatever_their_case(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "words", anonymous=anonymous)
    for client, words in (
        (hall.ann, ["Sun", "sun", "SUN"]),
        (hall.bea, ["sun", "Straße", "rain"]),
        (hall.host, ["STRASSE", "ｓｕｎ"]),
    ):
        await client.must("polls.vote", poll=poll, choice={"words": words})
    found = await tally(hall.ann, poll)
    assert found is not None
    assert [(each["key"], each["count"]) for each in found["counts"]] == [("sun", 3), ("strasse", 2), ("rain", 1)]
    assert found["votes"] == 3


@pytest.mark.feature("V2")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_a_host_hides_a_word_from_all_totals(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "words", anonymous=anonymous)
    await hall.ann.must("polls.vote", poll=poll, choice={"words": ["ugly", "nice"]})
    await hall.host.must("polls.hide_word", poll=poll, key="ugly", on=True)
    await hall.bea.must("polls.vote", poll=poll, choice={"words": ["Ugly"]})
    assert [each["key"] for each in (await tally(hall.host, poll) or {})["counts"]] == ["nice"]
    await hall.host.must("polls.close", poll=poll)
    shown = await poll_of(hall.ann, poll)
    assert [each["key"] for each in shown["tally"]["counts"]] == ["nice"]
    assert (await hall.ann.must("polls.texts", poll=poll))["texts"] == [{"key": "nice", "text": "nice", "count": 1}]
    assert "ugly" not in str((await seen(hall.bea))["polls"])
    hidden = (await seen(hall.host))["hosts"]["polls"][0]["hidden"]
    assert hidden == [{"key": "ugly", "text": "ugly"}]
    await hall.host.must("polls.hide_word", poll=poll, key="ugly", on=False)
    assert {each["key"]: each["count"] for each in (await poll_of(hall.ann, poll))["tally"]["counts"]}["ugly"] == 2
    assert (await hall.host.ask("polls.hide_word", poll=poll, key="none", on=True))["code"] == "word_unknown"
    other = await release(hall.host)
    assert (await hall.host.ask("polls.hide_word", poll=other, key="x", on=True))["code"] == "poll_state"


@pytest.mark.feature("V2", "V5")
@pytest.mark.parametrize("anonymous", [False, True])
async def test_open_texts_are_paged(hall: Hall, anonymous: bool) -> None:
    poll = await release(hall.host, "text", anonymous=anonymous)
    people = await crowd(hall.stage, hall.host, 45)
    for at, client in enumerate(people):
        await client.must("polls.vote", poll=poll, choice={"text": f"thought {at}\nand more"})
    found = await tally(hall.ann, poll)
    assert found is not None
    assert (found["votes"], len(found["counts"]), found["more"]) == (45, 40, 5)
    texts: list[Json] = []
    more = True
    while more:
        page = await hall.ann.must("polls.texts", poll=poll, after=texts[-1]["key"] if texts else "", limit=20)
        texts, more = [*texts, *page["texts"]], page["more"]
    assert {each["text"] for each in texts} == {f"thought {at}\nand more" for at in range(45)}


@pytest.mark.feature("V2")
async def test_quizzes_give_points_by_speed_and_a_leaderboard(hall: Hall) -> None:
    quick = await release(hall.host, "quiz", speed=True, seconds=20)
    await hall.stage.pass_time(5)
    assert (await choose(hall.ann, quick, 1))["ok"]
    await hall.stage.pass_time(5)
    assert (await choose(hall.bea, quick, 1))["ok"]
    assert (await choose(hall.host, quick, 0))["ok"]
    assert (await hall.host.ask("polls.reveal", poll=quick))["code"] == "poll_state"
    await hall.host.must("polls.close", poll=quick)
    assert (await hall.ann.must("polls.leaders"))["leaders"] == []
    assert (await poll_of(hall.ann, quick))["right"] is None
    await hall.host.must("polls.reveal", poll=quick)
    assert (await poll_of(hall.ann, quick))["right"] == [(await ids(hall.ann, quick))[1]]
    page = await hall.bea.must("polls.leaders")
    leaders = [(each["rank"], each["name"], each["right"]) for each in page["leaders"]]
    assert leaders == [(1, "Ann", 1), (2, "Bea", 1), (3, "Olga", 0)]
    assert page["leaders"][0]["points"] == pytest.approx(875, abs=2)
    assert page["leaders"][1]["points"] == pytest.approx(750, abs=2)
    assert page["own"] == page["leaders"][1]
    steady = await release(hall.host, "quiz")
    await choose(hall.bea, steady, 1)
    await hall.host.must("polls.close", poll=steady)
    await hall.host.must("polls.reveal", poll=steady)
    assert [each["name"] for each in (await hall.ann.must("polls.leaders"))["leaders"]] == ["Bea", "Ann", "Olga"]
    only = await hall.ann.must("polls.leaders", polls=[steady], limit=1)
    assert [(each["name"], each["points"]) for each in only["leaders"]] == [("Bea", 1000)]
    assert only["own"] is None


@pytest.mark.feature("V2")
async def test_a_quiz_with_several_right_answers_wants_all_of_them(hall: Hall) -> None:
    several = [{"text": "2", "right": True}, {"text": "3", "right": True}, {"text": "4", "right": False}]
    poll = await release(hall.host, "quiz", options=several, most=2)
    assert (await choose(hall.ann, poll, 1, 0))["ok"]
    assert (await choose(hall.bea, poll, 0))["ok"]
    await hall.host.must("polls.close", poll=poll)
    await hall.host.must("polls.reveal", poll=poll)
    found = (await hall.host.must("polls.leaders"))["leaders"]
    assert [(each["name"], each["points"]) for each in found] == [("Ann", 1000), ("Bea", 0)]


@pytest.mark.feature("V4")
async def test_hosts_see_who_voted_how_unless_it_is_anonymous(hall: Hall) -> None:
    poll = await release(hall.host)
    await choose(hall.ann, poll, 0)
    await choose(hall.bea, poll, 1)
    found = (await hall.host.must("polls.ballots", poll=poll))["ballots"]
    known = await ids(hall.host, poll)
    assert {each["name"]: each["choice"]["options"] for each in found} == {"Ann": [known[0]], "Bea": [known[1]]}
    first = await hall.host.must("polls.ballots", poll=poll, limit=1)
    assert (len(first["ballots"]), first["more"]) == (1, True)
    rest = await hall.host.must("polls.ballots", poll=poll, after=first["ballots"][0]["person"])
    assert ([*first["ballots"], *rest["ballots"]], rest["more"]) == (found, False)
    assert (await hall.ann.ask("polls.ballots", poll=poll))["code"] == "forbidden"
    secret = await release(hall.host, anonymous=True)
    assert (await hall.host.ask("polls.ballots", poll=secret))["code"] == "poll_anonymous"
