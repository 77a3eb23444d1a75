"""Benchmarks beside named peers: `make bench`. They speak to the server over its public protocol only."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "bench" / "build"

# The scripts know where Node, PostgreSQL and the rest are on this machine.
sys.path.append(str(ROOT / "scripts"))
