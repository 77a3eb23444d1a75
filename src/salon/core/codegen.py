"""The contract, written out for others: ``web/src/contract.ts``, ``docs/asyncapi.json`` and ``docs/openapi.json``.

Run as ``python -m salon.core.codegen``; with ``--check`` it writes nothing and fails when a file is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from salon.core import asyncapi, typescript
from salon.core.contract import Model
from salon.features import FEATURES


def documents() -> dict[str, bytes]:
    """Path within the repository → content of each generated file."""
    snapshots: dict[str, type[Model]] = {
        feature.name: feature.snapshot_model for feature in FEATURES if feature.snapshot_model is not None
    }
    return {
        "web/src/contract.ts": typescript.document(snapshots).encode(),
        "docs/asyncapi.json": _json(asyncapi.document(snapshots)),
        "docs/openapi.json": _json(_openapi()),
    }


def _openapi() -> dict[str, Any]:
    # Imported here alone: the application needs the contract, not the other way round.
    from salon.app import http_app

    return http_app().openapi()


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def main(arguments: list[str]) -> int:
    root = Path(__file__).resolve().parents[3]
    stale = []
    for path, content in documents().items():
        target = root / path
        if target.exists() and target.read_bytes() == content:
            continue
        stale.append(path)
        if "--check" not in arguments:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    if "--check" in arguments and stale:
        print(f"out of date, run `make contract`: {', '.join(stale)}", file=sys.stderr)
        return 1
    print("written: " + ", ".join(stale) if stale else "the contract is up to date")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
