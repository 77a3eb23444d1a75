"""The pure rules of names, of people and of rooms. And that no text is dear to look at."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from salon.chat import rules as chat
from salon.chat.contract import MESSAGE_LENGTH
from salon.core.refusals import Refused
from salon.core.text import comparable, graphemes, tidy_line, tidy_text
from salon.people import rules as people
from salon.rooms.rules import PRESETS, room_name
from tests.support.texts import BIDI, INVISIBLE, TEXT, refusal

CPU_SECONDS = 1.0
"""Of the processor, and far more than is needed: what costs quadratic time takes many times as long."""

# People


@pytest.mark.feature("P1")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Bob", "Bob"),
        ("  Ana \t Maria\n", "Ana Maria"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u05d3\u05d5\u05d3", "\u05d3\u05d5\u05d3"),
        ("محمد", "محمد"),
        ("\u202eboB\u202c", "boB"),
        ("B\0o\x07b", "B o b"),
        ("a\u2066b\u200fc\ufeffd", "a b c d"),
        ("x" * 40, "x" * 40),
        ("👨\u200d👩\u200d👧\u200d👦" * 40, "👨\u200d👩\u200d👧\u200d👦" * 40),
        ("e\u0301" * 40, "é" * 40),
        ("!", "!"),
    ],
)
def test_a_name_is_stored_tidied(typed: str, stored: str) -> None:
    assert people.person_name(typed) == stored


@pytest.mark.feature("P1")
@pytest.mark.parametrize("text", ["", " \t\n", "\0", *INVISIBLE, *BIDI, "".join(INVISIBLE), "\u0301\u0323", "\ue000"])
def test_a_name_of_nothing_visible_is_refused(text: str) -> None:
    assert refusal(people.person_name, text) == "name_required"


@pytest.mark.feature("P1")
@pytest.mark.parametrize(
    "text", ["x" * 41, "x" * 200, "👍" * 41, "x" * 4000, "Z" + "\u0301" * 899, "\ufdfa" * 40 + "x"]
)
def test_a_long_name_is_refused(text: str) -> None:
    assert refusal(people.person_name, text) == "name_too_long"


@pytest.mark.feature("P1")
@pytest.mark.parametrize("between", ["", *INVISIBLE, *BIDI, "\u200c"])
def test_marks_do_not_pile_up(between: str) -> None:
    piled = "Z" + ("\u0301" * 16 + between) * 9
    for tidied in (tidy_line(piled), tidy_text(piled)):
        assert not regex.search(r"\p{M}{17}", tidied)
        assert max(map(len, regex.findall(r"\X", tidied))) <= 17


@pytest.mark.feature("P1")
@given(TEXT)
def test_every_name_is_tidy_or_refused(text: str) -> None:
    try:
        name = people.person_name(text)
    except Refused as refused:
        assert refused.code in {"name_required", "name_too_long"}  # noqa: PT017  either outcome is right
        return
    assert people.person_name(name) == name
    assert 1 <= graphemes(name) <= 40
    assert not regex.search(r"[\p{Cc}\u202a-\u202e\u2066-\u2069]", name)
    assert len(name) <= 400, "fits its column"
    assert len(comparable(name)) <= 900


@pytest.mark.feature("P1")
@given(TEXT)
@example("a" + "\u0344" * 17)
@example("e\u200e\u0301")
def test_tidying_a_line_twice_changes_nothing(text: str) -> None:
    once = tidy_line(text)
    assert tidy_line(once) == once
    assert "  " not in once
    assert len(once.splitlines()) <= 1


@pytest.mark.feature("P1")
def test_a_line_about_oneself() -> None:
    assert people.about_line("") == ""
    assert people.about_line("\u200b") == ""
    assert people.about_line(" baker\n in  Bonn ") == "baker in Bonn"
    assert people.about_line("👍" * 140) == "👍" * 140
    for text in ("x" * 141, "👍" * 141, "x" * 60_000):
        assert refusal(people.about_line, text) == "name_too_long"


@pytest.mark.feature("P1")
@pytest.mark.parametrize(
    ("name", "taken", "given"),
    [
        ("Bob", [], "Bob"),
        ("Bob", ["Ana"], "Bob"),
        ("Bob", ["Bob"], "Bob (2)"),
        ("bob", ["BOB"], "bob (2)"),
        ("Bob", ["Bob", "Bob (2)", "Bob (4)"], "Bob (3)"),
        ("Bob (2)", ["Bob", "Bob (2)"], "Bob (2) (2)"),
        ("\uff22ob", ["bob"], "\uff22ob (2)"),
        ("Bo\u200bb", ["Bob"], "Bo\u200bb (2)"),
        ("STRASSE", ["Straße"], "STRASSE (2)"),
        ("Bob", ["Bob (2)"], "Bob"),
    ],
)
def test_names_are_told_apart(name: str, taken: list[str], given: str) -> None:
    assert people.distinct_name(name, {comparable(each) for each in taken}) == given


@pytest.mark.feature("P1")
@given(st.lists(st.sampled_from(["Bob", "bob", "BOB\u200b", "Bob (2)", "Ana"]), max_size=12))
def test_no_two_names_are_alike(wanted: list[str]) -> None:
    taken: set[str] = set()
    for name in wanted:
        taken.add(comparable(people.distinct_name(name, taken)))
    assert len(taken) == len(wanted)


@pytest.mark.feature("P1")
@given(st.text(max_size=30), st.sampled_from([each for each in INVISIBLE if each != "\u2800"]), st.integers(0, 30))
def test_what_cannot_be_seen_makes_no_difference(text: str, invisible: str, where: int) -> None:
    assert comparable(text[:where] + invisible + text[where:]) == comparable(text)


@pytest.mark.feature("P1")
@given(TEXT)
def test_comparing_is_settled(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


# Rooms


@pytest.mark.feature("R1")
def test_a_room_name() -> None:
    assert room_name("  Book\n club ", "meeting") == "Book club"
    assert room_name("x" * 80, "drop") == "x" * 80
    assert room_name("👍" * 80, "drop") == "👍" * 80
    for preset, rules in PRESETS.items():
        assert room_name("", preset) == room_name("\u200b\u202e", preset) == rules.title
    for text in ("x" * 81, "👍" * 81, "x" * 60_000):
        assert refusal(room_name, text, "stage") == "name_too_long"


# What looking at the worst texts costs

WORST = {
    "one mark": "a" + "\u0301" * 60_000,
    "marks in the wrong order": "a" + "\u0301\u0323" * 30_000,
    "marks parted by joiners": "a" + ("\u0301\u0323" * 8 + "\u200c") * 3_500,
    "regional indicators": "\U0001f1e6" * 60_000,
    "joined emoji": "👨\u200d" * 30_000,
    "Hangul": "\u1100" * 60_000,
    "long when compared": "\ufdfa" * 60_000,
    "blanks": " " * 60_000,
    "blanks and a letter": " " * 59_999 + "x",
    "signs": "@" * 60_000,
}
RULES: list[Callable[[str], object]] = [
    chat.message_body,
    chat.excerpt,
    chat.one_emoji,
    people.person_name,
    people.about_line,
    lambda text: room_name(text, "stage"),
    tidy_text,
    tidy_line,
]


@pytest.mark.feature("C1", "P1")
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in WORST.items()])
@pytest.mark.parametrize("length", [300, 839, 4_000, 8_000, 60_000])
def test_no_text_is_dear(text: str, length: int) -> None:
    started = time.process_time()
    for rule in RULES:
        try:
            rule(text[:length])
        except Refused:
            continue
    # A message that is stored is compared too; longer ones never are.
    if length <= MESSAGE_LENGTH:
        comparable(tidy_text(text[:length]))
    assert time.process_time() - started < CPU_SECONDS


@pytest.mark.feature("C2")
@pytest.mark.parametrize("body", ["@" * 4_000, " @" * 2_000, "@person " * 500, "@" + "x" * 3_999])
def test_mentions_in_a_full_hall_are_cheap(body: str) -> None:
    crowd = [(f"p{n}", f"Person {'x' * (n % 300)} {n}") for n in range(2_000)]
    started = time.process_time()
    assert chat.mentioned(body, crowd) == []
    assert time.process_time() - started < CPU_SECONDS
