"""The ids of docs/features.md and their texts."""

from __future__ import annotations

import re
from pathlib import Path

from .common import ROOT

FILE = ROOT / "docs" / "features.md"
LINE = re.compile(r"^- (?P<id>[A-Z]\d{1,2}) (?P<text>.+)$")


def read(file: Path = FILE) -> dict[str, str]:
    """Every id with its promise, in the order of the list."""
    matches = (LINE.match(line) for line in file.read_text().splitlines())
    return {match["id"]: match["text"] for match in matches if match}
