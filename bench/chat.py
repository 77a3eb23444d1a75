"""Durable commands: `chat.send` with a commit behind every acknowledgement, on SQLite and on PostgreSQL.

(a) 100 rooms of two people, and (b) 200 people in one room, all of whom write. Saturated: every client always has
commands on their way. Then (a) at half the rate that was reached, for the time an acknowledgement takes. Beside Node's
socket.io, which does the same in memory without any database. Each server runs on one core; the load client and
PostgreSQL share the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import people
from bench.child import Json
from bench.driver import Driver
from bench.machine import cores, filesystem
from bench.options import options, plainly, progress, workplace
from bench.postgres import Cluster, running
from bench.report import Goal, Results, Row, Table, circumstances, publish
from bench.servers import Peer, Salon, Server

PAIRS = 100
CLIENTS = 2 * PAIRS
EACH = 2
"""Commands that each client has on their way where everybody writes to one other."""


@dataclass
class Plan:
    """Seconds of each part."""

    warm: float = 1.0
    saturated: float = 4.0
    half: float = 4.0


Files = tuple[Path, Path]
"""Who connects for (a), and for (b)."""


def salon_people(server: Salon, folder: Path) -> Files:
    with people.Http(server.port) as http:
        tokens = http.sessions(CLIENTS)
        rooms = [http.room(token) for token in tokens[::2]]
        everyone = people.members(tokens, http.room(tokens[0]))
    pairs: list[tuple[Json, int]] = [
        ({"room": rooms[at // 2], "token": token}, at // 2) for at, token in enumerate(tokens)
    ]
    return people.write_people(folder / "pairs.txt", pairs), people.write_people(folder / "one.txt", everyone)


def node_people(folder: Path) -> Files:
    pairs: list[tuple[Json, int]] = [({}, at // 2) for at in range(CLIENTS)]
    everyone: list[tuple[Json, int]] = [({}, PAIRS)] * CLIENTS
    return (
        people.write_people(folder / "node-pairs.txt", pairs),
        people.write_people(folder / "node-one.txt", everyone),
    )


def measure(server: Server, files: Files, plan: Plan, to: Results) -> None:
    name = server.name
    with Driver(server, to.faults) as driver:
        driver.connect(files[0])
        driver.settle()
        driver.measure(f"saturate {plan.warm} {CLIENTS} {EACH}")
        full = driver.measure(f"saturate {plan.saturated} {CLIENTS} {EACH}")
        to.keep(name, "pairs", full)
        to.note(name, "pairs", full.commands)
        to.note(name, "pairs_cpu", full.per_command)
        to.note(name, "pairs_load", full.load * 100)
        half = driver.measure(f"rate {full.commands / 2:.1f} {plan.half} {CLIENTS}")
        to.keep(name, "half", half)
        to.note(name, "p50", half.report["ack_us"]["p50"] / 1000)
        to.note(name, "p99", half.report["ack_us"]["p99"] / 1000)

        driver.connect(files[1])
        driver.settle()
        driver.measure(f"saturate {plan.warm} {CLIENTS} 1")
        room = driver.measure(f"saturate {plan.saturated} {CLIENTS} 1")
        to.keep(name, "room", room)
        to.note(name, "room", room.commands)
        to.note(name, "room_cpu", room.per_command)
        to.note(name, "room_load", room.load * 100)
        to.note(name, "frame", room.report["frame_bytes"] / max(1, room.report["delivered"]))


def salon_round(folder: Path, name: str, database: str | None, source: Path | None, plan: Plan, to: Results) -> None:
    with Salon(folder, cores()[0], database=database, source=source, name=name) as server:
        measure(server, salon_people(server, folder), plan, to)


def node_round(folder: Path, plan: Plan, to: Results) -> None:
    with Peer(cores()[0]) as server:
        measure(server, node_people(folder), plan, to)


SQLITE, POSTGRES, NODE = "SQLite", "PostgreSQL", "Node"


def table(results: Results) -> Table:
    def row(what: str, key: str, form: str = "{:,.0f}", goal: Goal | None = None, reached: float | None = None) -> Row:
        return Row(what, [results.of(key, name) for name in (SQLITE, POSTGRES, NODE)], form, goal, reached)

    rate = Goal("≥ 2,500", 2500, least=True, form="{:,.0f}")
    quick = Goal("≤ 100 ms", 100, form="{:.1f} ms")
    faster = Goal("≥ 1.5 of Node's", 1.5, least=True)
    return Table(
        ["acknowledged commands", "Salon, SQLite", "Salon, PostgreSQL", "Node, in memory"],
        [
            row(
                "(a) 100 rooms of two, saturated: commands a second",
                "pairs",
                "{:,.0f}",
                rate,
                results.of("pairs", SQLITE),
            ),
            row("CPU for each command, µs", "pairs_cpu"),
            row("use of the server's core, %", "pairs_load"),
            row("at half that rate: median acknowledgement, ms", "p50", "{:.1f}"),
            row("the same, 99th percentile, ms", "p99", "{:.1f}", quick, results.of("p99", SQLITE)),
            row(
                "(b) 200 in one room, saturated: commands a second",
                "room",
                "{:,.0f}",
                faster,
                results.ratio("room", SQLITE, NODE),
            ),
            row("CPU for each command with its 200 deliveries, µs", "room_cpu"),
            row("use of the server's core, %", "room_load"),
            row("an event on the wire, bytes", "frame"),
        ],
    )


def rounds_of(
    folder: Path, cluster: Cluster | None, source: Path | None, plan: Plan, to: Results
) -> dict[str, Callable[[int], None]]:
    """What each server does in a round, which is told its number: every round has a database of its own."""

    def sqlite(number: int) -> None:
        salon_round(folder / f"sqlite-{number}", SQLITE, None, source, plan, to)

    def postgres(number: int) -> None:
        assert cluster is not None
        database = cluster.database(f"round{number}")
        salon_round(folder / f"postgres-{number}", POSTGRES, database, source, plan, to)

    return {"sqlite": sqlite, "postgres": postgres, "node": lambda _number: node_round(folder, plan, to)}


def main(argv: list[str] | None = None) -> None:
    chosen = options(__doc__, argv)
    plan = Plan(0.5, 2.0, 2.0) if chosen.quick else Plan()
    wanted = [name for name in chosen.only.split(",") if name] or ["sqlite", "postgres", "node"]
    results = Results()
    with plainly(), contextlib.ExitStack() as stack:
        folder = stack.enter_context(workplace(chosen.folder))
        cluster = stack.enter_context(running(chosen.folder, cores()[1])) if "postgres" in wanted else None
        rounds = rounds_of(folder, cluster, chosen.source, plan, results)
        for number in range(chosen.rounds):
            turn = number % len(wanted)
            for name in wanted[turn:] + wanted[:turn]:
                progress(f"round {number + 1} of {chosen.rounds}: {name}")
                rounds[name](number)
        databases = f"{cluster.version() if cluster else 'no PostgreSQL'}, data on {filesystem(folder)}"
        where = circumstances(chosen.rounds, results, chosen.source, databases)
        publish("bench-chat", table(results), [where], results, write=chosen.write)


if __name__ == "__main__":
    main()
