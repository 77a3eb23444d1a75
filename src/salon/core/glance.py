"""What several people see of one room at the same moment, so that the common part is made once for all of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from salon.core.tables import Member

T = TypeVar("T")

ROOMS_KEPT = 64


class Glance:
    """One reading of a room for everybody in ``members``."""

    def __init__(self, members: Sequence[Member] = (), kept: dict[str, Any] | None = None) -> None:
        self.members = members
        self._once: dict[str, Any] = {}
        self._kept = {} if kept is None else kept

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """Made for the first who asks, and the same for the others of this reading."""
        return await _remembered(self._once, key, make)

    async def kept(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """The same, and for later readings too, as long as nothing is told to the room.

        Only for what follows from the events of the room's stream, and is alike for everybody: then its newest
        number says whether it is still true. That it follows is the rule of the protocol: a snapshot with the events
        after it equals a later snapshot.
        """
        return await _remembered(self._kept, key, make)


async def _remembered(memory: dict[str, Any], key: str, make: Callable[[], Awaitable[T]]) -> T:
    if key not in memory:
        memory[key] = await make()
    found: T = memory[key]
    return found


class KeptRooms:
    """The common parts of rooms that were looked at of late, each with the stream number that it belongs to."""

    def __init__(self, size: int = ROOMS_KEPT) -> None:
        self._size = size
        self._rooms: OrderedDict[str, tuple[int, dict[str, Any]]] = OrderedDict()

    def of(self, room_id: str, seq: int) -> dict[str, Any]:
        """What is kept of the room as it is after event number ``seq``."""
        known = self._rooms.get(room_id)
        if known is None or known[0] != seq:
            known = self._rooms[room_id] = (seq, {})
        self._rooms.move_to_end(room_id)
        if len(self._rooms) > self._size:
            self._rooms.popitem(last=False)
        return known[1]
