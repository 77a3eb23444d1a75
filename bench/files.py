"""Files up and down: beside nginx, beside `cp` with `sha256sum`, and while people talk.

The same file is fetched from Salon, from nginx with `sendfile`, and through nginx in front of Salon, which names the
file (X-Accel-Redirect), in turns. It is sent by tus, hashed and synced on the way, in turns with `cp` and `sha256sum`.
Then it is fetched over 50 connections at once while 100 people talk: at 20 MB a second each, and as fast as they can.
Servers, `cp` and `sha256sum` run on one
core, the clients on the other. Every byte that is counted was checked: lengths each time, hashes once for each way.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import nginx, people
from bench.driver import Driver
from bench.files_table import CP, NGINX, PROXIED, SALON, table
from bench.machine import cores, favoured, filesystem, prefer
from bench.nginx import Nginx
from bench.options import parser, plainly, progress, settled, workplace
from bench.report import Results, circumstances, publish
from bench.servers import Salon
from bench.transfers import (
    Drop,
    Memory,
    Moved,
    Transfers,
    fetched_digest,
    open_drop,
    settle_disk,
    write_source,
)

MIB = 2**20
FETCHING = 50
PACE = 20e6
"""Bytes a second on each of these, where they are not as fast as they can."""
TALKING = 100
MESSAGES = 20
"""A second, from all who talk together; each goes to all of them."""
SMALL_PLAN_MIB = 64
TURNS = 3
"""In each round; a download of a gigabyte takes less than a second."""


@dataclass(frozen=True)
class Plan:
    mib: int
    rounds: int
    talk: float = 8.0
    """Seconds."""


@dataclass(frozen=True)
class Way:
    """One way to the same bytes."""

    name: str
    port: int
    path: str
    headers: dict[str, str]
    pids: list[int]


class Stand:
    """The servers, each with the file, and what is measured of them."""

    def __init__(self, folder: Path, plan: Plan, results: Results, stack: contextlib.ExitStack) -> None:
        self._folder, self._plan, self._results, self._stack = folder, plan, results, stack
        self._core = cores()[0]
        self._source = folder / "source.bin"
        self._sha256 = write_source(self._source, plan.mib * MIB)
        self.direct = self._drop(SALON, {})
        self.memory = Memory(self.direct.server.pid)
        stack.callback(self.memory.stop)
        self._ways = [*self._plain_ways(), self._proxied_way()]

    def _drop(self, name: str, settings: dict[str, str]) -> Drop:
        place = self._folder / f"{'proxied' if settings else 'direct'}"
        settings = {"disk_free_mib": "256", **settings}
        server = self._stack.enter_context(Salon(place, self._core, name=name, settings=settings))
        return open_drop(server, self._results.faults)

    def _nginx(self, name: str, port: int, site: str) -> Nginx:
        started = Nginx(self._folder / name, port, site, prepare=favoured(self._core))
        self._stack.callback(started.stop)
        prefer(started.pid)
        return started

    def _plain_ways(self) -> list[Way]:
        upload, _ = self._send(self.direct)
        server = self.direct.server
        blob, port = self.direct.blob(), nginx.free_port()
        plain = self._nginx(
            "plain", port, f"server {{ listen 127.0.0.1:{port}; location /files/ {{ alias {blob.parent}/; }} }}"
        )
        path = self.direct.path(upload)
        return [
            Way(SALON, server.port, path, self.direct.headers(), [server.pid]),
            Way(NGINX, port, f"/files/{blob.name}", {}, [plain.pid]),
        ]

    def _proxied_way(self) -> Way:
        port = nginx.free_port()
        public = {
            "accel_redirect": "/salon-files",
            "public_url": f"http://127.0.0.1:{port}",
            "trusted_proxies": "127.0.0.1",
        }
        drop = self._drop(PROXIED, public)
        server = drop.server
        site = nginx.site_of_manual(port, server.port, server.folder / "data")
        front = self._nginx("front", port, site)
        upload, _ = self._send(drop)
        return Way(PROXIED, port, drop.path(upload), drop.headers(), [server.pid, front.pid])

    # What is measured.

    def check_content(self) -> None:
        """And so the file is in the system's memory for all of them."""
        for way in self._ways:
            if fetched_digest(way.port, way.path, way.headers) != self._sha256:
                self._results.faults.append(f"{way.name} sends something else")

    def download(self, turn: int) -> None:
        at = turn % len(self._ways)
        for way in self._ways[at:] + self._ways[:at]:
            with Transfers(self._folder, way.port, way.pids) as client:
                moved = client.get(way.path, way.headers)
            self._keep(way.name, "download", moved)
            self._results.note(way.name, "down_cpu", moved.cpu / self._plan.mib * 1024)

    def _send(self, drop: Drop) -> tuple[str, Moved]:
        settle_disk()
        upload = drop.begin(self._plan.mib * MIB)
        with Transfers(self._folder, drop.server.port, [drop.server.pid]) as client:
            moved = client.put(drop, upload, self._source)
        if drop.digest(upload) != self._sha256:
            self._results.faults.append(f"{drop.server.name} tells another hash")
        return upload, moved

    def upload(self) -> None:
        upload, moved = self._send(self.direct)
        self._keep(SALON, "upload", moved)
        self._results.note(SALON, "up_cpu", moved.cpu / self._plan.mib * 1024)
        self.direct.delete(upload)

    def copy(self) -> None:
        """`cp` and then `sha256sum`; what `cp` wrote is synced after them, which is timed too, but by itself."""
        settle_disk()
        target = self._folder / "copy.bin"
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        self._run("cp", str(self._source), str(target))
        said = self._run("sha256sum", str(target))
        seconds = time.monotonic() - began
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        self._run("sync", str(target))
        synced = time.monotonic() - began
        target.unlink()
        if said.split()[0] != self._sha256:
            self._results.faults.append("sha256sum says something else")
        size = self._plan.mib * MIB
        self._results.note(CP, "upload", size / seconds / 1e6)
        self._results.note(CP, "upload_synced", size / synced / 1e6)
        self._results.note(CP, "up_cpu", cpu / self._plan.mib * 1024)
        self._results.raw.append({"server": CP, "what": "upload", "seconds": seconds, "synced": synced, "cpu": cpu})

    def _run(self, *command: str) -> str:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, preexec_fn=favoured(self._core), start_new_session=True
        ) as process:
            prefer(process.pid)
            said, _ = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]} failed")
        return said

    def talk(self) -> None:
        """First alone, then while everybody fetches."""
        server = self.direct.server
        with people.Http(server.port) as at_server:
            tokens = at_server.sessions(TALKING)
            link = at_server.room(tokens[0])
        talking = people.write_people(self._folder / "talking.txt", people.members(tokens, link))
        with Driver(server, self._results.faults) as driver:
            driver.connect(talking)
            driver.settle()
            self._note_talk("alone", driver)
            for what, rate in (("paced", FETCHING * PACE), ("free", 0.0)):
                self._talk_while(what, rate, driver)

    def _talk_while(self, what: str, rate: float, driver: Driver) -> None:
        way = self._ways[0]
        with Transfers(self._folder, way.port, way.pids) as client:
            client.keep(way.path, way.headers, FETCHING, self._plan.talk + 1.0, rate)
            self._note_talk(what, driver)
            report = client.end()
        self._results.raw.append({"server": SALON, "what": f"fetched {what}", **report})
        self._results.note(SALON, f"{what}_speed", report["bytes"] / report["seconds"] / 1e6)
        if report["refused"] or not report["bytes"]:
            self._results.faults.append(f"{FETCHING} fetch: {report}")
        driver.settle()

    def _note_talk(self, what: str, driver: Driver) -> None:
        measured = driver.measure(f"rate {MESSAGES} {self._plan.talk} {TALKING}")
        self._results.keep(SALON, f"talk {what}", measured)
        for kind in ("ack", "delivery"):
            for part in ("p50", "p99"):
                self._results.note(SALON, f"{what}_{kind}_{part}", measured.report[f"{kind}_us"][part] / 1000)

    def _keep(self, name: str, what: str, moved: Moved) -> None:
        self._results.note(name, what, moved.speed)
        self._results.disturbed = max(self._results.disturbed, moved.disturbed)
        self._results.raw.append({"server": name, "what": what, **asdict(moved)})
        wanted = self._plan.mib * MIB
        if moved.report["complete"] != 1 or moved.report["bytes"] != wanted:
            self._results.faults.append(f"{name}, {what}: {moved.report}")


def run(folder: Path, plan: Plan) -> Results:
    results = Results()
    with contextlib.ExitStack() as stack:
        progress(f"three servers, each with {plan.mib} MiB")
        stand = Stand(folder, plan, results, stack)
        stand.check_content()
        for number in range(plan.rounds):
            progress(f"round {number + 1} of {plan.rounds}: downloads")
            for turn in range(TURNS):
                stand.download(number + turn)
            progress(f"round {number + 1} of {plan.rounds}: uploads")
            for act in (stand.upload, stand.copy) if number % 2 == 0 else (stand.copy, stand.upload):
                act()
            progress(f"round {number + 1} of {plan.rounds}: {FETCHING} downloads, {TALKING} people talk")
            stand.talk()
        results.note(SALON, "memory", stand.memory.growth)
    return results


def main(argv: list[str] | None = None) -> None:
    asked: argparse.ArgumentParser = parser(__doc__)
    asked.add_argument("--mib", type=int, default=0, help="the size of the file (default: 1024; with --quick 64)")
    chosen = settled(asked.parse_args(argv))
    plan = Plan(chosen.mib or (SMALL_PLAN_MIB if chosen.quick else 1024), chosen.rounds, 3.0 if chosen.quick else 8.0)
    with plainly(), workplace(chosen.folder) as folder:
        results = run(folder, plan)
        where = f"{nginx.version()}, data on {filesystem(folder)}"
    checked = "no byte was missing, hashes were equal, no event was missing, double or out of order"
    note = circumstances(plan.rounds, results, None, where, peer=False, checked=checked)
    publish("bench-files", table(results, plan.mib), [note], results, write=chosen.write)


if __name__ == "__main__":
    main()
