"""The features of this server, in the order in which people see them. The only registry."""

from __future__ import annotations

from salon import chat, people, rooms
from salon.core.feature import Feature

FEATURES: tuple[Feature, ...] = (
    rooms.FEATURE,
    people.FEATURE,
    chat.FEATURE,
)
