"""The modules of Salon, read and parsed once for all tests that look at them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from salon.features import FEATURES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "salon"
NAMES = {feature.name for feature in FEATURES}


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Path below the package → what is in it."""
    return {file.relative_to(SOURCE).as_posix(): ast.parse(file.read_text()) for file in sorted(SOURCE.rglob("*.py"))}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Everything that is called anywhere, and the path of the module."""
    for path, module in modules().items():
        yield from ((path, node) for node in ast.walk(module) if isinstance(node, ast.Call))


def imported(path: str) -> Iterator[str]:
    """The modules that a module imports, wherever it does: ``from salon.core import log`` is ``salon.core.log``."""
    for node in ast.walk(modules()[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if _is_module(whole) else str(node.module)


@functools.cache
def _is_module(name: str) -> bool:
    place = SOURCE.parent / Path(*name.split("."))
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()
