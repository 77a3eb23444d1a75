"""Which kind of device connects, from client hints and the user agent. For showing only: nothing depends on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from salon.core.contract import Device

_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Android(?!.*Mobile)")
_PHONE = re.compile(r"Mobi|iPhone|iPod|Android|Phone")


def device_of(environ: Mapping[str, Any], *, bearer: bool) -> Device:
    """The kind of device, from a WSGI-like environment."""
    if bearer:
        return "bot"
    agent = str(environ.get("HTTP_USER_AGENT", ""))
    if _TABLET.search(agent):
        return "tablet"
    if environ.get("HTTP_SEC_CH_UA_MOBILE") == "?1" or _PHONE.search(agent):
        return "phone"
    return "desktop"
