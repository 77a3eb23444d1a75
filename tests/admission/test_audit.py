"""What hosts decide about people and the door is in the audit list, by whom; without names, addresses or passwords."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from salon.core import door
from salon.core.audit import AuditEntry
from tests.admission.door import Visitor
from tests.support.house import LocalClient, Place, Stage


async def lines(stage: Stage, place: Place) -> list[tuple[str | None, str, dict[str, object]]]:
    async with stage.house.storage.read() as session:
        those = select(AuditEntry).where(AuditEntry.subject == place.id).order_by(AuditEntry.id)
        return [(each.actor, each.action, each.detail) for each in (await session.execute(those)).scalars()]


@pytest.mark.feature("R4", "P6")
async def test_decisions_at_the_door(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", name="Renamed")
    await owner.must("rooms.update", admission="knock")
    kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
    await owner.must("people.admit", knock=await kim.must_knock())
    await owner.must("people.decline", knock=await lou.must_knock())
    await owner.must("rooms.update", admission="groups", groups=["illuminati"])
    await owner.must("rooms.invite", people="ada@example.org")
    invited = (await owner.look())["features"]["rooms"]["hosts"]["invitations"]
    await owner.must("rooms.uninvite", invitations=[invited[0]["id"]])
    noted = await lines(stage, place)
    assert noted == [
        (place.creator, "room.admission", {"rule": "knock", "groups": 0}),
        (place.creator, "room.admit", {"people": 1}),
        (place.creator, "room.decline", {"people": 1}),
        (place.creator, "room.admission", {"rule": "groups", "groups": 1}),
        (place.creator, "room.invite", {"people": 1}),
        (place.creator, "room.uninvite", {"people": 1}),
    ]


@pytest.mark.feature("R4", "P6")
async def test_passwords_by_their_host(stage: Stage, place: Place, owner: LocalClient) -> None:
    carl = await Visitor.come(stage, place)
    inside = await carl.join("Carl")
    await owner.must("people.role", person=inside.me, role="cohost")
    for password in ("open sesame", None):
        await carl.call("PUT", f"/api/rooms/{place.link}/password", {"password": password})
    assert (await lines(stage, place))[1:] == [
        (carl.identity, "room.password", {}),
        (carl.identity, "room.no_password", {}),
    ]


@pytest.mark.feature("R5", "P6")
async def test_roles_and_mutes(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("people.mute", person=guest.me, muted=True)
    await owner.must("people.mute", person=guest.me, muted=False)
    await owner.must("people.role", person=guest.me, role="audience")
    await owner.must("people.hand_over", person=guest.me)
    assert await lines(stage, place) == [
        (place.creator, "room.mute", {"person": guest.me}),
        (place.creator, "room.unmute", {"person": guest.me}),
        (place.creator, "room.role", {"person": guest.me, "role": "audience"}),
        (place.creator, "room.role", {"person": owner.me, "role": "cohost"}),
        (place.creator, "room.role", {"person": guest.me, "role": "owner"}),
    ]


@pytest.mark.feature("R4")
async def test_an_open_room_asks_nothing_of_the_database(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crowd that comes into an open room pays nothing for the rules of others."""

    async def refuse(*_arguments: object) -> object:
        raise AssertionError("an open room needs no looking up")

    monkeypatch.setattr(door, "_look_up", refuse)
    crowd = await stage.crowd(place, ["Kim", "Lou", "Max"])
    assert all(client.refused is None for client in crowd)
    crowd[0].lose()
    await stage.pass_time(30)
    assert (await stage.again(crowd[0])).refused is None
