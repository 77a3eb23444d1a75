"""What nobody may know yet is in nothing that they receive: events, signals, snapshots, answers, files."""

from __future__ import annotations

import json

import pytest

from tests.polls.conftest import Hall
from tests.polls.support import choose, counts, ids, options, poll_of, release, seen, tally, token_of
from tests.support.house import LocalClient
from tests.support.recorder import Json


class Listening:
    """Everything that somebody receives, as text: on the connection, as answers, over HTTP."""

    def __init__(self, client: LocalClient) -> None:
        self.client = client
        self.answers: list[Json] = []
        self.files: list[str] = []
        client.forget()

    async def ask(self, word: str, **payload: object) -> Json:
        answer = await self.client.ask(word, **payload)
        self.answers.append(answer)
        return answer

    async def look_around(self, *polls: str) -> None:
        """Whatever there is to be asked and fetched."""
        stage, place = self.client.stage, self.client.place
        for poll in polls:
            for word in ("polls.results", "polls.texts", "polls.ballots", "polls.open", "polls.reveal"):
                await self.ask(word, poll=poll)
        await self.ask("polls.leaders")
        await self.ask("polls.templates")
        self.answers.append(await self.client.look())
        await stage.again(self.client)
        again = await stage.again(self.client, since={"room": 0, "me": 0})
        self.answers += [data for _, data in again.got]
        token = await token_of(self.client)
        async with stage.http(token) as http:
            for poll in polls:
                names = (f"poll-{poll}.csv", f"poll-{poll}-votes.csv", f"poll-{poll}.json", f"poll-{poll}.xlsx")
                for name in (*names, "polls.csv", "polls.json", "polls.xlsx", "polls-votes.csv", "archive.zip"):
                    fetched = await http.get(f"/api/rooms/{place.link}/export/{name}", follow_redirects=True)
                    assert fetched.status_code == 403
                    self.files.append(fetched.text)
            for path in (f"/api/rooms/{place.link}", "/api/me/rooms?which=visited"):
                self.files.append((await http.get(path)).text)

    @property
    def text(self) -> str:
        return json.dumps([self.client.got, self.answers, self.files])


@pytest.mark.feature("V4")
@pytest.mark.parametrize("visibility", ["closed", "hosts", "voted"])
@pytest.mark.parametrize("anonymous", [False, True])
async def test_hidden_totals_leave_the_server_for_nobody_who_may_not_see_them(
    hall: Hall, visibility: str, anonymous: bool
) -> None:
    """Words, texts and numbers of others are the totals: none is found in anything. Nor is any count of an option."""
    how: Json = {"visibility": visibility, "anonymous": anonymous}
    words = await release(hall.host, "words", **how)
    number = await release(hall.host, "numeric", **how)
    single = await release(hall.host, **how)
    bea = Listening(hall.bea)
    await hall.ann.must("polls.vote", poll=words, choice={"words": ["xyzzy"]})
    await hall.ann.must("polls.vote", poll=number, choice={"value": 987654})
    assert (await choose(hall.ann, single, 2))["ok"]
    await hall.stage.settle()
    await bea.look_around(words, number, single)
    for secret in ("xyzzy", "987654", '"counts"', '"bins"', '"mean"'):
        assert secret not in bea.text, secret
    assert bea.client.signals("polls.tally")[-1]["data"]["live"]["votes"] == 1
    # Those who may know know.
    assert counts(await tally(hall.host, single)) == [0, 0, 1]
    assert (await tally(hall.ann, single) is not None) == (visibility == "voted")
    assert "xyzzy" in json.dumps(hall.host.signals("polls.tally"))
    await hall.host.must("polls.close", poll=words)
    await hall.stage.settle()
    assert ("xyzzy" in bea.text) == (visibility != "hosts")
    assert "987654" not in bea.text
    await hall.host.must("polls.show", poll=words, on=True)
    await hall.stage.settle()
    assert "xyzzy" in bea.text


@pytest.mark.feature("V4")
async def test_who_has_voted_sees_the_totals_where_that_is_the_rule(hall: Hall) -> None:
    poll = await release(hall.host, visibility="voted")
    assert (await choose(hall.ann, poll, 0))["ok"]
    await hall.stage.settle()
    assert await tally(hall.bea, poll) is None
    assert (await seen(hall.bea))["live"] == [{"poll": poll, "votes": 1, "tally": None}]
    assert (await choose(hall.bea, poll, 1))["ok"]
    await hall.stage.settle()
    told = hall.bea.signals("polls.tally")[-1]["data"]["live"]
    assert counts(told["tally"]) == [1, 1, 0]
    assert counts((await seen(hall.bea))["live"][0]["tally"]) == [1, 1, 0]
    await hall.host.must("polls.close", poll=poll)
    assert (await poll_of(hall.bea, poll))["shown"]


@pytest.mark.feature("V4")
async def test_right_answers_are_unknown_until_they_are_revealed(hall: Hall) -> None:
    bea = Listening(hall.bea)
    poll = await release(hall.host, "quiz", options=options("Red", "Green", "Blue", right="Blue"), speed=True)
    right = (await ids(hall.ann, poll))[2]
    assert (await choose(hall.ann, poll, 2))["ok"]
    answer = await bea.ask("polls.vote", poll=poll, choice={"options": [right]})
    assert answer["ok"]
    await hall.host.must("polls.close", poll=poll)
    await hall.stage.settle()
    await bea.look_around(poll)
    assert '"right": true' not in bea.text
    assert '"points"' not in bea.text
    assert '"right": ["' not in bea.text
    assert (await seen(hall.bea))["polls"][0]["right"] is None
    await hall.host.must("polls.reveal", poll=poll)
    await hall.stage.settle()
    assert f'"right": ["{right}"]' in bea.text


@pytest.mark.feature("V4")
async def test_drafts_and_who_voted_how_are_for_hosts(hall: Hall) -> None:
    bea = Listening(hall.bea)
    made = await hall.host.must("polls.create", question={"kind": "text", "title": "plugh"})
    poll = await release(hall.host, "text", title="shown", visibility="hosts")
    await hall.ann.must("polls.vote", poll=poll, choice={"text": "frobnicate"})
    await hall.stage.settle()
    await bea.look_around(made["polls"][0], poll)
    assert "plugh" not in bea.text
    assert "frobnicate" not in bea.text
    assert (await seen(hall.bea))["hosts"] is None


@pytest.mark.feature("V4", "R5")
async def test_a_host_who_is_one_no_more_sees_no_hidden_totals(hall: Hall) -> None:
    await hall.host.must("people.role", person=hall.ann.me, role="cohost")
    poll = await release(hall.host, visibility="hosts")
    await choose(hall.bea, poll, 0)
    await hall.stage.settle()
    assert counts(hall.ann.signals("polls.tally")[-1]["data"]["live"]["tally"]) == [1, 0, 0]
    await hall.host.must("people.role", person=hall.ann.me, role="participant")
    await hall.stage.settle()
    hall.ann.forget()
    await choose(hall.host, poll, 0)
    await hall.stage.settle()
    assert hall.ann.signals("polls.tally")[-1]["data"]["live"] == {"poll": poll, "votes": 2, "tally": None}
    assert await tally(hall.ann, poll) is None


@pytest.mark.feature("V4")
async def test_what_is_shown_no_more_is_in_nothing_that_comes_later(hall: Hall) -> None:
    poll = await release(hall.host, "words", visibility="hosts")
    await hall.ann.must("polls.vote", poll=poll, choice={"words": ["xyzzy"]})
    await hall.host.must("polls.close", poll=poll)
    before = dict(hall.bea.seqs)
    await hall.host.must("polls.show", poll=poll, on=True)
    await hall.host.must("polls.show", poll=poll, on=False)
    again = await hall.stage.again(hall.bea, since=before)
    assert "xyzzy" not in json.dumps(again.got)
