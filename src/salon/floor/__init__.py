"""The floor: a queue of questions and of requests to speak, in an order that hosts decide."""

from salon.core.feature import Feature
from salon.floor import commands as commands
from salon.floor import hosting as hosting
from salon.floor import speaking as speaking
from salon.floor.contract import FloorSnapshot
from salon.floor.farewell import adopt, forget_person
from salon.floor.snapshot import archive, snapshot
from salon.floor.tally import Tally

FEATURE = Feature(
    name="floor",
    activity=True,
    snapshot_model=FloorSnapshot,
    snapshot=snapshot,
    services=(Tally,),
    archive=archive,
    adopts=adopt,
    forgets=forget_person,
)
