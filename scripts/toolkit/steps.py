"""Several steps of which each is run, and the whole fails when one did."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .common import ROOT


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str | Path]


def run_all(steps: Sequence[Step]) -> None:
    """Run every step even after one failed, so that one round shows all there is to mend."""
    failed: list[str] = []
    for step in steps:
        started = time.monotonic()
        print(f"── {step.name}", flush=True)
        done = subprocess.run([str(part) for part in step.command], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            failed.append(step.name)
            print(f"── {step.name} failed after {time.monotonic() - started:.1f} s", flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
