"""The features of this server, in the order in which people see them. The only registry."""

from __future__ import annotations

from salon.accounts import FEATURE as accounts
from salon.attendance import FEATURE as attendance
from salon.call import FEATURE as call
from salon.chat import FEATURE as chat
from salon.core.feature import Feature
from salon.dashboard import FEATURE as dashboard
from salon.files import FEATURE as files
from salon.floor import FEATURE as floor
from salon.people import FEATURE as people
from salon.plans import FEATURE as plans
from salon.polls import FEATURE as polls
from salon.presence import FEATURE as presence
from salon.rooms import FEATURE as rooms
from salon.site import FEATURE as site
from salon.study import FEATURE as study
from salon.voice import FEATURE as voice

FEATURES: tuple[Feature, ...] = (
    rooms,
    people,
    presence,
    chat,
    attendance,
    call,
    floor,
    voice,
    polls,
    files,
    study,
    accounts,
    dashboard,
    plans,
    site,
)
