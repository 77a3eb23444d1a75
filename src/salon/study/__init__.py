"""Study: to-dos, timers and alarms, of the room and one's own, and statistics for those who want them."""

from salon.core.feature import Feature
from salon.study import contract as contract
from salon.study.contract.shapes import StudySnapshot

FEATURE = Feature(name="study", activity=True, snapshot_model=StudySnapshot)
