"""Search in the history."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.house import LocalClient, Place, Stage


async def found(client: LocalClient, text: str) -> list[str]:
    return [each["message"]["body"] for each in (await client.must("chat.search", text=text))["found"]]


@pytest.mark.feature("C5")
@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Straße", "STRASSE"),
        ("José", "jose\u0301"),
        ("ＷＩＤＥ", "wide"),
        ("100% sure", "100%"),
        ("snake_case", "e_c"),
        ("back\\slash", "k\\s"),
        ("a/b", "a/b"),
        ("emoji 🎂 here", "🎂"),
        ("two\nlines", "o\nl"),
        ("مرحبا بالعالم", "بالعالم"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("quote ' and \"", "' and \""),
    ],
)
async def test_finds(stage: Stage, place: Place, owner: LocalClient, written: str, searched: str) -> None:
    await owner.must("chat.send", body=written)
    await owner.must("chat.send", body="something else")
    assert await found(owner, searched) == [written]


@pytest.mark.feature("C5")
@pytest.mark.parametrize("pattern", ["%", "_", "s%e", "s_mething", "\\", "[a-z]", "*", "' OR 1=1 --"])
async def test_signs_have_no_meaning(stage: Stage, place: Place, owner: LocalClient, pattern: str) -> None:
    await owner.must("chat.send", body="something else")
    assert await found(owner, pattern) == []


@pytest.mark.feature("C5")
async def test_newest_first_in_pages(stage: Stage, place: Place, owner: LocalClient) -> None:
    for start in (0, 40):
        await asyncio.gather(*(owner.must("chat.send", body=f"cake {number}") for number in range(start, start + 40)))
        stage.clock.advance(seconds=1)
    first = await owner.must("chat.search", text="cake")
    assert first["more"]
    bodies = [each["message"]["body"] for each in first["found"]]
    pages = 1
    while first["more"]:
        first = await owner.must("chat.search", text="cake", before=first["found"][-1]["message"]["at"])
        bodies += [each["message"]["body"] for each in first["found"]]
        pages += 1
    assert pages == 3
    assert sorted(bodies) == sorted(f"cake {number}" for number in range(80)), "nothing twice, nothing left out"


@pytest.mark.feature("C5", "C2")
async def test_what_is_gone_is_not_found(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    message = (await guest.must("chat.send", body="cake with cream"))["message"]
    await guest.must("chat.edit", message=message, body="pie with cream")
    assert await found(owner, "cake") == []
    assert await found(owner, "pie") == ["pie with cream"]
    await guest.must("chat.delete", message=message)
    assert await found(owner, "cream") == []


@pytest.mark.feature("C5")
async def test_only_this_room(stage: Stage, place: Place, owner: LocalClient) -> None:
    elsewhere = await stage.come(await stage.room(), "Olga", identity=owner.identity)
    await elsewhere.must("chat.send", body="cake elsewhere")
    assert await found(owner, "cake") == []
