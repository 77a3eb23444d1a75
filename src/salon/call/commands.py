"""Joining, leaving, and what hosts may do in a call."""

from __future__ import annotations

from salon.call import contract
from salon.core.dispatch import Context, Hearing, handles, receives
from salon.core.refusals import Refused


async def _later(_cmd: object, _ctx: Context) -> None:
    raise Refused("unavailable")


def _unheard(_said: object, _hearing: Hearing) -> None:
    raise Refused("unavailable")


for _word in (
    contract.Join,
    contract.Leave,
    contract.ChangeMedia,
    contract.RaiseHand,
    contract.LowerHand,
    contract.LowerHands,
    contract.Hold,
    contract.SendOut,
    contract.ChangeSettings,
):
    handles(_word)(_later)
for _signal in (contract.Say, contract.React, contract.Speak):
    receives(_signal)(_unheard)
