"""People: coming in, who is here, and what hosts may do to others."""

from salon.core.feature import Feature
from salon.people import commands as commands
from salon.people.contract import PeopleSnapshot
from salon.people.farewell import forget_knocks, forget_person
from salon.people.http import router
from salon.people.roll import Roll, show_picture
from salon.people.snapshot import archive, snapshot
from salon.people.waiting import Door

FEATURE = Feature(
    name="people",
    snapshot_model=PeopleSnapshot,
    snapshot=snapshot,
    router=router(),
    services=(Roll, Door),
    archive=archive,
    forgets=forget_person,
    forgets_identity=forget_knocks,
    pictures=show_picture,
)
