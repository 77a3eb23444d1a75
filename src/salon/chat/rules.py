"""Pure rules of the chat: what a message may be, whom it mentions, what an emoji is, how long slow mode makes wait."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import regex

from salon.chat.contract import MESSAGE_LENGTH
from salon.core.refusals import Refused
from salon.core.text import comparable, graphemes, tidy_text

EXCERPT_LENGTH = 120
MENTIONS = 20
"""People that one message can mention."""
ATS = 50
"""Signs that are looked at for a name behind them."""
EMOJI_LENGTH = 64
"""Code points of what is looked at for an emoji: counting what people see costs quadratic time for some texts."""

# Sequences as in Unicode's report on emoji (UTS 51): anything looser lets invisible signs tell apart what looks alike.
_PICTURE = r"(?![0-9#*]|\p{Regional_Indicator})\p{Emoji}(?:\p{Emoji_Modifier}|\uFE0F)?"
_EMOJI = regex.compile(
    rf"{_PICTURE}(?:\u200D{_PICTURE})*"  # one, or several joined into one
    r"|\p{Regional_Indicator}{2}"  # the flag of a country
    r"|\U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{1,8}\U000E007F"  # of a part of one
    r"|[0-9#*]\uFE0F?\u20E3"  # a key
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]")
# Not within a word: the sign in an e-mail address mentions nobody. The page has the same rule.
_AT = regex.compile(r"(?<![\p{L}\p{M}\p{N}_@])@")


def message_body(text: str) -> str:
    """The text of a message as it is stored."""
    # What is far too long is not even tidied: that costs more than counting.
    body = tidy_text(text) if len(text) <= 2 * MESSAGE_LENGTH else text
    if not body:
        raise Refused("message_empty", field="body")
    if len(body) > MESSAGE_LENGTH:
        raise Refused(
            "message_too_long",
            f"A message has at most {MESSAGE_LENGTH} characters, this one {len(body)}.",
            field="body",
        )
    return body


def excerpt(body: str) -> str:
    """The beginning of a message on one line, for replies that quote it."""
    line = " ".join(body.split())
    return line if len(line) <= EXCERPT_LENGTH else line[: EXCERPT_LENGTH - 1].rstrip() + "…"


def mentioned(body: str, people: Iterable[tuple[str, str]]) -> list[str]:
    """Ids of the people whose name follows an ``@``, in the order of their first mention.

    The longest name wins, so that "@Ana Maria" is not "@Ana"; after the name the word must end, and before the sign
    too.

    :param people: pairs of id and name
    """
    ids = {comparable(name): person for person, name in people}
    lengths = sorted({len(name) for name in ids}, reverse=True)
    text = comparable(body)
    found: dict[str, None] = {}
    for start in [match.end() for match in itertools.islice(_AT.finditer(text), ATS)]:
        for length in lengths:
            person = ids.get(text[start : start + length])
            if person is not None and not _WORD.match(text, start + length):
                found[person] = None
                break
    return list(found)[:MENTIONS]


def one_emoji(text: str) -> str:
    """The text if it is a single emoji: one grapheme that is shown as a picture."""
    if len(text) > EMOJI_LENGTH or graphemes(text) != 1 or _EMOJI.fullmatch(text) is None:
        raise Refused("emoji_invalid", field="emoji")
    return text


def slow_mode_wait(last_at: int | None, now: int, slow_seconds: int) -> float:
    """Seconds until somebody may write again; 0 when they may. Times are in milliseconds."""
    if last_at is None or slow_seconds == 0:
        return 0.0
    return max(0.0, (last_at + slow_seconds * 1000 - now) / 1000)
