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


_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|OPT/|Opera")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("Safari", re.compile(r"Safari/")),
)
"""In this order: most say that they are also Chrome and Safari."""
_SYSTEMS = (
    ("an iPhone", re.compile(r"iPhone|iPod")),
    ("an iPad", re.compile(r"iPad")),
    ("Android", re.compile(r"Android")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Windows", re.compile(r"Windows")),
    ("a Mac", re.compile(r"Macintosh|Mac OS X")),
    ("Linux", re.compile(r"Linux|X11")),
)


def browser_of(headers: Mapping[str, str]) -> str:
    """What a person knows a browser by, like ``Firefox on Windows``: made of these words only, whatever it says."""
    agent = headers.get("user-agent", "")[:1000]
    browser = next((name for name, says in _BROWSERS if says.search(agent)), "A browser")
    system = next((name for name, says in _SYSTEMS if says.search(agent)), None)
    return f"{browser} on {system}" if system else browser
