"""Time zones by the names of the IANA database."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from salon.core.refusals import Refused

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")


def time_zone(name: str, *, field: str = "zone") -> ZoneInfo:
    """The zone of this name, such as ``Europe/Berlin``; refused when there is none."""
    # Names become paths: what does not look like one is not looked for.
    if len(name) <= 64 and _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise Refused("invalid", "There is no such time zone.", field=field)
