"""The order of the queue and the measure of a text, as pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.core.refusals import Refused
from salon.floor.contract import Order
from salon.floor.rules import QUEUE_LENGTH, STEP, Standing, arrange, count_words, item_text, places, without

pytestmark = pytest.mark.feature("F1", "F4")

ORDERS: tuple[Order, ...] = ("came", "first_timers", "upvoted")
NAMES = [chr(ord("a") + each) for each in range(12)]


@st.composite
def queues(draw: st.DrawFn) -> list[Standing]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=10))
    found = []
    for number, name in enumerate(names):
        kind = draw(st.sampled_from(["usual", "usual", "moved", "pinned", "taken"]))
        found.append(
            Standing(
                name,
                number + 1,
                draw(st.booleans()),
                draw(st.integers(0, 3)),
                pinned=draw(st.integers(1, 50)) * 100 + number if kind == "pinned" else None,
                # Also behind one that has left, and behind itself: neither may lose anybody.
                after=draw(st.sampled_from([None, *NAMES])) if kind == "moved" else None,
                moved=draw(st.integers(1, 50)) * 100 + number if kind == "moved" else None,
                taken=draw(st.integers(1, 3)) if kind == "taken" else None,
            )
        )
    return found


@given(queues(), st.sampled_from(ORDERS))
def test_everyone_stands_in_it_once(items: list[Standing], order: Order) -> None:
    line = arrange(items, order)
    assert sorted(line) == sorted(item.id for item in items)
    assert line == arrange(list(reversed(items)), order), "it does not depend on the order of reading"


@given(queues(), st.sampled_from(ORDERS))
def test_whom_nobody_touched_stands_by_the_rule(items: list[Standing], order: Order) -> None:
    usual = {item.id: item for item in items if not item.above and item.moved is None}
    line = [usual[each] for each in arrange(items, order) if each in usual]
    keys: dict[Order, Callable[[Standing], tuple[int, ...]]] = {
        "came": lambda item: (item.number,),
        "first_timers": lambda item: (not item.newcomer, item.number),
        "upvoted": lambda item: (-item.votes, item.number),
    }
    assert line == sorted(usual.values(), key=keys[order])


@given(queues(), st.sampled_from(ORDERS))
def test_what_is_answered_now_stands_on_top_then_pinned_ones_the_newest_first(
    items: list[Standing], order: Order
) -> None:
    taken = sorted((item for item in items if item.taken is not None), key=lambda item: (item.taken, item.number))
    pinned = sorted((item for item in items if item.pinned is not None), key=lambda item: -(item.pinned or 0))
    top = [item.id for item in (*taken, *pinned)]
    assert arrange(items, order)[: len(top)] == top, "whatever was moved"


@given(queues(), st.sampled_from(ORDERS), st.data())
def test_who_was_moved_last_stands_where_it_was_put(items: list[Standing], order: Order, data: st.DataObject) -> None:
    if len(items) < 2:
        return
    item = data.draw(st.sampled_from(items))
    target = data.draw(st.sampled_from([each for each in items if each.id != item.id]))
    # What stood behind it was put elsewhere when it was taken away.
    others = [
        replace(each, after=None, moved=None) if each.after == item.id else each for each in items if each.id != item.id
    ]
    moved = replace(item, pinned=None, taken=None, after=target.id, moved=10_000)
    line = arrange([*others, moved], order)
    before = target.id if not target.above else [each for each in line if _item(others, each).above][-1]
    assert line[line.index(before) + 1] == item.id, "right behind it, and never between those on top"


def _item(items: list[Standing], name: str) -> Standing:
    return next((each for each in items if each.id == name), Standing(name, 0, newcomer=True, votes=0))


@given(queues(), st.sampled_from(ORDERS), st.data())
def test_who_leaves_takes_nobody_along(items: list[Standing], order: Order, data: st.DataObject) -> None:
    if not items:
        return
    gone = data.draw(st.sampled_from(items))
    followers = without(items, gone.id, order)
    assert gone.id not in followers.values()
    rest = [replace(item, after=followers.get(item.id, item.after)) for item in items if item.id != gone.id]
    assert sorted(arrange(rest, order)) == sorted(item.id for item in rest)


def test_who_was_put_behind_somebody_stays_there_when_they_leave() -> None:
    """Second of four by a host's hand, and first when the first has left: not at the place of its number."""
    items = [Standing(name, number, newcomer=True, votes=0) for number, name in enumerate("abcd", 1)]
    items[3] = replace(items[3], after="a", moved=1)
    assert arrange(items, "came") == ["a", "d", "b", "c"]
    assert without(items, "a", "came") == {"d": None}
    assert arrange([*items[1:3], replace(items[3], after=None)], "came") == ["d", "b", "c"]


@given(st.permutations(NAMES), st.dictionaries(st.sampled_from(NAMES), st.floats(-1e6, 1e6), max_size=12))
def test_numbers_follow_the_line(line: list[str], old: dict[str, float]) -> None:
    new = places(line, old)
    numbers = [{**old, **new}[each] for each in line]
    assert all(one < other for one, other in pairwise(numbers))
    assert all(number != old.get(each) for each, number in new.items())


def test_one_move_changes_one_number() -> None:
    old = {name: STEP * (at + 1) for at, name in enumerate(NAMES)}
    line = [*NAMES[:2], NAMES[9], *NAMES[2:9], *NAMES[10:]]
    assert set(places(line, old)) == {NAMES[9]}
    assert places(NAMES, old) == {}


def test_moving_to_and_fro_for_ever() -> None:
    """The space between two numbers is used up now and then: everybody gets a new one."""
    line = NAMES[:4]
    old = places(line, {})
    for _ in range(200):
        line = [line[0], line[3], line[1], line[2]]
        old |= places(line, old)
        assert sorted(line, key=old.__getitem__) == line


def test_a_full_queue_is_arranged_at_once() -> None:
    chain = [
        Standing(str(each), each, newcomer=True, votes=0, after=str(each + 1), moved=each)
        for each in range(QUEUE_LENGTH)
    ]
    assert len(arrange(chain, "came")) == QUEUE_LENGTH


@pytest.mark.feature("F2")
def test_words_are_counted_alike_on_both_sides() -> None:
    """The page's tests read the same file."""
    texts = json.loads((Path(__file__).parent / "words.json").read_text())
    assert {text: count_words(text) for text in texts} == texts


@pytest.mark.feature("F2")
def test_texts_within_the_limits() -> None:
    assert item_text("  one\n two  ", 1, 2) == "one two"
    for text, code in (
        ("", "item_empty"),
        ("  !? … ", "item_empty"),
        ("one", "item_too_short"),
        ("one two three four", "item_too_long"),
        ("x" * 3000 + " y", "item_too_long"),
        ("x " * 100_000, "item_too_long"),
    ):
        with pytest.raises(Refused) as refused:
            item_text(text, 2, 3)
        assert refused.value.code == code
