"""The pure rules: whatever is voted can be read back, totals add up, and files come back as they went out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.core.refusals import Refused
from salon.polls.contract.shapes import Answer, Option, Question
from salon.polls.exchange import read, written
from salon.polls.rules import answer_of, choices, most_of, number_key, points, problem_of, tidied
from salon.polls.totals import Counted, bins_of, tally_of

IDS = [f"option{at}" for at in range(6)]
TEXT = st.text(min_size=1, max_size=30).filter(lambda text: bool(tidied(Question(kind="text", title=text)).title))


def asked(kind: str, **more: object) -> Question:
    options = [Option(text=each) for each in IDS] if kind in {"multiple", "ranking", "single"} else []
    return Question.model_validate({"kind": kind, "title": "?", "options": options, **more})


@pytest.mark.feature("V2")
@given(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
def test_what_is_ranked_is_read_back_in_its_order(order: list[str]) -> None:
    question = asked("ranking")
    chosen = choices(question, IDS, Answer(options=order))
    assert answer_of(question, chosen[::-1], IDS).options == order


@pytest.mark.feature("V2")
@given(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
def test_what_is_chosen_is_read_back_in_the_order_of_the_options(order: list[str]) -> None:
    question = asked("multiple")
    chosen = choices(question, IDS, Answer(options=order))
    assert answer_of(question, chosen[::-1], IDS).options == sorted(order)


@pytest.mark.feature("V2", "V5")
@given(st.lists(st.permutations(IDS).flatmap(lambda line: st.integers(1, 6).map(lambda n: line[:n])), max_size=20))
def test_ranks_add_up(ballots: list[list[str]]) -> None:
    question = asked("ranking")
    rows = Counter((each.key, each.rank) for line in ballots for each in choices(question, IDS, Answer(options=line)))
    counted = [Counted(key, rank, "", None, count) for (key, rank), count in rows.items()]
    tally = tally_of(question, IDS, len(ballots), counted, 0)
    assert sorted(each.option for each in tally.ranked) == IDS
    for each in tally.ranked:
        ranks = [line.index(each.option) + 1 for line in ballots if each.option in line]
        assert sum(each.counts) == len(ranks)
        assert each.mean == (pytest.approx(sum(ranks) / len(ranks)) if ranks else None)
    means = [each.mean for each in tally.ranked if each.mean is not None]
    assert means == sorted(means)


@pytest.mark.feature("V2", "V5")
@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=40))
def test_every_number_is_in_one_bin(values: list[float]) -> None:
    rows = Counter(values)
    counted = [Counted(number_key(value), 0, "", value, count) for value, count in rows.items()]
    bins = bins_of(asked("numeric"), counted)
    assert sum(each.count for each in bins) == len(values)
    assert bins[0].low <= min(values)
    assert bins[-1].high >= max(values)
    tally = tally_of(asked("numeric"), [], len(values), counted, 0)
    assert tally.median == pytest.approx(
        (sorted(values)[(len(values) - 1) // 2] + sorted(values)[len(values) // 2]) / 2
    )


@pytest.mark.feature("V2")
@given(st.lists(st.text(max_size=60), max_size=6))
def test_whatever_is_written_is_words_of_some_people_or_refused(words: list[str]) -> None:
    question = asked("words", most=5)
    code, chosen = "", []
    try:
        chosen = choices(question, [], Answer(words=words))
    except Refused as why:
        code = why.code
    if code:
        assert code in {"answer_invalid", "choices_wrong"}
        return
    assert 1 <= len(chosen) <= 5
    assert len({each.key for each in chosen}) == len(chosen)
    assert all(each.text == each.text.strip() and "\n" not in each.text for each in chosen)


@pytest.mark.feature("V1")
@given(st.lists(TEXT, min_size=1, max_size=5), st.booleans(), st.integers(2, 10))
def test_a_file_of_questions_comes_back_the_same(titles: list[str], flag: bool, steps: int) -> None:
    questions = [
        tidied(Question(kind="rating", title=title, steps=steps, anonymous=flag, seconds=None)) for title in titles
    ]
    assert read(written(questions).decode()) == questions


@pytest.mark.feature("V2")
@given(st.integers(0, 200_000), st.integers(5_000, 100_000))
def test_speed_is_worth_half_at_most(took: int, open_for: int) -> None:
    worth = points(took, open_for, right=True, speed=True)
    assert 500 <= worth <= 1000
    assert worth <= points(max(0, took - 1), open_for, right=True, speed=True)
    assert points(took, open_for, right=False, speed=True) == 0
    assert points(took, open_for, right=True, speed=False) == 1000


@pytest.mark.feature("V2")
def test_how_many_one_chooses_when_the_host_says_nothing() -> None:
    assert [most_of(asked(kind)) for kind in ("single", "multiple", "ranking", "words", "text")] == [1, 6, 6, 3, 1]
    assert problem_of(asked("single")) is None
