"""How much one client may do."""

from __future__ import annotations

from pathlib import Path

import pytest

from salon.core.security import TokenBuckets, network_of
from tests.support.house import open_stage
from tests.support.wire import serve


@pytest.mark.feature("R1")
async def test_rooms_of_one_network(tmp_path: Path, clean: None) -> None:
    async with open_stage(tmp_path, rooms_per_hour=3) as stage:
        _, token = await stage.session()

        async def make(address: str) -> int:
            async with stage.http(token, address=address) as http:
                answer = await http.post("/api/rooms", json={"preset": "stage"})
            if answer.status_code == 429:
                assert answer.json()["code"] == "rate_limited"
                assert answer.json()["retry_after"] > 0
                assert int(answer.headers["retry-after"]) >= answer.json()["retry_after"]
            return answer.status_code

        assert [await make("198.51.100.1") for _ in range(4)] == [200, 200, 200, 429]
        assert await make("198.51.100.2") == 200
        stage.clock.advance(seconds=1200)
        assert [await make("198.51.100.1") for _ in range(2)] == [200, 429]


@pytest.mark.feature("P1")
async def test_sessions_of_one_network(tmp_path: Path, clean: None) -> None:
    async with open_stage(tmp_path, sessions_per_hour=2) as stage:

        async def get(address: str) -> int:
            async with stage.http(address=address) as http:
                return (await http.post("/api/session", json={"bearer": True})).status_code

        addresses = ["2001:db8:1:1::1", "2001:db8:1:1:ffff::2", "2001:db8:1:1::3", "2001:db8:1:2::1"]
        assert [await get(address) for address in addresses] == [200, 200, 429, 200]


@pytest.mark.feature("C1")
async def test_requests_of_one_connection(tmp_path: Path, at_once: None) -> None:
    async with serve(tmp_path, commands_per_second=5) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        answers = [await olga.ask("chat.send", body=f"number {each}") for each in range(20)]
        refused = [answer for answer in answers if not answer["ok"]]
        # Three seconds' worth at once, of which joining took one.
        assert len(refused) == 6
        assert {answer["code"] for answer in refused} == {"rate_limited"}
        assert refused[0]["retry_after"] == pytest.approx(0.2)
        served.clock.advance(seconds=0.2)
        assert (await olga.ask("chat.send", body="now"))["ok"]
        assert not (await olga.ask("chat.send", body="and again"))["ok"]
        # Others are not concerned.
        await (await served.come(room, "Gil")).must("chat.send", body="hello")


def test_buckets() -> None:
    buckets = TokenBuckets(rate=2, burst=4)
    assert [buckets.take("a", 0) for _ in range(4)] == [0, 0, 0, 0]
    assert buckets.take("a", 0) == 0.5
    assert buckets.take("b", 0) == 0
    assert buckets.take("a", 499) > 0
    assert buckets.take("a", 1000) == 0
    # A clock that is set back gives nothing away and locks nobody out.
    assert buckets.take("a", 0) >= 0
    assert [buckets.take("a", 1_000_000) for _ in range(5)] == [0, 0, 0, 0, 0.5]


def test_buckets_forget_the_longest_unused() -> None:
    buckets = TokenBuckets(rate=1, burst=1, keys=2)
    assert buckets.take("a", 0) == buckets.take("b", 0) == buckets.take("c", 0) == 0
    assert buckets.take("c", 0) == 1
    assert buckets.take("a", 0) == 0, "it was forgotten, which is as good as full"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
        ("203.0.113.7, 10.0.0.1", "unknown"),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network
