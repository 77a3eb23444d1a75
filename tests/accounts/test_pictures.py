"""Pictures of accounts, as others in a room see them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.accounts.support import caller
from tests.support.house import LocalClient, Place, Stage

pytestmark = pytest.mark.feature("P2")


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(made, "PNG")
    return made.getvalue()


def shown(client: LocalClient, person: str) -> object:
    """As the last news of this person told it."""
    told = [each for event in client.events("people.changed") for each in event["data"]["people"]]
    return next(each["picture"] for each in reversed(told) if each["id"] == person)


async def test_a_picture_is_seen_in_rooms(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    ana = await caller(stage)
    account = await ana.sign_up()
    before = await ana.must("PUT", "/account/picture", content=picture())
    there = await stage.come(place, "Ana", identity=account["account"]["identity"])
    assert f"/api/pictures/{shown(owner, there.me)}" == before["picture"], "from the beginning"

    after = await ana.must("PUT", "/account/picture", content=picture())
    await stage.settle()
    for client in (owner, guest, there):
        assert f"/api/pictures/{shown(client, there.me)}" == after["picture"], "the new one at once"
    people = (await guest.look())["features"]["people"]["people"]
    assert {each["name"]: each["picture"] for each in people} == {
        "Olga": None,
        "Gil": None,
        "Ana": after["picture"].removeprefix("/api/pictures/"),
    }

    await ana.must("DELETE", "/account/picture")
    await stage.settle()
    assert shown(guest, there.me) is None


async def test_one_that_was_missed_is_shown_on_coming_back(stage: Stage, place: Place, owner: LocalClient) -> None:
    """The rooms are told after the picture is stored: a stop in between is put right by the next connection."""
    ana = await caller(stage)
    account = await ana.sign_up()
    there = await stage.come(place, "Ana", identity=account["account"]["identity"])
    features = stage.house.features
    stage.house.features = ()
    made = await ana.must("PUT", "/account/picture", content=picture())
    stage.house.features = features
    assert shown(owner, there.me) is None
    there.lose()
    await stage.settle()
    await stage.again(there)
    await stage.settle()
    assert f"/api/pictures/{shown(owner, there.me)}" == made["picture"]
