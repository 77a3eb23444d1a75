"""Polls: questions that hosts prepare and release one by one; everybody votes, in time and once; totals that move."""

from salon.core.feature import Feature
from salon.polls import drafts as drafts
from salon.polls import hosting as hosting
from salon.polls import queries as queries
from salon.polls import voting as voting
from salon.polls.contract.shapes import PollsSnapshot
from salon.polls.farewell import adopt, forget_identity, forget_person
from salon.polls.live import Live
from salon.polls.results import archive
from salon.polls.snapshot import snapshot

FEATURE = Feature(
    name="polls",
    activity=True,
    snapshot_model=PollsSnapshot,
    snapshot=snapshot,
    services=(Live,),
    archive=archive,
    adopts=adopt,
    forgets=forget_person,
    forgets_identity=forget_identity,
)
