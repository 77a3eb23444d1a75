"""Attendance of people with accounts: a guest who signs in keeps it, a deleted account leaves no name in it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.support import PASSWORD, caller
from tests.support.house import LocalClient, Place, Stage


async def people(host: LocalClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await host.must("attendance.list"))["people"]
    return found


@pytest.mark.feature("R11", "P5")
async def test_a_guest_who_signs_in_keeps_the_stay(stage: Stage, place: Place, owner: LocalClient) -> None:
    """The account was here before, too: its stays and the guest's are one person's, and overlaps count once."""
    ana = await caller(stage)
    await ana.sign_up()
    account = await stage.come(place, "Ana", identity=ana.identity)
    await stage.pass_time(10)
    guest = await caller(stage)
    came = await stage.come(place, "Ana's phone", identity=guest.identity, device="phone")
    await stage.pass_time(10)
    account.lose()
    await stage.pass_time(5)
    await guest.sign_in()
    await stage.settle()
    [_, one] = await people(owner)
    assert (one["person"], one["stays"], one["devices"]) == (account.me, 1, ["desktop", "phone"])
    again = LocalClient(stage, place, ana.identity, "Ana", "phone")
    await again.connect()
    await stage.pass_time(5)
    [_, one] = await people(owner)
    assert (one["person"], one["stays"], one["lost"]) == (account.me, 1, False)
    assert 29_000 <= one["total_ms"] <= 30_100
    assert came.me != account.me


@pytest.mark.feature("R11", "P5")
async def test_a_guest_who_signs_in_and_does_not_come_back(stage: Stage, place: Place, owner: LocalClient) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    guest = await caller(stage)
    await stage.come(place, "Guest", identity=guest.identity)
    await stage.pass_time(10)
    await guest.sign_in()
    await stage.pass_time(1)
    await stage.pass_time(25)
    [_, one] = await people(owner)
    assert 9_900 <= one["total_ms"] <= 10_200
    assert one["last_left"] is not None


@pytest.mark.feature("R11", "P2")
async def test_a_deleted_account_leaves_no_name(stage: Stage, place: Place, owner: LocalClient) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    await stage.come(place, "Ana", identity=ana.identity)
    await stage.pass_time(10)
    await ana.must("DELETE", "/account", {"password": PASSWORD})
    await stage.settle()
    [_, one] = await people(owner)
    assert (one["name"], one["devices"]) == ("Somebody who left", [])
    assert 9_900 <= one["total_ms"] <= 10_200
