"""What one durable command costs the server, without sockets: from ``Dispatcher.ask`` to its answer, committed.

A House in this process, rooms of a few people each, and everyone sends one message after the other (nobody listens, so
that no delivery is in the figures). Prints the processor time of this process for each command, the rate, and how long
an answer took. Without ``--rate`` everyone sends the next message as soon as the last is answered: saturation. With it
the commands come at that rate, whatever becomes of the earlier ones.

    python -m bench.micro_commands                     # SQLite with FULL sync, 100 rooms of two
    python -m bench.micro_commands --rate 1250         # half of the goal: the time of an answer counts
    python -m bench.micro_commands --postgres          # an own PostgreSQL server, its time not counted
    python -m bench.micro_commands --profile 40        # the functions in which the time goes
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import gc
import os
import pstats
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import uvloop

from salon.core.clock import SystemClock
from salon.core.dispatch import Caller
from salon.core.house import House
from tests.plugins.real_parts import find_part
from tests.support.house import Database, open_stage
from tests.support.postgres import Cluster

BODY = "Nobody knows how the weather will be, but we can meet at the usual place."


@dataclass
class Run:
    """What was counted between the end of the warm-up and the end."""

    waits: list[float] = field(default_factory=list)
    """Seconds from each question to its answer."""
    wall: float = 0.0
    cpu: float = 0.0
    yardstick: float = 0.0
    """Milliseconds of processor time that a fixed piece of work took meanwhile: machines that others use vary."""

    def __str__(self) -> str:
        count = len(self.waits)
        p50, p99 = (1000 * statistics.quantiles(self.waits, n=100)[at] for at in (49, 98))
        return (
            f"{1e6 * self.cpu / count:7.1f} µs of CPU a command   {count / self.wall:7.0f} commands/s   "
            f"answer p50 {p50:6.2f} ms, p99 {p99:6.2f} ms   {count} commands   yardstick {self.yardstick:.2f} ms"
        )


class Load:
    """Everyone who sends, and what they measured."""

    def __init__(self, house: House, people: list[Caller]) -> None:
        self._house = house
        self._people = people
        self._number = 0
        self._run = Run()

    async def saturate(self, seconds: float) -> Run:
        """Everyone sends the next message when the last one is answered."""
        end = time.perf_counter() + seconds

        async def talk(caller: Caller) -> None:
            while time.perf_counter() < end:
                await self._send(caller)

        return await self._measured(lambda: _all(talk(caller) for caller in self._people))

    async def pace(self, seconds: float, rate: float) -> Run:
        """So many messages a second in all, from one after the other."""

        async def come() -> None:
            start, tasks = time.perf_counter(), set()
            for number in range(int(seconds * rate)):
                await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
                tasks.add(asyncio.create_task(self._send(self._people[number % len(self._people)])))
            await asyncio.gather(*tasks)

        return await self._measured(come)

    async def _measured(self, act: Callable[[], Awaitable[None]]) -> Run:
        self._run, before = Run(), yardstick()
        wall, cpu = time.perf_counter(), time.process_time()
        await act()
        self._run.wall, self._run.cpu = time.perf_counter() - wall, time.process_time() - cpu
        self._run.yardstick = (before + yardstick()) / 2
        return self._run

    async def _send(self, caller: Caller) -> None:
        self._number += 1
        begun = time.perf_counter()
        await self._house.dispatcher.ask(caller, "chat.send", {"id": f"c{self._number}", "body": BODY})
        self._run.waits.append(time.perf_counter() - begun)


def yardstick() -> float:
    begun = time.process_time()
    for _ in range(20):
        orjson.loads(orjson.dumps({str(number): [number, str(number)] for number in range(1000)}))
    return 1000 * (time.process_time() - begun)


async def _all(talks: object) -> None:
    await asyncio.gather(*talks)  # type: ignore[misc]


async def main(asked: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        if asked.postgres:
            await _use_postgres(stack)
        stage = await stack.enter_async_context(open_stage(folder, clock=SystemClock()))  # type: ignore[arg-type]
        people: list[Caller] = []
        for _ in range(asked.rooms):
            place = await stage.room()
            for number in range(asked.people):
                caller = Caller(place.creator if number == 0 else await stage.identity(), place.id)
                await stage.house.dispatcher.ask(caller, "people.join", {"id": "join", "name": f"Person {number}"})
                people.append(caller)
        load = Load(stage.house, people)
        await load.saturate(0.5)
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        profile = cProfile.Profile()
        if asked.profile:
            profile.enable()
        for _ in range(asked.rounds):
            print(await (load.pace(asked.seconds, asked.rate) if asked.rate else load.saturate(asked.seconds)))
        if asked.profile:
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(asked.profile)


async def _use_postgres(stack: AsyncExitStack) -> None:
    programs = find_part("postgres")
    assert programs is not None, "PostgreSQL is not on this machine"
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="salon-pg-")))
    cluster = Cluster(Path(programs), folder)
    stack.callback(cluster.stop)
    url = await cluster.database()

    async def url_for(_folder: Path) -> str:
        return url

    Database.url_for = url_for


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rooms", type=int, default=100)
    options.add_argument("--people", type=int, default=2, help="in each room")
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=1, help="lines to print")
    options.add_argument("--rate", type=float, default=0.0, help="commands a second, instead of as many as possible")
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--folder", default=os.environ.get("TMPDIR"), help="where the database is made")
    options.add_argument("--profile", type=int, default=0, metavar="LINES")
    uvloop.run(main(options.parse_args()))
