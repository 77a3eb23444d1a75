"""What the site says on the wire: the announcements of its administrators."""

from __future__ import annotations

from typing import Literal

from salon.core.contract import Id, Millis, Model, ServerSignal

Importance = Literal["info", "warn"]


class Announcement(Model):
    """A word of the administrators to everyone."""

    id: Id
    text: str
    level: Importance
    at: Millis
    until: Millis | None
    """Nobody is shown it from then on."""


class Announced(ServerSignal, name="site.announced"):
    """All announcements there are now, told in every room when one was made or taken back.

    Who was not connected finds them at ``GET /api/site``.
    """

    announcements: list[Announcement]
