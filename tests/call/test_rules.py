"""The rules of a call: its table is whole, nobody is a ghost for ever, and the manual shows the same."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.call.contract import Most, What
from salon.call.rules import (
    ACTS,
    CAMERAS,
    CLOSED_MS,
    MOST,
    RESTART_MS,
    SILENT_MS,
    STATES,
    TABLE,
    WHATS,
    Topology,
    begins_anew,
    comes,
    held,
    step,
    topology,
    with_hold,
)
from salon.core.contract import ROLES
from salon.core.engine.server import Limits
from salon.core.refusals import Refused

MANUAL = Path(__file__).parents[2] / "docs" / "calls.md"
SHOWN = {"in", "lost"}
SETS = st.sets(st.sampled_from(WHATS))


def written() -> str:
    """The table as the manual has it."""
    lines = ["| act | " + " | ".join(STATES) + " |", "|---" * (len(STATES) + 1) + "|"]
    lines += [f"| {act} | " + " | ".join(TABLE[state].get(act, "") for state in STATES) + " |" for act in ACTS]
    return "\n".join(lines) + "\n"


@pytest.mark.feature("M8")
def test_the_manual_has_this_table() -> None:
    assert written() in MANUAL.read_text()


@pytest.mark.feature("M8")
@given(state=st.sampled_from(STATES), act=st.sampled_from(ACTS))
def test_whatever_happens_is_defined(state: str, act: str) -> None:
    if act in TABLE[state]:  # type: ignore[index]
        assert step(state, act) in STATES  # type: ignore[arg-type]
    else:
        with pytest.raises(Refused) as refused:
            step(state, act)  # type: ignore[arg-type]
        assert refused.value.code in {"call_elsewhere", "participant_unknown"}


@pytest.mark.feature("M8")
def test_every_place_ends_by_itself() -> None:
    """Whoever goes away for ever is seen by nobody soon, and nothing is kept for ever."""
    assert step(step(step("in", "lose"), "give_up"), "forget") == "out"


@pytest.mark.feature("M8")
def test_how_long_ghosts_are_seen() -> None:
    """A second more for the look at what is due."""
    limits = Limits()
    assert CLOSED_MS + 1_000 < 5_000
    assert (limits.watched_interval + limits.watched_timeout + 2) * 1_000 + SILENT_MS + 1_000 <= 30_000
    assert RESTART_MS + 1_000 <= 30_000


@pytest.mark.feature("M8")
@given(state=st.sampled_from(STATES), same_line=st.booleans(), take=st.booleans(), anew=st.booleans())
def test_who_may_have_a_place(state: str, same_line: bool, take: bool, anew: bool) -> None:
    act = comes(state, same_line=same_line, take=take)  # type: ignore[arg-type]
    if state == "in" and not same_line and not take:
        with pytest.raises(Refused, match="call_elsewhere"):
            step(state, act)  # type: ignore[arg-type]
        return
    assert step(state, act) == "in"  # type: ignore[arg-type]
    goes_on = same_line and state in SHOWN and not anew
    assert begins_anew(state, act, anew=anew) == (not goes_on)  # type: ignore[arg-type]
    assert (act == "join") == (state == "out" or (state == "kept" and not same_line))


@pytest.mark.feature("R5", "M4")
@given(role=st.sampled_from(ROLES), holds=SETS, muted=st.booleans(), screens=st.booleans())
def test_what_may_not_be_sent(role: str, holds: set[What], muted: bool, screens: bool) -> None:
    found = held(role, holds, muted=muted, screens_for_hosts=screens)  # type: ignore[arg-type]
    assert holds <= set(found), "what a host holds is held whatever else holds"
    assert found == [what for what in WHATS if what in found], "always in the same order"
    assert ("microphone" in found) or not muted
    if role == "audience":
        assert found == list(WHATS)
    elif not holds and not muted:
        assert found == (["screen"] if screens and role == "participant" else [])


@pytest.mark.feature("R5")
@given(holds=SETS, what=st.sampled_from(WHATS), on=st.booleans())
def test_holding_and_letting_go(holds: set[What], what: What, on: bool) -> None:
    found = with_hold(holds, what, on=on)
    assert (what in found) == on
    assert set(found) - {what} == holds - {what}
    assert with_hold(found, what, on=on) == found


@pytest.mark.feature("M3")
@given(
    people=st.integers(0, 200),
    cameras=st.integers(0, 200),
    setting=st.sampled_from(["auto", "mesh", "sfu"]),
    available=st.sets(st.sampled_from(get_args(Topology)), min_size=1),
)
def test_which_way_media_goes(people: int, cameras: int, setting: str, available: set[Topology]) -> None:
    way = topology(people, cameras, setting, available)  # type: ignore[arg-type]
    assert way in available
    if setting in available:
        assert way == setting
    elif len(available) == 2:
        assert (way == "sfu") == (people > MOST or cameras > CAMERAS)


@pytest.mark.feature("M2")
def test_the_contract_has_the_same_bounds() -> None:
    assert get_args(What) == WHATS
    (field,) = get_args(Most)[1:]
    assert max(bound.le for bound in field.metadata if hasattr(bound, "le")) == MOST
