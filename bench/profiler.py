"""Where Salon's time goes under load: `make bench-profile ARGS="fanout --seconds 5"`.

Looks at the running server from outside: py-spy for Python functions (fetched into a folder of its own on first use),
and perf, where the machine has it, for the shares of libraries and kernel. Neither changes the server.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench import BUILD, people
from bench.chat import CLIENTS, EACH, salon_people
from bench.driver import Driver
from bench.fanout import CLIENTS as HALL
from bench.fanout import RATE, SENDERS
from bench.machine import cores
from bench.options import plainly, progress, workplace
from bench.servers import Salon
from toolkit.common import Trouble
from toolkit.python_env import UV

TOOLS = BUILD / "tools"
SAMPLES = 250
FRAME = re.compile(r"^(?P<function>.+) \((?P<file>[^()]+?)(?::\d+)?\)$")
PACKAGE = re.compile(r"(?:site-packages/|/src/)(\w+)|/lib/python[\d.]+/(\w+)")


def py_spy() -> str:
    """The program, from PATH or from a folder of its own: it is not part of what Salon needs."""
    found = shutil.which("py-spy") or shutil.which("py-spy", path=str(TOOLS / "bin"))
    if found is None:
        progress("fetching py-spy")
        order = [str(UV), "pip", "install", "--quiet", "--target", str(TOOLS), "py-spy"]
        if subprocess.run(order, check=False).returncode != 0:
            raise Trouble("py-spy could not be fetched.")
        found = str(TOOLS / "bin" / "py-spy")
    return found


def stacks(pid: int, seconds: float, folder: Path) -> dict[str, int]:
    """Python call stacks of whichever thread held the interpreter, and how often each was seen."""
    into = folder / "stacks.txt"
    order = [py_spy(), "record", "--pid", str(pid), "--duration", f"{seconds:.0f}", "--rate", str(SAMPLES)]
    done = subprocess.run(
        [*order, "--format", "raw", "--output", str(into), "--gil"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"py-spy could not look at the server:\n{done.stderr}")
    counted: Counter[str] = Counter()
    for line in into.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        counted[stack] += int(count)
    return counted


def _frames(stack: str) -> list[tuple[str, str]]:
    """``(function, file)`` from the outermost inwards."""
    matches = (FRAME.match(frame) for frame in stack.split(";"))
    return [(match["function"], match["file"]) for match in matches if match]


def _package(file: str) -> str:
    found = PACKAGE.search(file)
    return (found[1] or found[2]) if found else file.split("/")[0].removesuffix(".py")


def _shares(counted: Counter[str], total: int, top: int) -> Iterator[str]:
    for name, count in counted.most_common(top):
        yield f"  {count / total:6.1%}  {name}"


def print_stacks(counted: dict[str, int], top: int) -> None:
    """Shares by package and function of where the time was spent itself, and of Salon's functions with all below."""
    packages: Counter[str] = Counter()
    own: Counter[str] = Counter()
    below: Counter[str] = Counter()
    for stack, count in counted.items():
        frames = _frames(stack)
        if not frames:
            continue
        function, file = frames[-1]
        packages[_package(file)] += count
        own[f"{function}  {_package(file)}: {Path(file).name}"] += count
        ours = [(function, file) for function, file in frames if _package(file) == "salon"]
        for name in {f"{function}  {file.rpartition('salon/')[2]}" for function, file in ours}:
            below[name] += count
    total = sum(packages.values()) or 1
    for title, table in (("by package", packages), ("by function", own), ("of Salon, with all they call", below)):
        print(f"\n{title} ({total:,} samples)")
        print("\n".join(_shares(table, total, top)))


def print_perf(pid: int, seconds: float, folder: Path, top: int) -> None:
    """Shares of libraries and of the kernel, by what perf sees."""
    perf = shutil.which("perf")
    if perf is None:
        print("\nperf is not here: no shares of the kernel.")
        return
    data = str(folder / "perf.data")
    record = [perf, "record", "-q", "-F", "499", "-p", str(pid), "-o", data, "--", "sleep", f"{seconds:.0f}"]
    if subprocess.run(record, capture_output=True, check=False).returncode != 0:
        print("\nperf may not look at processes here.")
        return
    for title, sort, lines in (("by library", "dso", 8), ("by symbol", "dso,symbol", top)):
        report = [perf, "report", "-i", data, "--stdio", "-q", "--sort", sort]
        text = subprocess.run(report, capture_output=True, text=True, check=False).stdout
        print(f"\n{title}")
        print("\n".join([line.rstrip() for line in text.splitlines() if line.strip()][:lines]))


LOADS = {
    "join": "connect {people} 50",
    "rate": f"rate {RATE} {{seconds}} {SENDERS}",
    "fanout": f"saturate {{seconds}} {SENDERS} 1",
    "pairs": f"saturate {{seconds}} {CLIENTS} {EACH}",
    "room": f"saturate {{seconds}} {CLIENTS} 1",
}


def _people(server: Salon, what: str, folder: Path) -> Path:
    """Who connects for this load."""
    if what in {"pairs", "room"}:
        pairs, room = salon_people(server, folder)
        return pairs if what == "pairs" else room
    with people.Http(server.port) as http:
        tokens = http.sessions(HALL)
        return people.write_people(folder / "hall.txt", people.members(tokens, http.room(tokens[0])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=LOADS, nargs="?", default="fanout")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long to look, with each tool")
    parser.add_argument("--top", type=int, default=25, help="lines of each list")
    parser.add_argument("--source", type=Path, help="the src folder of another checkout")
    chosen = parser.parse_args()
    with plainly(), workplace(None) as folder:
        progress(f"looking with {py_spy()}")
        source = chosen.source.resolve() if chosen.source else None
        with Salon(folder / "salon", cores()[0], source=source) as server, Driver(server, []) as driver:
            file = _people(server, chosen.what, folder)
            if chosen.what != "join":
                driver.connect(file)
                driver.settle(1000)
            driver.begin(LOADS[chosen.what].format(people=file, seconds=2 * chosen.seconds + 3))
            print_stacks(stacks(server.pid, chosen.seconds, folder), chosen.top)
            print_perf(server.pid, chosen.seconds, folder, chosen.top)


if __name__ == "__main__":
    main()
