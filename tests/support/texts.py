"""Texts that are odd, for the rules of what people may write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from salon.core.refusals import Refused

INVISIBLE = ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufe0f", "\u3164", "\u115f", "\u2800", "\U000e0061", "\u034f"]
BIDI = [chr(each) for each in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)]
ODD = st.sampled_from(
    [*INVISIBLE, *BIDI, *"\0\r\n\t \u2028\x85e\u0301\u0344\u0323\u0958ﬁA\uff21한", "👩", "🏽", "🇩", "e\u0301" * 9]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(ODD, max_size=60).map("".join))


def refusal(rule: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        rule(*arguments)
    return refused.value.code
