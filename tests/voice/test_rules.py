"""The table of a call's states: it is whole, every way leads to an end, and the manual shows the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.core.refusals import Refused
from salon.voice.rules import ACTS, STATES, TABLE, due_at, hangs_up, happens, may_take_end, settled, step

MANUAL = Path(__file__).parents[2] / "docs" / "voice.md"
CALLING = ("ringing", "live", "reconnecting")
MOMENTS = st.none() | st.integers(0, 1000)


def written() -> str:
    """The table as the manual has it: what leads where, and in brackets how the call ends by it."""
    lines = ["| act | " + " | ".join(STATES[:-1]) + " |", "|---" * len(STATES) + "|"]
    for act in ACTS:
        cells = []
        for state in STATES[:-1]:
            found = TABLE[state].get(act)
            cells.append("" if found is None else found.to + (f" ({found.outcome})" if found.outcome else ""))
        lines.append(f"| {act} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


@pytest.mark.feature("F6")
def test_the_manual_has_this_table() -> None:
    assert written() in MANUAL.read_text()


@pytest.mark.feature("F6")
def test_whatever_happens_is_defined() -> None:
    for state in STATES:
        for act in ACTS:
            if act in TABLE[state]:
                assert step(state, act).to in STATES
            else:
                with pytest.raises(Refused) as refused:
                    step(state, act)
                assert refused.value.code in {"call_running", "call_taken", "call_unknown"}


@pytest.mark.feature("F6")
def test_a_call_has_an_outcome_exactly_when_it_ends() -> None:
    for state, acts in TABLE.items():
        for act, found in acts.items():
            ends = state in CALLING and found.to not in CALLING
            assert (found.outcome is not None) == ends, (state, act)


@pytest.mark.feature("F6")
def test_every_state_of_a_call_ends_by_itself() -> None:
    """Whoever goes away for ever leaves no line busy."""
    assert step("ringing", "ring_out").outcome == "missed"
    assert step("reconnecting", "give_up").outcome == "answered"
    assert step("live", "lose").to == "reconnecting"


@given(st.sampled_from(CALLING), MOMENTS, MOMENTS, MOMENTS, st.integers(0, 1000))
@pytest.mark.feature("F6")
def test_what_is_due_happens_then_and_not_before(
    state: str, rings: int | None, speaks: int | None, back: int | None, now: int
) -> None:
    due = due_at(state, rings, speaks, back)  # type: ignore[arg-type]
    act = happens(state, rings, speaks, back, now)  # type: ignore[arg-type]
    assert (act is not None) == (due is not None and due <= now)
    if act is not None:
        assert step(state, act).outcome is not None  # type: ignore[arg-type]


@given(st.sampled_from(CALLING), st.booleans(), st.booleans())
@pytest.mark.feature("F6", "F8")
def test_live_means_that_both_ends_are_there(state: str, phone: bool, screen: bool) -> None:
    now = settled(state, phone_there=phone, screen_there=screen)  # type: ignore[arg-type]
    if state == "ringing":
        assert now == "ringing"
    else:
        assert (now == "live") == (phone and screen)


@pytest.mark.feature("F6")
def test_hanging_up() -> None:
    assert hangs_up("ringing", host=True) == "call_off"
    assert hangs_up("ringing", host=False) == "decline"
    assert {hangs_up(state, host=host) for state in ("live", "reconnecting") for host in (True, False)} == {"hang_up"}


@pytest.mark.feature("F6", "F8")
def test_an_end_that_somebody_has_is_taken_only_by_the_same_page() -> None:
    assert may_take_end(None, None, "mine")
    assert may_take_end(None, "another", "mine")
    assert may_take_end("sid", "mine", "mine")
    assert not may_take_end("sid", "another", "mine")
    assert not may_take_end("sid", None, "mine")
