"""Commands that change some of many things: what they leave out stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from salon.core.contract import Command
from salon.core.refusals import Refused


def given(cmd: Command, *, may_be_empty: Collection[str] = ()) -> dict[str, Any]:
    """What the command says beside its id, in the order of the names.

    :raises Refused: something that may be left out is there and is empty
    """
    found = {name: getattr(cmd, name) for name in sorted(cmd.model_fields_set - {"id"})}
    for name, value in found.items():
        if value is None and name not in may_be_empty:
            raise Refused("invalid", f"{name}: may be left out, but not be empty", field=name)
    return found


def change(row: object, cmd: Command) -> None:
    """Put what the command gives into a row whose columns are called as the command's fields."""
    for name, value in given(cmd).items():
        setattr(row, name, value)
