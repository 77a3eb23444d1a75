"""The pure rules of the chat: what messages, mentions and emoji may be, and how long slow mode lasts."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from salon.chat import rules as chat
from salon.core.text import tidy_text
from tests.support.texts import BIDI, INVISIBLE, TEXT, refusal

# Messages


@pytest.mark.feature("C1")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("hello", "hello"),
        ("  code stays indented  ", "  code stays indented"),
        ("\n\none\r\ntwo\rthree\n\n", "one\ntwo\nthree"),
        ("a\tb", "a\tb"),
        ("nul\0and\x1bescape", "nulandescape"),
        ("\u202eturned\u202c", "turned"),
        ("e\u0301", "é"),
        ("👩\u200d👩\u200d👧 \u05e9\u05dc\u05d5\u05dd", "👩\u200d👩\u200d👧 \u05e9\u05dc\u05d5\u05dd"),
        ("x" * 4000, "x" * 4000),
        ("x" * 4000 + "\n" * 500, "x" * 4000),
    ],
)
def test_a_message_is_stored_tidied(typed: str, stored: str) -> None:
    assert chat.message_body(typed) == stored


@pytest.mark.feature("C1")
@pytest.mark.parametrize(
    "text", ["", " ", "\n\r\n\t ", "\0", "\u3000\xa0", *INVISIBLE, "".join(INVISIBLE), *BIDI, "\u0301"]
)
def test_a_message_of_nothing_visible_is_empty(text: str) -> None:
    assert refusal(chat.message_body, text) == "message_empty"


@pytest.mark.feature("C1")
@pytest.mark.parametrize("length", [4001, 8000, 8001, 100_000])
def test_a_long_message_is_refused(length: int) -> None:
    assert refusal(chat.message_body, "x" * length) == "message_too_long"


@pytest.mark.feature("C1")
@given(TEXT)
@example("e\u202e\u0301")
@example("a" + ("\u0301" * 16 + "\u202a") * 3)
@example("a" + "\u0344" * 17)
def test_tidying_a_message_twice_changes_nothing(text: str) -> None:
    once = tidy_text(text)
    assert tidy_text(once) == once
    assert not regex.search(r"(?!\n|\t)\p{Cc}", once)
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.feature("C2")
@given(TEXT | st.text(min_size=100, max_size=400))
def test_an_excerpt_is_one_short_line(body: str) -> None:
    line = chat.excerpt(body)
    assert len(line) <= chat.EXCERPT_LENGTH
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


@pytest.mark.feature("C2")
def test_an_excerpt_says_that_it_was_cut() -> None:
    assert chat.excerpt("a  b\n\tc") == "a b c"
    assert chat.excerpt("x" * 120) == "x" * 120
    assert chat.excerpt("x" * 121) == "x" * 119 + "…"
    assert chat.excerpt("x" * 118 + " yy") == "x" * 118 + "…"


# Mentions

HERE = [("ana", "Ana"), ("maria", "Ana Maria"), ("bob", "Bob"), ("bob2", "Bob (2)"), ("jose", "José"), ("at", "@home")]


@pytest.mark.feature("C2")
@pytest.mark.parametrize(
    ("body", "whom"),
    [
        ("hi @Bob", ["bob"]),
        ("@bob!", ["bob"]),
        ("@BOB, @ana.", ["bob", "ana"]),
        ("@Ana Maria and @Ana", ["maria", "ana"]),
        ("@Ana Mariana", ["ana"]),
        ("@Bob (2)", ["bob2"]),
        ("@Bob (3)", ["bob"]),
        ("@JOSE\u0301", ["jose"]),
        ("@Jose", []),
        ("\uff20\uff22\uff4f\uff42", ["bob"]),
        ("@Bo\u200bb", ["bob"]),
        ("@Bob @Bob @bob", ["bob"]),
        ("@Bobby", []),
        ("@Bob_", []),
        ("@Bob2", []),
        ("@Bob\u0301", []),
        ("@@home @@Bob", ["at"]),
        ("x@Bob", []),
        ("7@Bob _@Bob é@Bob क\u094d@Bob", []),
        ("(@Bob) \u201c@Ana\u201d", ["bob", "ana"]),
        ("line\n@Bob", ["bob"]),
        ("@ Bob", []),
        ("@", []),
        ("Bob", []),
    ],
)
def test_who_is_mentioned(body: str, whom: list[str]) -> None:
    assert chat.mentioned(body, HERE) == whom


@pytest.mark.feature("C2")
@given(
    st.from_regex(r"[A-Za-zÀ-ž][A-Za-zÀ-ž ]{0,18}[A-Za-zÀ-ž]", fullmatch=True),
    st.sampled_from(["", ".", " x", "\n", "@"]),
)
def test_a_whole_name_is_found(name: str, after: str) -> None:
    assert chat.mentioned(f"see @{name}{after}", [("p", name), ("q", "Somebody else entirely")]) == ["p"]


@pytest.mark.feature("C2")
def test_one_message_mentions_so_many() -> None:
    crowd = [(f"p{n}", f"name{n}") for n in range(100)]
    everyone = " ".join(f"@{name}" for _, name in crowd)
    assert chat.mentioned(everyone, crowd) == [f"p{n}" for n in range(chat.MENTIONS)]
    # Addresses do not use up what is looked at.
    assert chat.mentioned("a@b " * 200 + "@name7", crowd) == ["p7"]


# Reactions

EMOJI = {
    "plain": "👍",
    "skin tone": "👍🏽",
    "couple of skin tones": "👩🏽\u200d🤝\u200d👨🏿",
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "profession": "👩\u200d🚀",
    "gender sign": "🤷\u200d♀\ufe0f",
    "flag": "🇩🇪",
    "rainbow flag": "🏳\ufe0f\u200d🌈",
    "flag of tags": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "keycap without selector": "#\u20e3",
    "star keycap": "*\ufe0f\u20e3",
    "heart with selector": "❤\ufe0f",
    "heart without": "❤",
    "heart on fire": "❤\ufe0f\u200d🔥",
    "new": "🫨",
}
NO_EMOJI = {
    "nothing": "",
    "blank": " ",
    "digit": "1",
    "number sign": "#",
    "digit with selector": "1\ufe0f",
    "letter": "a",
    "word": "like",
    "ideograph": "好",
    "punctuation": "!",
    "two": "👍👎",
    "two hearts": "❤❤",
    "two flags": "🇩🇪🇫🇷",
    "half a flag": "🇩",
    "emoji and letter": "👍a",
    "emoji and blank": "👍 ",
    "skewed by marks": "👍\u0301",
    "selector alone": "\ufe0f",
    "joiner alone": "\u200d",
    "letter in a keycap": "a\u20e3",
    "direction mark": "\u202e👍",
    "nul": "👍\0",
}


@pytest.mark.feature("C2")
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in EMOJI.items()])
def test_one_emoji(text: str) -> None:
    assert chat.one_emoji(text) == text


@pytest.mark.feature("C2")
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NO_EMOJI.items()])
def test_not_one_emoji(text: str) -> None:
    assert refusal(chat.one_emoji, text) == "emoji_invalid"


# Slow mode


@pytest.mark.feature("C5")
@pytest.mark.parametrize(
    ("last_at", "now", "slow", "wait"),
    [
        (None, 0, 30, 0.0),
        (1000, 1000, 0, 0.0),
        (1000, 1000, 30, 30.0),
        (1000, 30_999, 30, 0.001),
        (1000, 31_000, 30, 0.0),
        (1000, 10**15, 30, 0.0),
        (0, 0, 5, 5.0),
    ],
)
def test_slow_mode(last_at: int | None, now: int, slow: int, wait: float) -> None:
    assert chat.slow_mode_wait(last_at, now, slow) == pytest.approx(wait)
