#!/usr/bin/env python3
"""Raced votes, half of them on SQLite and half on PostgreSQL: the same people from several devices at the same moment,
before, at and after deadlines, on PostgreSQL at two servers. In the end every acknowledged vote must be in the database
once, and nothing else; and that must be what everybody was told. The exit code is 1 when something is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from toolkit import parts
from toolkit.common import ROOT

sys.path.insert(0, str(ROOT))

from tests.polls.races import Race, race
from tests.polls.support import crowd, polls_on
from tests.support.house import Database, Stage, open_stage
from tests.support.postgres import Cluster

PEOPLE, DEVICES = 50, 5
ONE_ROUND = PEOPLE * DEVICES


async def run(rounds: int, seed: int, *, servers: int) -> Race:
    """On whatever database ``Database`` says."""
    with tempfile.TemporaryDirectory(prefix="salon-races-") as name:
        async with AsyncExitStack() as stack:
            folder = Path(name)
            stages: list[Stage] = [await stack.enter_async_context(open_stage(folder))]
            for _ in range(servers - 1):
                stages.append(await stack.enter_async_context(open_stage(folder, clock=stages[0].clock)))
            place = await stages[0].room()
            host = await stages[0].owner(place)
            await polls_on(host)
            people = await crowd(stages[0], host, PEOPLE)
            return await race(stages, host, people, rounds, DEVICES, seed)


async def on_postgres(rounds: int, seed: int) -> Race:
    programs = parts.postgres()
    if programs is None:
        sys.exit("PostgreSQL is not here: install postgresql, or use --only sqlite.")
    with tempfile.TemporaryDirectory(prefix="salon-pg-") as name:
        cluster = Cluster(Path(programs), Path(name))
        urls: dict[Path, str] = {}

        async def url_for(folder: Path) -> str:
            if folder not in urls:
                urls[folder] = await cluster.database()
            return urls[folder]

        Database.url_for = url_for
        try:
            return await run(rounds, seed, servers=2)
        finally:
            Database.url_for = None
            cluster.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=100_000, help="in all")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    chosen = parser.parse_args()
    databases = [chosen.only] if chosen.only else ["sqlite", "postgres"]
    rounds = -(-chosen.votes // len(databases) // ONE_ROUND)
    print(f"seed {chosen.seed}: {rounds} polls on each of {', '.join(databases)}", flush=True)
    wrong = 0
    for database in databases:
        begun = time.monotonic()
        job = run(rounds, chosen.seed, servers=1) if database == "sqlite" else on_postgres(rounds, chosen.seed)
        found = asyncio.run(job)
        codes = ", ".join(f"{code} {count:,}" for code, count in sorted(found.codes.items()))
        print(f"{database}: {found.tried:,} votes in {time.monotonic() - begun:.0f} s: {codes}; wrong: ", end="")
        print("nothing" if not found.faults else "", *found.faults[:30], sep="\n" if found.faults else "", flush=True)
        wrong += len(found.faults)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
