"""One room of 1,000 connections: what a delivered event, coming in and being there cost the server.

Beside Node's socket.io on the same core with the same load, and beside the barest loop of `send` in C. Servers run
on one core, the load client on another. Three rounds, the servers in turn, medians.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import people
from bench.child import Json
from bench.driver import Driver
from bench.floor import Floor
from bench.machine import cores
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


def measure(server: Server, to: Results, everyone: Path, warm: Path, plan: Plan, ready: Callable[[], None]) -> None:
    """Come in, be there, and talk: all that is compared between Salon and Node."""
    name = server.name
    with Driver(server, to.faults) as driver:
        driver.connect(warm)
        driver.settle()
        driver.measure("close")
        ready()
        before = driver.memory()
        came = driver.connect(everyone)
        to.keep(name, "connect", came)
        to.note(name, "connect", came.cpu)
        driver.settle(1000)
        to.note(name, "memory", (driver.memory() - before) / CLIENTS / 1000)

        even = driver.measure(f"rate {RATE} {plan.rate} {SENDERS}")
        to.keep(name, "rate", even)
        to.note(name, "even", even.per_delivery)
        to.note(name, "p50", even.report["delivery_us"]["p50"] / 1000)
        to.note(name, "p99", even.report["delivery_us"]["p99"] / 1000)
        to.note(name, "frame", even.report["frame_bytes"] / max(1, even.report["delivered"]))

        full = driver.measure(f"saturate {plan.saturated} {SENDERS} 1")
        to.keep(name, "saturate", full)
        to.note(name, "full", full.per_delivery)
        to.note(name, "deliveries", full.deliveries / 1000)
        to.note(name, "load", full.load * 100)


@dataclass(frozen=True)
class Prepared:
    """Identities and a room in a data folder, of which each round gets a copy; and the files of who connects."""

    folder: Path
    link: str
    everyone: Path
    warm: Path


def prepare_salon(folder: Path, source: Path | None) -> Prepared:
    with Salon(folder / "prepared", cores()[0], source=source) as server, people.Http(server.port) as http:
        tokens = http.sessions(CLIENTS)
        link = http.room(tokens[0])
    everyone = people.members(tokens, link)
    return Prepared(
        folder / "prepared",
        link,
        people.write_people(folder / "salon.txt", everyone),
        people.write_people(folder / "salon-warm.txt", everyone[:WARM]),
    )


def salon_round(prepared: Prepared, source: Path | None, plan: Plan, to: Results) -> None:
    """First everyone joins anew; then, with a fresh server, the same people come back as members."""
    folder = prepared.folder.with_name("salon")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared.folder, folder)
    with Salon(folder, cores()[0], source=source) as server, Driver(server, to.faults) as driver:
        joined = driver.connect(prepared.everyone)
        to.keep("Salon", "join", joined)
        to.note("Salon", "join", joined.cpu)
        driver.settle()
    with Salon(folder, cores()[0], source=source) as server, people.Http(server.port) as http:
        measure(server, to, prepared.everyone, prepared.warm, plan, lambda: http.until_empty(prepared.link))


def node_round(folder: Path, plan: Plan, to: Results) -> None:
    nobodies: list[tuple[Json, int]] = [({}, 0)] * CLIENTS
    everyone = people.write_people(folder / "node.txt", nobodies)
    warm = people.write_people(folder / "node-warm.txt", nobodies[:WARM])
    with Peer(cores()[0]) as server:
        measure(server, to, everyone, warm, plan, lambda: None)


def floor_round(folder: Path, plan: Plan, to: Results) -> None:
    """The C loop: the same number of connections, frames of the size that Salon's have."""
    frame = round(to.of("frame", "Salon") or to.of("frame", "Node") or FRAME)
    single, joined = 500, 2000 // JOINED * JOINED
    orders = {
        "even": (f"rate {RATE} {plan.floor_rate}", int(RATE * plan.floor_rate) - 1),
        "full": (f"flood {single} 1", single),
        "joined": (f"flood {joined} {JOINED}", joined),
    }
    with Floor(folder, CLIENTS, frame) as floor:
        reports = {what: floor.measure(order, events) for what, (order, events) in orders.items()}
    for what, report in reports.items():
        to.raw.append({"server": "C", "what": what, **report})
        if not report["complete"] or report["gaps"]:
            to.faults.append(f"C, {what}: {report['delivered']} events, {report['gaps']} gaps")
        to.note("C", what, report["cpu"] * 1e6 / max(1, report["delivered"]))
    to.note("C", "frame", frame)
    to.note("C", "p50", reports["even"]["delivery_us"]["p50"] / 1000)
    to.note("C", "p99", reports["even"]["delivery_us"]["p99"] / 1000)
    to.note("C", "deliveries", reports["full"]["delivered"] / reports["full"]["seconds"] / 1000)
    to.note("C", "load", reports["full"]["cpu"] / reports["full"]["seconds"] * 100)


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
            row("use of the server's core meanwhile, %", "load", "{:.0f}"),
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
            prepared = prepare_salon(folder, chosen.source)
            rounds["salon"] = lambda: salon_round(prepared, chosen.source, plan, results)
        for number in range(chosen.rounds):
            # Each round begins with another server, so that none always follows the same one.
            turn = number % len(wanted)
            for name in wanted[turn:] + wanted[:turn]:
                progress(f"round {number + 1} of {chosen.rounds}: {name}")
                rounds[name]()
        where = circumstances(chosen.rounds, results, chosen.source)
        publish("bench-fanout", table(results), [where], results, write=chosen.write)


if __name__ == "__main__":
    main()
