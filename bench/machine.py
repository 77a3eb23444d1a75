"""What the operating system says: CPU time, memory, cores, and what machine this is. Linux only."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

PRIORITY = -15
TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int, int]:
    """The core for the server and the core for the load; on a machine with a single one they are the same."""
    ours = sorted(os.sched_getaffinity(0))
    return ours[0], ours[1 % len(ours)]


def pinned_to(core: int) -> Callable[[], None]:
    """For a child process, before it begins."""
    return lambda: os.sched_setaffinity(0, {core})


def favoured(core: int) -> Callable[[], None]:
    """The same, and what the child starts in turn goes before others too: see :func:`prefer`."""

    def prepare() -> None:
        os.sched_setaffinity(0, {core})
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, PRIORITY)

    return prepare


def prefer(pid: int) -> None:
    """Let a process that was just started go before others, where we may (as root): a busy machine disturbs less.

    The process must have begun a session of its own: the kernel weighs sessions first, then what is within them.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, PRIORITY)
        Path(f"/proc/{pid}/autogroup").write_text(str(PRIORITY))


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far, all its threads, user and system, as the scheduler counts it."""
    # The clock of another process, whose number is made of the pid (clock_getcpuclockid): nanoseconds, not ticks.
    return time.clock_gettime((~pid << 3) | 2)


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for each in found:
        with suppress(FileNotFoundError):  # one that ended just now
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def family_seconds(pid: int) -> float:
    """CPU time of a process and of its descendants that live."""
    spent = 0.0
    for each in family(pid):
        with suppress(OSError):
            spent += cpu_seconds(each)
    return spent


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and its descendants (VmRSS)."""
    resident = 0
    for each in family(pid):
        with suppress(FileNotFoundError):
            found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{each}/status").read_text(), re.MULTILINE)
            resident += int(found[1]) * 1024 if found else 0
    return resident


def core_seconds(core: int) -> float:
    """Time that a core has been busy, with whatever."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *numbers = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _waiting, irq, softirq, steal, *_ = map(int, numbers)
            return (user + nice + system + irq + softirq + steal) / TICKS
    raise LookupError(f"there is no core {core}")


def waited_seconds(pid: int) -> float:
    """Time in which a thread of a process could have run, and another, its own or a stranger's, had the core."""
    waited = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended just now
            waited += int((task / "schedstat").read_text().split()[1])
    return waited / 1e9


def memory_bytes(pid: int) -> int:
    """Memory of a process: what is its own, and its share of what it shares (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    if found is None:
        raise LookupError("smaps_rollup has no Pss")
    return int(found[1]) * 1024


def filesystem(path: Path) -> str:
    """The kind of file system that a path is on: a commit to tmpfs reaches no disk."""
    best, kind = "", "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        _device, where, its_kind, *_ = line.split()
        if path.resolve().is_relative_to(where) and len(where) >= len(best):
            best, kind = where, its_kind
    return kind


def description() -> str:
    """The machine in one line."""
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({model[1].strip() if model else platform.machine()}), {memory:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}"
    )


def python_versions() -> str:
    names = [("uvloop", "uvloop"), ("uvicorn", "uvicorn"), ("SQLAlchemy", "sqlalchemy")]
    parts = [f"Python {platform.python_version()}", *(f"{shown} {version(name)}" for shown, name in names)]
    return ", ".join([*parts, f"SQLite {sqlite3.sqlite_version}"])
