"""The chat's pure rules, with examples and with whatever hypothesis thinks of."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from salon.chat.contract import MESSAGE_LENGTH
from salon.chat.rules import EXCERPT_LENGTH, MENTIONS, excerpt, mentioned, message_body, one_emoji, slow_mode_wait
from salon.core.refusals import Refused
from salon.core.text import comparable, graphemes, tidy_line, tidy_text
from salon.people.rules import about_line, distinct_name, person_name

anything = st.text(st.characters(codec="utf-8"), max_size=300)
awkward = st.text(
    st.sampled_from(
        "aZé ß\n\t\r\u0000\u200b\u200d\u200e\u202e\u2066\u2069\u2028\ufe0f\ufeff\u00ad\u0301\u0345\u1160\u3164ﷺ"
        "@＠()2👍👩🇩🏽🏴\U000e0067\U000e007f한글क्षمريم"
    ),
    max_size=60,
)
texts = anything | awkward
EMOJI = [
    *"😀👍🎂🎉🫠🥹💯🔥🏽",
    "❤️", "❤", "☺️", "✔️", "©️", "™️", "‼️", "〰️", "🅰️",
    "👍🏽", "🤌🏿", "🫱🏼‍🫲🏿",
    "👨‍👩‍👧‍👦", "👩‍🚀", "🧑🏽‍🚀", "👩‍❤️‍💋‍👨", "🏳️‍🌈", "🏴‍☠️", "🐻‍❄️", "😶‍🌫️", "👁️‍🗨️", "🏃🏽‍♀️‍➡️", "⛓️‍💥",
    "🇩🇪", "🇺🇳", "🇪🇺",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "1️⃣", "#️⃣", "*️⃣", "0⃣",
]  # fmt: skip
NO_EMOJI = [
    "", " ", "a", "ab", ":)", "1", "#", "*", "0️", "é", "한", "ß", "1️⃣2️⃣",
    "👍👍", "👍 ", " 👍", "👍a", "a👍", "👍\n",
    "🇩", "🇩🇪🇫🇷", "🇩🇪🇫",
    "\u200d", "\ufe0f", "\u20e3", "\U000e007f",
    "<b>", "&#128077;", "\u0000", "\u202e👍", "①", "→", "★",
    "👍\u200d", "\u200d👍", "👍" + "\ufe0f" * 5, "😀" + "\U000e0061" * 8, "😀\U000e0061\U000e0062",
    "👍\u0301", "🏴\U000e0067\U000e0062",
]  # fmt: skip


@pytest.mark.feature("C2")
@pytest.mark.parametrize("text", EMOJI, ids=ascii)
def test_emoji(text: str) -> None:
    assert one_emoji(text) == text


@pytest.mark.feature("C2")
@pytest.mark.parametrize("text", NO_EMOJI, ids=ascii)
def test_no_emoji(text: str) -> None:
    with pytest.raises(Refused) as refused:
        one_emoji(text)
    assert refused.value.code == "emoji_invalid"


@given(texts)
def test_what_is_an_emoji_is_seen_as_one_character(text: str) -> None:
    try:
        found = one_emoji(text)
    except Refused:
        return
    assert graphemes(found) == 1
    assert len(found) <= 64


def check(refused: Refused, field: str, *codes: str) -> None:
    assert refused.field == field
    assert refused.code in codes


def unwanted(text: str) -> list[str]:
    return regex.findall(r"(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]", text)


@pytest.mark.feature("C1")
@given(texts)
def test_a_body_is_refused_or_as_it_is_stored(text: str) -> None:
    try:
        body = message_body(text)
    except Refused as refused:
        check(refused, "body", "message_empty", "message_too_long")
        return
    assert 1 <= len(body) <= MESSAGE_LENGTH
    assert message_body(body) == body, "tidied once is tidied"
    assert not unwanted(body)
    assert not body.startswith("\n")
    assert body == body.rstrip()


@pytest.mark.feature("C1")
def test_the_length_of_a_body() -> None:
    assert message_body("x" * 4000) == "x" * 4000
    assert message_body("\n\n" + "👍" * 4000 + " \n ") == "👍" * 4000
    with pytest.raises(Refused) as refused:
        message_body("x" * 4001)
    assert refused.value.code == "message_too_long"
    assert "4001" in refused.value.message


@pytest.mark.feature("C1")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  code\n    indented", "  code\n    indented"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a\tb"),
        ("\n\na\n\n\nb\n\n", "a\n\n\nb"),
        ("a\u0000b\u001bc", "abc"),
        ("\u202eabc\u202c", "abc"),
        ("e\u0301", "é"),
        ("\u05d0\u200f!", "\u05d0\u200f!"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
    ids=ascii,
)
def test_bodies(typed: str, kept: str) -> None:
    assert message_body(typed) == kept


@pytest.mark.feature("C2")
@given(texts)
def test_excerpts_are_short_lines(text: str) -> None:
    line = excerpt(text)
    assert len(line) <= EXCERPT_LENGTH
    assert "\n" not in line
    assert excerpt(line) == line


@pytest.mark.feature("C2")
def test_excerpts_end_with_dots_when_they_are_cut() -> None:
    assert excerpt("a  b\n c") == "a b c"
    assert excerpt("x" * 120) == "x" * 120
    assert excerpt("x" * 121) == "x" * 119 + "…"


PEOPLE = [("1", "Ana"), ("2", "Ana Maria"), ("3", "Ana (2)"), ("4", "Bob"), ("5", "José"), ("6", "Straße"), ("7", "李")]


@pytest.mark.feature("C2")
@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("@Ana", ["1"]),
        ("@ana!", ["1"]),
        ("@Ana Maria, hello", ["2"]),
        ("@Ana Marianne", ["1"]),
        ("@Ana (2) there", ["3"]),
        ("(@Bob)", ["4"]),
        ("@Bobby", []),
        ("@Bob's", ["4"]),
        ("@Bob_", []),
        ("@ Bob", []),
        ("@@Bob", []),
        ("bob@Bob.example", []),
        ("@JOSE\u0301", ["5"]),
        ("@josé @Bob @ana", ["5", "4", "1"]),
        ("@Bob and again @Bob", ["4"]),
        ("＠Bob", ["4"]),
        ("@STRASSE", ["6"]),
        ("@李 你好", ["7"]),
        ("Bob", []),
        ("@", []),
    ],
)
def test_mentions(body: str, found: list[str]) -> None:
    assert mentioned(body, PEOPLE) == found


@pytest.mark.feature("C2")
@given(texts, st.lists(st.tuples(st.uuids().map(str), texts.filter(tidy_line).map(tidy_line)), max_size=8))
def test_only_people_who_are_named_are_mentioned(body: str, people: list[tuple[str, str]]) -> None:
    found = mentioned(body, people)
    assert len(found) == len(set(found)) <= MENTIONS
    names = dict(people)
    for person in found:
        assert comparable(names[person]) in comparable(body)


@pytest.mark.feature("C2")
@given(st.lists(texts.map(tidy_line).filter(bool), min_size=1, max_size=5, unique_by=comparable), st.data())
def test_a_name_by_itself_is_mentioned(names: list[str], data: st.DataObject) -> None:
    """Whatever the name: "@" and the name, with nothing after it, mentions its bearer."""
    people = [(str(number), name) for number, name in enumerate(names) if comparable(name)]
    if not people:
        return
    person, name = data.draw(st.sampled_from(people))
    assert mentioned(f"hello @{name}", people)[:1] == [person]


@pytest.mark.feature("C5")
@given(st.integers(0, 10**13), st.integers(0, 10**7), st.integers(0, 3600))
def test_slow_mode_lets_through_after_its_time(last: int, passed: int, seconds: int) -> None:
    wait = slow_mode_wait(last, last + passed, seconds)
    assert wait == pytest.approx(max(0.0, seconds - passed / 1000))
    assert slow_mode_wait(last, last + passed + int(wait * 1000) + 1, seconds) == 0
    assert slow_mode_wait(None, last, seconds) == 0
    assert slow_mode_wait(last, last, 0) == 0


@pytest.mark.feature("P1")
@given(texts)
def test_a_name_is_refused_or_as_it_is_stored(text: str) -> None:
    try:
        name = person_name(text)
    except Refused as refused:
        check(refused, "name", "name_required", "name_too_long")
        return
    assert person_name(name) == name
    assert 1 <= graphemes(name) <= 40
    assert len(name) <= 320
    assert len(comparable(name)) <= 1000, "as much as the database keeps"
    assert not regex.search(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]", name)
    assert name == " ".join(name.split(" "))
    assert "  " not in name


@pytest.mark.feature("P1")
@given(texts)
def test_a_line_about_oneself(text: str) -> None:
    try:
        line = about_line(text)
    except Refused as refused:
        check(refused, "about", "name_too_long")
        return
    assert about_line(line) == line
    assert graphemes(line) <= 140
    assert len(line) <= 1000


@pytest.mark.feature("P1")
@given(st.lists(texts.map(tidy_line).filter(bool), min_size=1, max_size=30))
def test_names_are_told_apart(wanted: list[str]) -> None:
    taken: set[str] = set()
    for name in wanted * 3:
        given_name = distinct_name(name, taken)
        assert given_name.startswith(name)
        assert comparable(given_name) not in taken
        taken.add(comparable(given_name))


@given(texts)
def test_comparable_is_settled(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


@given(texts)
def test_comparable_knows_no_case_width_or_form(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert comparable(unicodedata.normalize(form, text)) == comparable(text)


@given(texts)
def test_tidied_once_is_tidied(text: str) -> None:
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    assert tidy_text(tidy_text(text)) == tidy_text(text)


@pytest.mark.feature("C2")
def test_every_emoji_that_the_page_offers() -> None:
    offered = Path(__file__).parents[2] / "web" / "src" / "features" / "chat" / "emoji.txt"
    lines = [line for line in offered.read_text().splitlines() if line and not line.startswith("#")]
    refused = []
    for line in lines:
        try:
            one_emoji(line.split(" ")[0])
        except Refused:
            refused.append(line)
    assert len(lines) > 1000
    assert refused == []
