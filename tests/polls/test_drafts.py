"""Before a poll is released: drafts that two hosts share, their order, templates, questions as JSON."""

from __future__ import annotations

import json

import pytest

from tests.polls.conftest import Hall
from tests.polls.support import draft, options, poll_of, question, release, seen, token_of
from tests.support.recorder import Json


async def order(hall: Hall) -> list[str]:
    found = (await seen(hall.host))["hosts"]["polls"]
    assert [each["place"] for each in found] == sorted({each["place"] for each in found})
    return [each["id"] for each in found]


async def host_poll(hall: Hall, poll: str) -> Json:
    return next(each for each in (await seen(hall.host))["hosts"]["polls"] if each["id"] == poll)


@pytest.mark.feature("V1")
async def test_unfinished_drafts_are_saved_and_refused_when_they_are_opened(hall: Hall) -> None:
    poll = (await hall.host.must("polls.create", question={"kind": "single"}))["polls"][0]
    revision = 1
    for more, field in (
        ({"title": ""}, "title"),
        ({"options": []}, "options"),
        ({"options": options("one")}, "options"),
        ({"options": options("one", "")}, "options.1.text"),
        ({"options": options("one", "ONE ")}, "options.1.text"),
        ({"options": options("one", "two", right="one")}, "options"),
        ({"kind": "multiple", "most": 4}, "most"),
        ({"kind": "multiple", "least": 3, "most": 2}, "least"),
        ({"kind": "quiz", "options": options("one", "two")}, "options"),
        ({"kind": "quiz", "options": options("one", "two", right="one"), "least": 2, "most": 2}, "most"),
        ({"kind": "rating", "options": options("one", "two")}, "options"),
        ({"kind": "numeric", "options": [], "low": 5, "high": 5}, "low"),
        ({"kind": "numeric", "options": [], "low": 0.2, "high": 0.8, "whole": True}, "low"),
        ({"kind": "words", "options": [], "most": 11}, "most"),
        ({"anonymous": True, "changeable": True}, "changeable"),
        ({"speed": True}, "speed"),
    ):
        saved = await hall.host.must("polls.save", poll=poll, revision=revision, question=question(**more))
        assert saved["revision"] == revision + 1, more
        revision += 1
        refused = await hall.host.ask("polls.open", poll=poll)
        assert (refused.get("code"), refused.get("field")) == ("poll_invalid", field), more
    assert (await seen(hall.ann))["polls"] == []


@pytest.mark.feature("V1")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"options": options(*map(str, range(10_000)))}, "invalid"),
        ({"options": options(*map(str, range(51)))}, "invalid"),
        ({"options": options("x" * 151, "y")}, "poll_invalid"),
        ({"title": "x" * 301}, "poll_invalid"),
        ({"kind": "essay"}, "invalid"),
        ({"seconds": 4}, "invalid"),
        ({"steps": 11}, "invalid"),
        ({"low": float("nan")}, "invalid"),
        ({"unknown": 1}, "invalid"),
    ],
)
async def test_what_no_draft_may_be(hall: Hall, more: Json, code: str) -> None:
    assert (await hall.host.ask("polls.create", question=question(**more)))["code"] == code
    assert await order(hall) == []


@pytest.mark.feature("V1")
async def test_two_hosts_do_not_overwrite_each_other_silently(hall: Hall) -> None:
    await hall.host.must("people.role", person=hall.ann.me, role="cohost")
    poll = await draft(hall.host)
    assert (await hall.ann.must("polls.save", poll=poll, revision=1, question=question(title="Ann's")))["revision"] == 2
    refused = await hall.host.ask("polls.save", poll=poll, revision=1, question=question(title="Olga's"))
    assert (refused["code"], refused["field"]) == ("poll_changed", "revision")
    assert (await host_poll(hall, poll))["question"]["title"] == "Ann's"
    # The same once more changes nothing.
    saved = await hall.host.must("polls.save", poll=poll, revision=2, question=question(title="Ann's"))
    assert saved["revision"] == 2


@pytest.mark.feature("V1")
async def test_order_and_duplicates(hall: Hall) -> None:
    one, two, three = [await draft(hall.host, title=f"Question {number}") for number in range(3)]
    await hall.host.must("polls.open", poll=two)
    await hall.host.must("polls.move", poll=three, after=None)
    assert await order(hall) == [three, one, two]
    await hall.host.must("polls.move", poll=two, after=three)
    assert await order(hall) == [three, two, one]
    assert (await poll_of(hall.ann, two))["place"] == (await host_poll(hall, two))["place"]
    copy = (await hall.host.must("polls.duplicate", poll=two))["polls"][0]
    assert await order(hall) == [three, two, copy, one]
    made = await host_poll(hall, copy)
    assert (made["state"], made["round"], made["series"]) == ("draft", 1, copy)
    assert made["question"] == (await host_poll(hall, two))["question"]
    between = (await hall.host.must("polls.create", question=question(), after=three))["polls"][0]
    assert await order(hall) == [three, between, two, copy, one]
    assert (await hall.host.ask("polls.move", poll=two, after=two))["code"] == "invalid"
    # However often something is put between the same two.
    for turn in range(80):
        line = await order(hall)
        await hall.host.must("polls.move", poll=line[2 if turn % 2 else 3], after=line[0])
    assert set(await order(hall)) == {one, two, three, copy, between}


@pytest.mark.feature("V1")
async def test_a_room_has_a_number_of_polls_at_most(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salon.polls.desk.MOST", 3)
    poll = await draft(hall.host)
    await draft(hall.host)
    two = json.dumps({"polls": [question(), question()]})
    assert (await hall.host.ask("polls.import", text=two))["code"] == "polls_too_many"
    await draft(hall.host)
    assert (await hall.host.ask("polls.duplicate", poll=poll))["code"] == "polls_too_many"


@pytest.mark.feature("V1")
async def test_templates_are_ones_own(hall: Hall) -> None:
    await hall.host.must("people.role", person=hall.ann.me, role="cohost")
    one, two = await draft(hall.host, title="One"), await release(hall.host, "quiz", title="Two")
    template = (await hall.host.must("polls.keep_template", name=" Friday  ", polls=[two, one]))["polls"][0]
    (kept,) = (await hall.host.must("polls.templates"))["templates"]
    assert (kept["id"], kept["name"]) == (template, "Friday")
    assert [each["title"] for each in kept["questions"]] == ["Two", "One"]
    assert (await hall.ann.must("polls.templates"))["templates"] == []
    for word in ("polls.use_template", "polls.drop_template"):
        assert (await hall.ann.ask(word, template=template))["code"] == "template_unknown"
    made = (await hall.host.must("polls.use_template", template=template))["polls"]
    assert [(await host_poll(hall, each))["question"]["title"] for each in made] == ["Two", "One"]
    assert (await hall.host.ask("polls.keep_template", name=" ", polls=[one]))["code"] == "poll_invalid"
    assert (await hall.host.ask("polls.keep_template", name="x", polls=["none"]))["code"] == "poll_unknown"
    await hall.host.must("polls.drop_template", template=template)
    assert (await hall.host.ask("polls.use_template", template=template))["code"] == "template_unknown"


@pytest.mark.feature("V1")
async def test_templates_are_not_without_number(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salon.polls.drafts.MOST_TEMPLATES", 1)
    poll = await draft(hall.host)
    long = [await draft(hall.host, options=options(*(f"{at} {'x' * 140}" for at in range(50)))) for _ in range(9)]
    refused = await hall.host.ask("polls.keep_template", name="long", polls=long)
    assert (refused["code"], refused["field"]) == ("poll_invalid", "polls")
    await hall.host.must("polls.keep_template", name="one", polls=[poll])
    assert (await hall.host.ask("polls.keep_template", name="two", polls=[poll]))["code"] == "templates_too_many"


@pytest.mark.feature("V1")
async def test_questions_go_out_as_json_and_come_back_the_same(hall: Hall) -> None:
    kinds = ("single", "multiple", "rating", "numeric", "ranking", "words", "text", "quiz")
    made = [await draft(hall.host, kind, title=f'{kind}: „ä“ \\ " \n?') for kind in kinds]
    questions = [(await host_poll(hall, poll))["question"] for poll in made]
    async with hall.stage.http(await token_of(hall.host)) as http:
        answer = await http.get(f"/api/rooms/{hall.place.link}/export/polls.json")
        one = await http.get(f"/api/rooms/{hall.place.link}/export/poll-{made[3]}.json")
    assert answer.status_code == 200
    again = (await hall.host.must("polls.import", text=answer.text))["polls"]
    assert [(await host_poll(hall, poll))["question"] for poll in again] == questions
    single = (await hall.host.must("polls.import", text=one.text))["polls"]
    assert [(await host_poll(hall, poll))["question"] for poll in single] == [questions[3]]


GOOD = '{"kind": "single", "title": "Which?", "options": [{"text": "a"}, {"text": "b"}]}'


@pytest.mark.feature("V1")
@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"polls": [\n  {"kind": "single",,\n}]}', "Line 2, column 21"),
        ("", "Line 1, column 1"),
        ("[" * 5_000, "Line 1, column 1"),
        ('{"polls": [NaN]}', "Line 1, column 1"),
        ('{"questions": []}', "Line 1, column 1"),
        ('{\n"polls": []}', "Line 2, column 10, polls"),
        (f"[{GOOD},\n 7]", "Line 2, column 2, 1"),
        (f'[{GOOD},\n{{\n\t"kind": "essay"}}]', "Line 3, column 10, 1.kind"),
        (f'[{GOOD},\n{{\n"kind": "rating", "stepps": 3}}]', "Line 3, column 29, 1.stepps"),
        (f'[{GOOD},\n{{\n"kind": "rating"}}]', "Line 2, column 1, 1.title"),
        (GOOD.replace('"b"', '\n"A"').join(("[", "]")), "Line 2, column 1, 0.options.1.text"),
        (GOOD.replace('"b"', '\n"' + "x" * 200 + '"').join(("[", "]")), "Line 2, column 1, 0.options.1.text"),
        (GOOD.replace('"b"', '\n"\\u00e9\\"", "right": 7').join(("[", "]")), "Line 2, column 22, 0.options.1.right"),
        (f"[{GOOD}, {'[' * 30}{']' * 30}]", "Line 1, column 104, 1.0"),
        ('[{"kind": "numeric", "title": "t", "low": 1e999}]', "Line 1, column 43, 0.low"),
    ],
)
async def test_what_is_wrong_with_a_file_is_pointed_at(hall: Hall, text: str, where: str) -> None:
    refused = await hall.host.ask("polls.import", text=text)
    assert (refused["code"], refused["field"]) == ("import_invalid", "text")
    assert refused["message"].startswith(f"{where}: "), refused["message"]
    assert await order(hall) == []
