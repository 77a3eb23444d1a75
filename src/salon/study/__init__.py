"""Study: to-dos, timers and alarms, of the room and one's own, and statistics for those who want them."""

from salon.core.feature import Feature
from salon.study import settings as settings
from salon.study.archive import archive
from salon.study.contract.shapes import StudySnapshot
from salon.study.farewell import adopt, adopt_identity, forget_identity, forget_person
from salon.study.http import make_router
from salon.study.ringing import Ringing
from salon.study.snapshot import snapshot

FEATURE = Feature(
    name="study",
    activity=True,
    snapshot_model=StudySnapshot,
    snapshot=snapshot,
    router=make_router(),
    services=(Ringing,),
    archive=archive,
    adopts=adopt,
    adopts_identity=adopt_identity,
    forgets=forget_person,
    forgets_identity=forget_identity,
)
