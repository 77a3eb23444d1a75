"""Calls: the people of a room see and hear each other, from browser to browser."""

from salon.call import commands as commands
from salon.call import hosting as hosting
from salon.call.contract import CallSnapshot
from salon.call.following import adopt, forget_person
from salon.call.http import router
from salon.call.recording import Recordings
from salon.call.snapshot import snapshot
from salon.call.watch import Watch
from salon.core.feature import Feature

FEATURE = Feature(
    name="call",
    activity=True,
    snapshot_model=CallSnapshot,
    snapshot=snapshot,
    router=router(),
    services=(Watch, Recordings),
    adopts=adopt,
    forgets=forget_person,
)
