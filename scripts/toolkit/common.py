"""Places, stamps and running other programs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"


class Trouble(Exception):
    """Something the person at the terminal has to know; its text is the whole message."""


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def run(
    args: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None, quiet: bool = False
) -> bool:
    """Run a program and tell whether it succeeded. What it prints is for the person, not for the caller.

    Standard output is kept for what was asked for (`make features > list`), so all of this goes to standard
    error; with `quiet`, only when the program failed.
    """
    done = subprocess.run(
        [str(arg) for arg in args],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else sys.stderr,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
        check=False,
    )
    if quiet and done.returncode != 0:
        print(done.stdout, file=sys.stderr, flush=True)
    return done.returncode == 0


def output(args: Sequence[str | Path], *, env: dict[str, str] | None = None) -> str | None:
    """What a program prints, or None when it cannot be run or fails."""
    try:
        done = subprocess.run(
            [str(arg) for arg in args],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def digest(files: Iterable[Path], *extra: str) -> str:
    """One hash over the names and contents of files, and over anything else that must be the same."""
    total = hashlib.sha256()
    for text in extra:
        total.update(text.encode() + b"\0")
    for file in sorted(files):
        total.update(os.fspath(file.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def stamp(name: str) -> str | None:
    try:
        return (STAMPS / name).read_text()
    except OSError:
        return None


def set_stamp(name: str, value: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


def drop_stamp(name: str) -> None:
    (STAMPS / name).unlink(missing_ok=True)


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two terminals may start at once; the second waits, and then finds nothing left to do."""
    with (ROOT / ".venv.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another preparation of this folder to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
