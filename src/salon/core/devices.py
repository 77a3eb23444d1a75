"""Which kind of device connects, from client hints and the user agent. For showing only: nothing depends on it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from salon.core.contract import Device

_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Android(?!.*Mobile)")
_PHONE = re.compile(r"Mobi|iPhone|iPod|Android|Phone")


def device_of(headers: Mapping[str, str], *, bearer: bool) -> Device:
    """The kind of device, from the headers of a request (names in small letters)."""
    if bearer:
        return "bot"
    agent = headers.get("user-agent", "")
    if _TABLET.search(agent):
        return "tablet"
    if headers.get("sec-ch-ua-mobile") == "?1" or _PHONE.search(agent):
        return "phone"
    return "desktop"
