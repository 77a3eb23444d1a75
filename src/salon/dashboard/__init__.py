"""One's own list of rooms: those one runs, and those one was in."""

from salon.core.feature import Feature
from salon.dashboard.http import router
from salon.dashboard.lists import forget_list

FEATURE = Feature(name="dashboard", router=router(), forgets_identity=forget_list)
