"""Commands that change some of many things."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from salon.chat.contract import ChangeSettings
from salon.core.given import change, given
from salon.core.refusals import Refused
from salon.rooms.contract import Update


def test_what_is_left_out_stays() -> None:
    row = SimpleNamespace(slow_seconds=5, direct=True, participants_only=False)
    change(row, ChangeSettings.model_validate({"id": "c1", "slow_seconds": 30}))
    assert (row.slow_seconds, row.direct) == (30, True)


def test_nothing_may_be_there_and_empty_but_what_says_so() -> None:
    cmd = Update.model_validate({"id": "c1", "theme": None, "capacity": None})
    with pytest.raises(Refused) as refused:
        given(cmd, may_be_empty={"capacity"})
    assert (refused.value.code, refused.value.as_dict()["field"]) == ("invalid", "theme")
    assert given(Update.model_validate({"id": "c1", "capacity": None}), may_be_empty={"capacity"}) == {"capacity": None}
    assert given(Update.model_validate({"id": "c1"})) == {}
