"""Pure rules: what several connections of one person come to."""

from __future__ import annotations

from collections.abc import Iterable

from salon.presence.contract import Level, Quality

ORDINARY = Level(away=False, quality="good")
_BEST: tuple[Quality, ...] = ("good", "fair", "poor")


def together(levels: Iterable[Level | None]) -> Level:
    """One person's level from those of their connections. Of a connection that says nothing nothing bad is thought."""
    known = [level or ORDINARY for level in levels]
    if not known:
        return ORDINARY
    quality = min((level.quality for level in known), key=_BEST.index)
    return Level(away=all(level.away for level in known), quality=quality)
