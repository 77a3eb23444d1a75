"""Rooms: making one, its settings, its end."""

from salon.core.feature import Feature
from salon.rooms import commands as commands
from salon.rooms import guests as guests
from salon.rooms.contract import RoomsSnapshot
from salon.rooms.http import router
from salon.rooms.idle import IdleRooms
from salon.rooms.snapshot import snapshot

FEATURE = Feature(
    name="rooms",
    snapshot_model=RoomsSnapshot,
    snapshot=snapshot,
    router=router(),
    services=(IdleRooms,),
    forgets=commands.forget_owner,
    forgets_identity=guests.forget_identity,
    closes=commands.close_for,
    adjusts=commands.adjust,
)
