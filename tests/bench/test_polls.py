"""The benchmark of polls judges right: a small room votes, and a false total is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.driver import Measured
from bench.polls import judge, run

pytestmark = pytest.mark.real("compiler")


@pytest.mark.parametrize("anonymous", [False, True])
async def test_a_small_room_votes(tmp_path: Path, anonymous: bool) -> None:
    assert await run(tmp_path, 20, 1.0, anonymous=anonymous) == []


def test_what_is_wrong_is_found() -> None:
    voted = Measured({"acked": 2, "ack_us": {"p99": 900}, "seconds": 1}, 0.1, 0.0)
    tally = {"votes": 2, "counts": [{"key": "a", "count": 2}]}
    final = {"finals": {"same": 2, "different": 0, "tally": tally}}
    assert judge(2, voted, final, 2, Counter(a=2)) == []
    assert len(judge(2, voted, final, 2, Counter(a=1, b=1))) == 1
    assert len(judge(2, voted, final, 1, Counter(a=2))) == 2
    assert len(judge(3, voted, final, 3, Counter(a=3))) == 3
    assert (
        len(judge(2, Measured({**voted.report, "ack_us": {"p99": 1_100_000}}, 0.1, 0.0), final, 2, Counter(a=2))) == 1
    )
