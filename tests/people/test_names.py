"""Names are unique in a room by a suffix, and never a key; the device's line about somebody is optional."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.house import LocalClient, Place, Stage


async def name_of(client: LocalClient) -> str:
    people = (await client.look())["features"]["people"]["people"]
    return next(str(person["name"]) for person in people if person["id"] == client.me)


@pytest.mark.feature("P1")
@pytest.mark.parametrize(
    ("first", "second", "becomes"),
    [
        ("Ana", "Ana", "Ana (2)"),
        ("Ana", "ANA", "ANA (2)"),
        ("Ana", "  Ana  ", "Ana (2)"),
        ("Ana", "\uff21\uff4e\uff41", "\uff21\uff4e\uff41 (2)"),
        ("Ana", "Ana\u200d", "Ana\u200d (2)"),
        ("Ana", "A\u00adna", "A\u00adna (2)"),
        ("Jose\u0301", "José", "José (2)"),
        ("straße", "STRASSE", "STRASSE (2)"),
        ("Ana", "Anabel", "Anabel"),
        ("Ana (2)", "Ana", "Ana"),
        ("100%", "100_", "100_"),
        ("👩‍🚀", "👩‍🚀", "👩‍🚀 (2)"),
    ],
)
async def test_two_of_the_same_name(stage: Stage, place: Place, first: str, second: str, becomes: str) -> None:
    await stage.come(place, first)
    other = await stage.come(place, second)
    assert (await name_of(other)).replace("\u200d (", " (").replace("\u00ad", "") == becomes.replace(
        "\u200d (", " ("
    ).replace("\u00ad", "")


@pytest.mark.feature("P1")
async def test_many_at_once_with_the_same_name(stage: Stage, place: Place) -> None:
    crowd = await stage.crowd(place, ["Ana"] * 12)
    names = sorted([await name_of(client) for client in crowd], key=lambda name: (len(name), name))
    assert names == ["Ana", *[f"Ana ({number})" for number in range(2, 13)]]


@pytest.mark.feature("P1")
async def test_coming_back_finds_the_own_name_free(stage: Stage, place: Place) -> None:
    await stage.come(place, "Ana")
    second = await stage.come(place, "Ana")
    for _ in range(3):
        await second.must("people.leave")
        await second.connect()
        await second.must("people.join", name="Ana")
        await stage.settle()
        assert await name_of(second) == "Ana (2)"


@pytest.mark.feature("P1")
async def test_changing_the_name(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await guest.must("people.update", name="olga")
    assert await name_of(guest) == "olga (2)"
    await guest.must("people.update", name="Olga (2)")
    assert await name_of(guest) == "Olga (2)", "only the case has changed"
    await guest.must("people.update", about="brings cake")
    await guest.must("people.update", name="Gil")
    told = owner.events("people.changed")[-1]["data"]["people"][0]
    assert (told["name"], told["about"]) == ("Gil", "brings cake")


@pytest.mark.feature("P1")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana \n Maria ", "Ana Maria"),
        ("مريم", "مريم"),
        ("שרה", "שרה"),
        ("\u202eevil\u202c", "evil"),
        ("a\u2066b\u2069c", "a b c"),
        ("a\u0000b\u0007c", "a b c"),
        ("Zoë\u0308", "Zoë\u0308"),
        ("👨‍👩‍👧‍👦" * 40, "👨‍👩‍👧‍👦" * 40),
        ("x" * 40, "x" * 40),
        ("<b>Ana</b>", "<b>Ana</b>"),
        ("Ana\u2028Maria", "Ana Maria"),
        ("क्षत्रिय", "क्षत्रिय"),
    ],
    ids=ascii,
)
async def test_names_as_they_are_kept(stage: Stage, place: Place, typed: str, kept: str) -> None:
    visitor = await stage.visitor(place)
    answer = await visitor.ask("people.join", name=typed)
    if len(kept) > 320:
        assert answer["code"] == "name_too_long", "40 characters to see, but far too many to store"
        return
    assert answer["ok"], answer
    await stage.settle()
    assert await name_of(visitor) == kept


@pytest.mark.feature("P1")
async def test_names_are_no_keys(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    """What somebody wrote stays theirs under a new name, and the old name is free for others."""
    message = (await guest.must("chat.send", body="from Gil"))["message"]
    await guest.must("people.update", name="Gilbert")
    impostor = await stage.come(place, "Gil")
    assert await name_of(impostor) == "Gil"
    assert (await impostor.ask("chat.edit", message=message, body="not mine"))["code"] == "forbidden"
    await guest.must("chat.edit", message=message, body="from Gil, who is Gilbert now")


@pytest.mark.feature("P1")
async def test_changes_at_once(stage: Stage, place: Place) -> None:
    crowd = await stage.crowd(place, [f"Person {number}" for number in range(6)])
    await asyncio.gather(*(client.must("people.update", name="Ana") for client in crowd))
    names = {await name_of(client) for client in crowd}
    assert names == {"Ana", *(f"Ana ({number})" for number in range(2, 7))}
