"""Planned rooms: when, how often, for whom; what reminds of them, in the page, by push and by mail."""

from salon.core.feature import Feature
from salon.plans.ending import forget_identity
from salon.plans.http import router
from salon.plans.keys import Keys
from salon.plans.notices import Notices
from salon.plans.push import Pusher
from salon.plans.pushing import push
from salon.plans.scheduler import Scheduler

FEATURE = Feature(
    name="plans",
    router=router(),
    services=(Keys, Notices, Scheduler, Pusher),
    forgets_identity=forget_identity,
    pushes=push,
)
