"""Results to take away, and what becomes of votes when people sign in, are banned or go, and when the room closes."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl  # type: ignore[import-untyped]
import pytest

from salon.core.dispatch import Context
from salon.core.tables import Member
from salon.polls.farewell import adopt, forget_person
from tests.polls.conftest import Hall
from tests.polls.support import choose, counts, draft, options, poll_of, release, seen, tally, token_of
from tests.support.dump import dump, places_of


async def files(hall: Hall, name: str) -> bytes:
    async with hall.stage.http(await token_of(hall.host)) as http:
        path = f"/api/rooms/{hall.place.link}/export/{name}"
        answer = await http.get(path, params={"zone": "Europe/Berlin"}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.content


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.feature("V6")
async def test_totals_votes_and_leaders_as_csv_and_spreadsheet(hall: Hall) -> None:
    evil = '=HYPERLINK("http://evil.example","click")'
    single = await release(hall.host, title="@SUM(1)", options=options(evil, "Green"))
    words = await release(hall.host, "words", anonymous=True)
    quiz = await release(hall.host, "quiz")
    await choose(hall.ann, single, 0)
    await choose(hall.bea, single, 0)
    await hall.ann.must("polls.vote", poll=words, choice={"words": ["+1", "sun"]})
    await choose(hall.ann, quiz, 1)
    await hall.host.must("polls.close", poll=quiz)
    await hall.host.must("polls.reveal", poll=quiz)
    totals = lines(await files(hall, "polls.csv"))
    assert totals[0][:4] == ["Question", "Round", "Kind", "State"]
    found = [(line[0], line[3], line[5], line[6], line[7], line[8]) for line in totals[1:]]
    assert found[:2] == [
        ("'@SUM(1)", "open", "2", f"'{evil}", "2", "100.0"),
        ("'@SUM(1)", "open", "2", "Green", "0", "0.0"),
    ]
    assert {line[3:5] for line in found if line[0] == "A question of kind words"} == {("'+1", "1"), ("sun", "1")}
    votes = lines(await files(hall, "polls-votes.csv"))
    assert ["'@SUM(1)", "1", "Ann", f"'{evil}", ""] in votes
    assert ["A question of kind quiz", "1", "Ann", "Green", "1000"] in votes
    assert not any("sun" in line for line in votes), "nobody knows who wrote that"
    book = openpyxl.load_workbook(io.BytesIO(await files(hall, "polls.xlsx")))
    assert book.sheetnames == ["Totals", "Votes", "Leaders"]
    cell = next(row[6] for row in book["Totals"].iter_rows(min_row=2) if row[6].value == evil)
    assert cell.data_type == "s", "a text, not a formula"
    assert [each.value for each in book["Leaders"][2]] == [1, "Ann", 1000, 1]
    assert [row[7].value for row in book["Totals"].iter_rows(min_row=2, max_row=3)] == [2, 0]
    one = lines(await files(hall, f"poll-{quiz}.csv"))
    assert [line[6:8] for line in one[1:]] == [["Red", "0"], ["Green", "1"], ["Blue", "0"]]
    with zipfile.ZipFile(io.BytesIO(await files(hall, "archive.zip"))) as archive:
        names = {name for name in archive.namelist() if name.startswith("poll")}
    assert names == {"polls.json", "polls.csv", "polls-votes.csv", "polls.xlsx"}


@pytest.mark.feature("V6")
@pytest.mark.parametrize(
    ("kind", "choice", "answer"),
    [
        ("rating", {"value": 4}, "4"),
        ("numeric", {"value": 2.5}, "2.5"),
        ("text", {"text": "because"}, "because"),
    ],
)
async def test_votes_of_other_kinds(hall: Hall, kind: str, choice: dict[str, object], answer: str) -> None:
    poll = await release(hall.host, kind)
    await hall.ann.must("polls.vote", poll=poll, choice=choice)
    votes = lines(await files(hall, f"poll-{poll}-votes.csv"))
    assert votes[1][2] == "Ann"
    assert votes[1][3] in {answer, f"{answer}.0"}
    totals = lines(await files(hall, f"poll-{poll}.csv"))
    assert sum(int(line[7]) for line in totals[1:]) == 1
    ranked = await release(hall.host, "ranking")
    await choose(hall.ann, ranked, 2, 0, 1)
    assert [line[6:10] for line in lines(await files(hall, f"poll-{ranked}.csv"))[1:]] == [
        ["Red", "1", "100.0", "2.0"],
        ["Green", "1", "100.0", "3.0"],
        ["Blue", "1", "100.0", "1.0"],
    ]


@pytest.mark.feature("V6")
async def test_there_are_no_files_of_what_is_not_there(hall: Hall) -> None:
    async with hall.stage.http(await token_of(hall.host)) as http:
        for name in ("polls.csv", "poll-none.csv", "polls.json"):
            answer = await http.get(f"/api/rooms/{hall.place.link}/export/{name}")
            assert answer.status_code == 404, name
        poll = await draft(hall.host)
        assert (await http.get(f"/api/rooms/{hall.place.link}/export/poll-{poll}.csv")).status_code == 404
        assert (await http.get(f"/api/rooms/{hall.place.link}/export/poll-{poll}.json")).status_code == 200


@pytest.mark.feature("V4", "R5")
async def test_votes_of_who_was_sent_out_stay_unless_all_they_wrote_is_deleted(hall: Hall) -> None:
    single, words = await release(hall.host), await release(hall.host, "words")
    for client in (hall.ann, hall.bea):
        await choose(client, single, 0)
        await client.must("polls.vote", poll=words, choice={"words": [f"by {client.name}"]})
    await hall.host.must("polls.close", poll=words)
    await hall.host.must("people.remove", person=hall.ann.me)
    assert counts(await tally(hall.host, single)) == [2, 0, 0]
    await hall.host.must("people.ban", person=hall.bea.me, delete_messages=True)
    assert counts(await tally(hall.host, single)) == [1, 0, 0]
    assert [each["text"] for each in (await poll_of(hall.host, words))["tally"]["counts"]] == ["by Ann"]
    assert not [place for place in await places_of(hall.stage.house.storage, "by Bea") if place != "members.name"]


@pytest.mark.feature("P5", "V4")
async def test_a_guest_who_signs_in_keeps_one_vote(hall: Hall) -> None:
    """Both were in the room: of two votes in one poll one stays."""
    both, one = await release(hall.host), await release(hall.host)
    await choose(hall.ann, both, 0)
    await choose(hall.bea, both, 1)
    await choose(hall.bea, one, 2)
    await hall.host.must("polls.close", poll=both)

    async def merge(ctx: Context) -> None:
        guest, own = await ctx.session.get(Member, hall.bea.me), await ctx.session.get(Member, hall.ann.me)
        assert guest is not None
        assert own is not None
        await adopt(ctx, guest, own)

    await hall.stage.house.dispatcher.system(hall.place.id, merge)
    assert [vote["poll"] for vote in (await seen(hall.ann))["own"]] == sorted([both, one])
    assert (await seen(hall.bea))["own"] == []
    # What the room is told of by a new snapshot for everybody is in the database.
    found = await dump(hall.stage.house.storage)
    assert {row[1] for row in found["poll_voters"]} == {hall.ann.me}
    assert len(found["poll_choices"]) == 2
    assert counts(await tally(hall.host, both)) == [1, 0, 0]


@pytest.mark.feature("P2", "V4")
async def test_of_a_deleted_account_no_vote_is_left(hall: Hall) -> None:
    named, anonymous = await release(hall.host), await release(hall.host, anonymous=True)
    for poll in (named, anonymous):
        await choose(hall.ann, poll, 0)

    async def forget(ctx: Context) -> None:
        member = await ctx.session.get(Member, hall.ann.me)
        assert member is not None
        await forget_person(ctx, member)

    await hall.stage.house.dispatcher.system(hall.place.id, forget)
    found = await dump(hall.stage.house.storage)
    assert found["poll_voters"] == []
    assert found["poll_choices"] == []
    assert counts(await tally(hall.host, named)) == [0, 0, 0]
    assert counts(await tally(hall.host, anonymous)) == [1, 0, 0]


@pytest.mark.feature("R8")
async def test_a_closed_room_keeps_nothing_of_its_polls(hall: Hall) -> None:
    for anonymous in (True, False):
        poll = await release(hall.host, "words", anonymous=anonymous)
        await hall.ann.must("polls.vote", poll=poll, choice={"words": ["one", "two"]})
        await hall.host.must("polls.hide_word", poll=poll, key="one", on=True)
    await hall.host.must("rooms.close")
    await hall.stage.pass_time(120)
    found = await dump(hall.stage.house.storage)
    assert not any(found[f"{table}"] for table in found if table.startswith("poll") and table != "poll_templates")
