#!/usr/bin/env python3
"""Many people, a bad network and a server that is killed again and again, judged at the end.

Prints how far it is every few seconds, and in the end what was delivered and what is wrong. The exit code is 0 when
nothing is wrong, 1 when something is, and 2 when the time was over before the events were delivered.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from toolkit.common import ROOT

sys.path.insert(0, str(ROOT))

from tests.faults.conftest import reader
from tests.faults.soak import Plan, Soak
from tests.faults.world import GENEROUS, World
from tests.support.process import ServerProcess

SHOWN = 30


def plan() -> Plan:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="deliveries: an event to ten clients is ten")
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs of the server, at random moments")
    parser.add_argument("--people", type=int, default=50, help="people in each room")
    parser.add_argument("--minutes", type=float, default=90, help="give up after so long")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    return Plan(**vars(parser.parse_args()))


async def soak(chosen: Plan) -> int:
    with tempfile.TemporaryDirectory(prefix="salon-soak-") as name:
        folder = Path(name)
        server = ServerProcess(folder, **GENEROUS, log_events="1000000")
        server.start()
        world = World(server, reader(folder), seed=chosen.seed, fold=False)
        run = Soak(world, chosen)
        try:
            wrong = await run.play()
            for line in [*wrong[:SHOWN], *world.stories(wrong[:3])]:
                print(line)
            print(run.summary(wrong))
        finally:
            await world.close()
            server.kill()
        return 1 if wrong else 0 if run.complete else 2


def main() -> None:
    chosen = plan()
    print(f"seed {chosen.seed}: {chosen.events} events to {chosen.clients} clients, {chosen.kills} kills", flush=True)
    sys.exit(uvloop.run(soak(chosen)))


if __name__ == "__main__":
    main()
