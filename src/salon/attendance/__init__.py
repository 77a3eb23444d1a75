"""Attendance: who joined, who left, how long they were here, on what. For hosts only."""

from salon.attendance import following as following
from salon.attendance import queries as queries
from salon.attendance.archive import archive
from salon.attendance.following import adopt, forget_name
from salon.attendance.register import Register
from salon.core.feature import Feature

FEATURE = Feature(name="attendance", services=(Register,), archive=archive, adopts=adopt, forgets=forget_name)
