"""Calls: the people of a room see and hear each other, from browser to browser."""

from salon.call import commands as commands
from salon.call import contract
from salon.core.feature import Feature, View


async def snapshot(_view: View) -> contract.CallSnapshot:
    settings = contract.Settings(share="everyone", record="hosts", join_muted=False, pictures="auto", most=8)
    return contract.CallSnapshot(settings=settings, participants=[], holds=[], recordings=[])


FEATURE = Feature(
    name="call",
    activity=True,
    snapshot_model=contract.CallSnapshot,
    snapshot=snapshot,
)
