"""A vote of a full room: 5,000 people vote within five seconds, on one process with SQLite.

Every vote is acknowledged when it is committed; totals go out to everyone meanwhile, at most ten times a second. Then
the poll is closed, and what each client was told last is held against the rows of the database. The server runs on one
core, the load client on the other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import socketio

from bench import people
from bench.child import Json
from bench.driver import Driver, Measured
from bench.machine import cores, description
from bench.options import plainly, progress, workplace
from bench.servers import Salon

SLOWEST_ACK_MS = 1000
PATIENCE = 30.0
OPTIONS = ["Red", "Green", "Blue", "Yellow", "Black"]


class Host:
    """The owner of the room, by a stock client."""

    def __init__(self, port: int, link: str, token: str) -> None:
        self._where = f"http://127.0.0.1:{port}"
        self._auth = {"room": link, "token": token}
        self._client: Any = socketio.AsyncClient(reconnection=False)
        self._ids = iter(range(1, 1000))
        self.polls: Json = {}

    async def come(self) -> None:
        lobby = asyncio.Event()
        self._client.on("lobby", lambda _data: lobby.set())
        self._client.on("event", self._take)
        await self._client.connect(self._where, auth=self._auth, transports=["websocket"])
        await asyncio.wait_for(lobby.wait(), PATIENCE)
        await self.ask("people.join", name="Host")
        await self.ask("rooms.activity", activity="polls", on=True)

    def _take(self, event: Json) -> None:
        if event["type"] == "polls.changed":
            self.polls |= {each["id"]: each for each in event["data"]["polls"]}

    async def ask(self, word: str, **payload: object) -> Json:
        command = {"id": f"host-{next(self._ids)}", **payload}
        answer: Json = await self._client.call(word, command, timeout=PATIENCE)
        if not answer["ok"]:
            raise RuntimeError(f"{word}: {answer}")
        return answer

    async def open_poll(self, *, anonymous: bool) -> Json:
        question = {
            "kind": "single",
            "title": "Which one?",
            "options": [{"text": each} for each in OPTIONS],
            "seconds": None,
            "anonymous": anonymous,
        }
        poll = (await self.ask("polls.create", question=question))["polls"][0]
        await self.ask("polls.open", poll=poll)
        async with asyncio.timeout(PATIENCE):
            while poll not in self.polls:  # noqa: ASYNC110  its event comes within milliseconds
                await asyncio.sleep(0.01)
        found: Json = self.polls[poll]
        return found

    async def leave(self) -> None:
        await self._client.disconnect()


def stored(database: Path, poll: str, *, anonymous: bool) -> tuple[int, Counter[str]]:
    """How many have voted, and for what, as the rows of the database say."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        voters = connection.execute("SELECT count(*) FROM poll_voters WHERE poll_id = ?", (poll,)).fetchone()[0]
        named = "SELECT key, count(*) FROM poll_choices WHERE poll_id = ? GROUP BY key"
        counted = "SELECT key, count FROM poll_counts WHERE poll_id = ? AND key <> ''"
        rows = connection.execute(counted if anonymous else named, (poll,)).fetchall()
    return voters, Counter(dict(rows))


async def run(folder: Path, clients: int, seconds: float, *, anonymous: bool) -> list[str]:
    """One vote. Returns what is wrong."""
    faults: list[str] = []
    with Salon(folder, cores()[0]) as server, Driver(server, faults) as driver:
        with people.Http(server.port) as http:
            progress(f"{clients} sessions")
            tokens = http.sessions(clients + 1)
            link = http.room(tokens[0])
        everyone = people.write_people(folder / "people.txt", people.members(tokens[1:], link))
        host = Host(server.port, link, tokens[0])
        await host.come()
        progress(f"{clients} people come in")
        came = await asyncio.to_thread(driver.connect, everyone)
        if came.report["live"] != clients:
            faults.append(f"{came.report['live']} of {clients} came in")
        poll = await host.open_poll(anonymous=anonymous)
        ids = [each["id"] for each in poll["question"]["options"]]
        lines = [f'"poll":"{poll["id"]}","choice":{{"options":["{each}"]}}\n' for each in ids]
        (folder / "votes.txt").write_text("".join(lines))
        await asyncio.to_thread(driver.settle)
        progress("they vote")
        voted = await asyncio.to_thread(driver.measure, f"votes {folder / 'votes.txt'} {seconds} {clients}")
        driver.begin(f"watch {clients} {PATIENCE}")
        await host.ask("polls.close", poll=poll["id"])
        final = await asyncio.to_thread(driver.end)
        await host.leave()
        database = folder / "data" / "salon.db"
        faults += judge(clients, voted, final, *stored(database, poll["id"], anonymous=anonymous))
        show(clients, seconds, voted, final, anonymous=anonymous)
    return faults


def judge(clients: int, voted: Measured, final: Json, voters: int, rows: Counter[str]) -> list[str]:
    """Every vote acknowledged and counted once, soon enough; and everybody told what the database has."""
    wrong = []
    if voted.report["acked"] != clients:
        wrong.append(f"{voted.report['acked']} of {clients} votes were acknowledged")
    if voters != clients or sum(rows.values()) != clients:
        wrong.append(f"the database has {voters} voters and {sum(rows.values())} choices of {clients}")
    told = final["finals"]
    if (told["same"], told["different"]) != (clients, 0):
        wrong.append(f"{told['same']} clients were told the same final totals, {told['different']} others")
    tally = told["tally"] or {"votes": 0, "counts": []}
    if tally["votes"] != voters or Counter({each["key"]: each["count"] for each in tally["counts"]}) != rows:
        wrong.append(f"told: {tally}; stored: {rows}")
    slowest = voted.report["ack_us"]["p99"] / 1000
    if slowest > SLOWEST_ACK_MS:
        wrong.append(f"99 of 100 acknowledgements took up to {slowest:.0f} ms, more than {SLOWEST_ACK_MS} ms")
    return wrong


def show(clients: int, seconds: float, voted: Measured, final: Json, *, anonymous: bool) -> None:
    ack = {name: value / 1000 for name, value in voted.report["ack_us"].items()}
    print(f"{clients:,} clients vote within {seconds:g} s, {'anonymously' if anonymous else 'with names'}")
    print(f"  acknowledged            {voted.report['acked']:,} in {voted.seconds:.2f} s")
    print(f"  acknowledgement, ms     p50 {ack['p50']:.1f}  p99 {ack['p99']:.1f}  max {ack['max']:.1f}")
    print(f"  totals told meanwhile   {voted.report['tallies'] / max(1, clients):.1f} to each client")
    print(f"  the server's core       {voted.load:.0%} used, {voted.per_command:.0f} µs for each vote and its share")
    print(f"  the same final totals   {final['finals']['same']:,} clients")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=5.0, help="in which all of them vote")
    parser.add_argument("--folder", type=Path, help="where the server keeps its data (default: the system's)")
    chosen = parser.parse_args(argv)
    faults: list[str] = []
    with plainly(), workplace(chosen.folder) as folder:
        for anonymous in (False, True):
            place = folder / str(anonymous)
            place.mkdir()
            faults += asyncio.run(run(place, chosen.clients, chosen.seconds, anonymous=anonymous))
    print(description())
    if faults:
        sys.exit("wrong: " + json.dumps(faults, ensure_ascii=False))


if __name__ == "__main__":
    main()
