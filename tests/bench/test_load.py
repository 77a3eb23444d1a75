"""The load client of the benchmarks counts right: what it says of a server is what happened there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import build, people
from bench.child import Child
from bench.driver import TEXT, Driver
from bench.floor import Floor
from bench.machine import cores
from bench.report import Goal, Row, Table
from bench.servers import Salon

pytestmark = pytest.mark.real("compiler")

CLIENTS = 20
RATE = 40
SECONDS = 1.0


@pytest.fixture
def salon(tmp_path: Path) -> Iterator[Salon]:
    with Salon(tmp_path / "salon", cores()[0]) as server:
        yield server


def test_numbers_add_up_on_a_real_server(salon: Salon, tmp_path: Path) -> None:
    faults: list[str] = []
    with people.Http(salon.port) as http, Driver(salon, faults) as driver:
        tokens = http.sessions(CLIENTS)
        link = http.room(tokens[0])
        everyone = people.write_people(tmp_path / "people.txt", people.members(tokens, link))

        assert driver.connect(everyone).report["live"] == CLIENTS
        assert http.ask("GET", f"/api/rooms/{link}")["people"] == CLIENTS

        # The same people again: members now, who need not join.
        assert driver.connect(everyone).report["live"] == CLIENTS
        driver.settle(300)

        even = driver.measure(f"rate {RATE} {SECONDS} 10").report
        assert even["sent"] == even["acked"] == RATE * SECONDS - 1
        assert even["delivered"] == even["acked"] * CLIENTS
        assert 0 < even["delivery_us"]["p50"] <= even["delivery_us"]["p99"] <= even["delivery_us"]["max"]
        assert even["frame_min"] > TEXT, "a message's text and what is around it"

        full = driver.measure("saturate 1 10 2")
        assert full.report["acked"] == full.report["sent"] > 20
        assert full.report["delivered"] == full.report["acked"] * CLIENTS
        assert full.cpu > 0

        history = http.ask("GET", f"/api/rooms/{link}/export/chat.json", token=tokens[0])
        assert len(history["messages"]) == even["acked"] + full.report["acked"]
    assert not faults


def test_what_is_refused_is_told_by_its_code(salon: Salon, tmp_path: Path) -> None:
    with people.Http(salon.port) as http:
        token = http.sessions(1)[0]
        link = http.room(token)
    faults: list[str] = []
    with Driver(salon, faults) as driver:
        both = people.write_people(tmp_path / "people.txt", people.members(["nobody's", token], link))
        report = driver.connect(both).report
    assert report["live"] == 1
    assert report["turned_away"] == 1
    assert report["refused"] == {"session_required": 1}
    assert len(faults) == 1


def test_the_floor_delivers_what_it_is_told(tmp_path: Path) -> None:
    with Floor(tmp_path, CLIENTS, 440) as floor:
        report = floor.measure("flood 128 8", 128)
    assert report["delivered"] == 128 * CLIENTS
    assert report["bytes"] == report["frame_bytes"] == 440 * 128 * CLIENTS
    assert report["gaps"] == report["repeats"] == report["strange"] == report["lost"] == 0


def _frame(seq: int) -> bytes:
    text = f'42["event",{{"stream":"room","seq":{seq},"at":0,"type":"chat.sent","data":{{}}}}]'.encode()
    return bytes([0x81, len(text)]) + text


def test_a_missing_and_a_double_event_are_seen(tmp_path: Path) -> None:
    somebody = people.write_people(tmp_path / "people.txt", [({}, 0)])
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        Child([build.program("load"), str(listening.getsockname()[1]), "bare"], cores()[1]) as client,
    ):
        client.ask(f"connect {somebody} 1")
        connection, _ = listening.accept()
        # In pieces that end within a frame, as a network cuts them.
        client.tell("watch 5 10")
        sent = b"".join(_frame(seq) for seq in (1, 2, 4, 4, 5))
        for at in range(0, len(sent), 50):
            connection.sendall(sent[at : at + 50])
        report = client.answer()
        connection.close()
    assert (report["delivered"], report["gaps"], report["repeats"]) == (5, 1, 1)


def test_a_table_says_whether_a_goal_is_met() -> None:
    least = Goal("≥ 2", 2, least=True, form="{:.0f}")
    rows = [
        Row("a", [1.0, None], goal=Goal("≤ 0.5 of Node's", 0.5), reached=0.4),
        Row("b", [1, 2], goal=least, reached=1),
    ]
    assert Table(["", "Salon", "Node"], rows).markdown().splitlines() == [
        "|  | Salon | Node | goal | reached |",
        "|---|---|---|---|---|",
        "| a | 1.0 | – | ≤ 0.5 of Node's | 0.40 of Node's: yes |",
        "| b | 1.0 | 2.0 | ≥ 2 | 1: **no** |",
    ]
