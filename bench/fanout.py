"""One room of 1,000 connections: what a delivered event, coming in and being there cost the server.

Beside Node's socket.io on the same core with the same load, and beside the barest loop of `send` in C. Servers run
on one core, the load client on another. Three rounds, the servers in turn, medians.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import build, people
from bench.child import Child, Json
from bench.driver import TEXT, Driver
from bench.machine import cores, cpu_seconds
from bench.options import options, plainly, progress, workplace
from bench.report import Goal, Results, Row, Table, circumstances, publish
from bench.servers import Peer, Salon, Server

CLIENTS = 1000
WARM = 200
"""Connections that come and go before anything is measured, so that nothing is done for the first time."""
RATE = 20
SENDERS = 100
JOINED = 64
"""Events in one `send` of the C loop's second saturated measurement."""
FRAME = 440
"""Bytes of the C loop's frames when nothing else was measured before."""


@dataclass
class Plan:
    """How long each part of a round takes, in seconds."""

    rate: float = 8.0
    saturated: float = 4.0
    floor_rate: float = 4.0


def measure(
    server: Server, results: Results, everyone: Path, warm: Path, plan: Plan, ready: Callable[[], None]
) -> None:
    """Come in, be there, and talk: all that is compared between Salon and Node."""
    driver = Driver(server, results.faults)
    driver.connect(warm)
    driver.settle()
    driver.measure("close")
    ready()
    before = driver.memory()
    came = driver.connect(everyone)
    results.keep(server.name, "connect", came)
    results.note(server.name, "connect", came.cpu)
    results.note(server.name, "connect_ms", came.seconds * 1e3)
    driver.settle(1000)
    results.note(server.name, "memory", (driver.memory() - before) / CLIENTS / 1000)

    even = driver.measure(f"rate {RATE} {plan.rate} {SENDERS}")
    results.keep(server.name, "rate", even)
    results.note(server.name, "even", even.per_delivery)
    results.note(server.name, "p50", even.report["delivery_us"]["p50"] / 1000)
    results.note(server.name, "p99", even.report["delivery_us"]["p99"] / 1000)
    results.note(server.name, "frame", even.report["frame_bytes"] / max(1, even.report["delivered"]))

    full = driver.measure(f"saturate {plan.saturated} {SENDERS} 1")
    results.keep(server.name, "saturate", full)
    results.note(server.name, "full", full.per_delivery)
    results.note(server.name, "deliveries", full.deliveries / 1000)
    results.note(server.name, "load", full.load * 100)
    driver.stop()


def prepare_salon(folder: Path, source: Path | None) -> tuple[str, Path, Path]:
    """Identities and a room, in a data folder that each round gets a copy of. Returns the link and who connects."""
    server = Salon(folder, cores()[0], source=source)
    http = people.Http(server.port)
    tokens = http.sessions(CLIENTS)
    link = http.room(tokens[0])
    http.close()
    server.stop()
    everyone = people.members(tokens, link)
    return (
        link,
        people.write_people(folder.parent / "salon.txt", everyone),
        people.write_people(folder.parent / "salon-warm.txt", everyone[:WARM]),
    )


def salon_round(
    prepared: Path, link: str, files: tuple[Path, Path], source: Path | None, plan: Plan, to: Results
) -> None:
    """First everyone joins anew; then, with a fresh server, the same people come back as members."""
    folder = prepared.parent / "salon"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)
    server = Salon(folder, cores()[0], source=source)
    driver = Driver(server, to.faults)
    joined = driver.connect(files[0])
    to.keep("Salon", "join", joined)
    to.note("Salon", "join", joined.cpu)
    to.note("Salon", "join_ms", joined.seconds * 1e3)
    driver.settle()
    driver.stop()
    server.stop()

    server = Salon(folder, cores()[0], source=source)
    http = people.Http(server.port)
    measure(server, to, *files, plan, lambda: http.until_empty(link))
    http.close()
    server.stop()


def node_round(folder: Path, plan: Plan, to: Results) -> None:
    everyone: list[tuple[Json, int]] = [({}, 0)] * CLIENTS
    files = (
        people.write_people(folder / "node.txt", everyone),
        people.write_people(folder / "warm.txt", everyone[:WARM]),
    )
    server = Peer(cores()[0])
    measure(server, to, *files, plan, lambda: None)
    server.stop()


def floor_round(folder: Path, plan: Plan, to: Results) -> None:
    """The C loop: the same number of connections, frames of the size that Salon's have."""
    core, load_core = cores()
    frame = round(to.of("frame", "Salon") or to.of("frame", "Node") or FRAME)
    floor = Child([build.program("floor"), str(frame)], core)
    client = Child([build.program("load"), str(floor.answer()["port"]), "bare", str(TEXT), "4"], load_core)
    everyone = people.write_people(folder / "floor.txt", [({}, 0)] * CLIENTS)
    floor.tell(f"accept {CLIENTS}")
    client.ask(f"connect {everyone} {CLIENTS}")
    floor.answer()
    to.note("C", "frame", frame)
    events = int(RATE * plan.floor_rate) - 1
    many = 2000
    for what, order, count in (
        ("even", f"rate {RATE} {plan.floor_rate}", events),
        ("full", f"flood {many // 4} 1", many // 4),
        ("joined", f"flood {many // JOINED * JOINED} {JOINED}", many // JOINED * JOINED),
    ):
        cpu = cpu_seconds(floor.pid)
        client.tell(f"watch {count * CLIENTS} 30")
        floor.ask(order)
        report = client.answer()
        cpu = cpu_seconds(floor.pid) - cpu
        to.raw.append({"server": "C", "what": what, "cpu": cpu, **report})
        if report["delivered"] != count * CLIENTS or report["gaps"]:
            to.faults.append(f"C, {what}: {report['delivered']} of {count * CLIENTS} events, {report['gaps']} gaps")
        to.note("C", what, cpu * 1e6 / max(1, report["delivered"]))
        if what == "even":
            to.note("C", "p50", report["delivery_us"]["p50"] / 1000)
            to.note("C", "p99", report["delivery_us"]["p99"] / 1000)
        if what == "full":
            to.note("C", "deliveries", report["delivered"] / report["seconds"] / 1000)
    client.stop()
    floor.stop()


def table(results: Results) -> Table:
    def row(what: str, key: str, form: str = "{:.1f}", limit: float | None = None, node: str = "") -> Row:
        node = node or key
        values = [results.of(key, "Salon"), results.of(node, "Node"), results.of(key, "C")]
        ratio = results.ratio(key, "Salon", "Node", node)
        if limit is None:
            return Row(what, values, form)
        return Row(what, values, form, Goal("≤ Node's" if limit == 1 else f"≤ {limit} of Node's", limit), ratio)

    return Table(
        ["1,000 connections in one room", "Salon", "Node", "C loop"],
        [
            row(f"CPU for each delivered event at {RATE} events/s, µs", "even", "{:.2f}", 0.65),
            row("the same, saturated, µs", "full", "{:.2f}", 0.3),
            row(f"the same, {JOINED} events in one `send`, µs", "joined", "{:.2f}"),
            row("events delivered a second, saturated, thousands", "deliveries", "{:.0f}"),
            row(f"delivery at {RATE} events/s, median, ms", "p50"),
            row("the same, 99th percentile, ms", "p99", "{:.1f}", 1),
            row("1,000 members connect, CPU s", "connect", "{:.2f}", 1.5),
            row("1,000 people connect and join for the first time, CPU s", "join", "{:.2f}", None, "connect"),
            row("memory for each idle joined connection, kB", "memory", "{:.1f}", 1),
            row("an event on the wire, bytes", "frame", "{:.0f}"),
        ],
    )


def main(argv: list[str] | None = None) -> None:
    chosen = options(__doc__, argv)
    plan = Plan(3.0, 2.0, 2.0) if chosen.quick else Plan()
    wanted = [name for name in chosen.only.split(",") if name] or ["salon", "node", "floor"]
    results = Results()
    with plainly(), workplace(chosen.folder) as folder:
        rounds: dict[str, Callable[[], None]] = {
            "node": lambda: node_round(folder, plan, results),
            "floor": lambda: floor_round(folder, plan, results),
        }
        if "salon" in wanted:
            progress(f"preparing {CLIENTS:,} identities")
            prepared = folder / "prepared"
            link, *files = prepare_salon(prepared, chosen.source)
            rounds["salon"] = lambda: salon_round(prepared, link, (files[0], files[1]), chosen.source, plan, results)
        for number in range(chosen.rounds):
            # Each round begins with another server, so that none always follows the same one.
            turn = number % len(wanted)
            for name in wanted[turn:] + wanted[:turn]:
                progress(f"round {number + 1} of {chosen.rounds}: {name}")
                rounds[name]()
        publish("bench-fanout", table(results), [circumstances(chosen.rounds, results)], results, write=chosen.write)


if __name__ == "__main__":
    main()
