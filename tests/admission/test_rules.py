"""Who may come in: each rule, on each way, for newcomers and for those who were in before."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from salon.core.accounts import Account
from salon.core.writer import Work
from tests.admission.door import Visitor
from tests.support.house import LocalClient, Place, Stage


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    ("rule", "way", "code"),
    [
        ("open", "open", None),
        ("knock", "knock", "knock_required"),
        ("invited", "sign_in", "invited_only"),
        ("groups", "sign_in", "invited_only"),
        ("locked", "locked", "room_locked"),
    ],
)
async def test_a_newcomer(
    stage: Stage, place: Place, owner: LocalClient, rule: str, way: str, code: str | None
) -> None:
    await owner.must("rooms.update", admission=rule, groups=["everyone"])
    kim = await Visitor.come(stage, place)
    assert await kim.way() == way
    assert await kim.try_to_join() == code
    # By PIN one comes to the same door.
    assert (await kim.call("POST", "/api/pin", {"pin": place.pin}))[1] == {"outcome": "found", "link": place.link}


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    ("preset", "usual"), [("stage", "open"), ("meeting", "open"), ("study", "knock"), ("drop", "open")]
)
async def test_what_is_usual_for_a_preset(stage: Stage, preset: str, usual: str) -> None:
    place = await stage.room(preset)
    owner = await stage.owner(place)
    assert owner.snapshot["features"]["rooms"]["room"]["admission"] == usual
    locked = await stage.room(preset, admission="locked")
    owner = await stage.owner(locked)
    assert owner.snapshot["features"]["rooms"]["room"]["admission"] == "locked"


@pytest.mark.feature("R4", "R5")
@pytest.mark.parametrize("rule", ["knock", "invited", "groups", "locked"])
async def test_hosts_always_get_in(stage: Stage, rule: str) -> None:
    place = await stage.room(admission="open")
    owner, carl = await stage.owner(place), await stage.come(place, "Carl")
    await owner.must("people.role", person=carl.me, role="cohost")
    await owner.must("rooms.update", admission=rule, groups=["founders"])
    for host in (carl, owner):
        await host.must("people.leave")
        await stage.settle()
        again = await stage.come(place, host.name, identity=host.identity)
        assert again.snapshot["features"]["people"]["hosts"] is not None
        again.lose()
    await stage.pass_time(60)
    for host in (carl, owner):
        assert (await stage.again(host)).refused is None


@pytest.mark.feature("R4")
async def test_whoever_made_a_locked_room_enters_it_first(stage: Stage) -> None:
    place = await stage.room(admission="locked")
    assert await (await Visitor.come(stage, place)).try_to_join() == "room_locked"
    owner = await stage.owner(place)
    assert owner.snapshot["features"]["people"]["people"][0]["role"] == "owner"


@pytest.mark.feature("R4")
@pytest.mark.parametrize("rule", ["invited", "groups", "locked"])
async def test_a_change_sends_nobody_out_but_meets_who_comes_back(
    stage: Stage, place: Place, owner: LocalClient, rule: str
) -> None:
    gil, lea = await stage.come(place, "Gil"), await stage.come(place, "Lea")
    await owner.must("rooms.update", admission=rule, groups=["founders"])
    await gil.must("chat.send", body="still here")
    # A short loss is no leaving.
    gil.lose()
    await stage.pass_time(10)
    assert (await stage.again(gil)).refused is None
    # Whoever goes of their own will meets the rule as it is now.
    await lea.must("people.leave")
    await stage.settle()
    assert (await (await stage.again(lea)).ask("people.join", name="Lea"))["code"] in {"invited_only", "room_locked"}
    await owner.must("rooms.update", admission="open")
    assert (await lea.ask("people.join", name="Lea"))["ok"]


@pytest.mark.feature("R4")
@pytest.mark.parametrize("rule", ["invited", "groups", "locked"])
async def test_who_was_away_for_long_is_outside_until_the_door_lets_them_in(
    stage: Stage, place: Place, owner: LocalClient, rule: str
) -> None:
    """Their membership alone opens nothing: no command, no query, no connection."""
    gil = await stage.come(place, "Gil")
    await owner.must("chat.send", body="the secret of the house")
    gil.lose()
    await stage.pass_time(30)
    await owner.must("rooms.update", admission=rule, groups=["founders"])
    for word, payload in (
        ("chat.send", {"body": "let me in"}),
        ("chat.history", {}),
        ("people.update", {"about": "x"}),
    ):
        assert (await gil.ask(word, **payload))["code"] == "not_joined", word
    gil.forget()
    await gil.connect()
    assert gil.refused in {"invited_only", "room_locked"}
    assert "the secret" not in str(gil.got)
    assert not (await gil.ask("people.join", name="Gil"))["ok"]
    await owner.must("rooms.update", admission="open")
    assert (await gil.connect()).refused is None


@pytest.mark.feature("R4")
async def test_a_knock_is_for_newcomers(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("rooms.update", admission="knock")
    await guest.must("people.leave")
    await stage.settle()
    assert (await stage.come(place, "Gil", identity=guest.identity)).refused is None


@pytest.mark.feature("R4")
async def test_groups(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", admission="groups", groups=["Founders"])
    ada, ben, cleo = [await Visitor.come(stage, place) for _ in range(3)]
    await ada.sign_up("ada@example.org", groups=("founders",), proven=False)
    await ben.sign_up("ben@example.org", groups=("corporate",))
    assert [await each.try_to_join() for each in (ada, ben, cleo)] == [None, "not_invited", "invited_only"]
    # A late change takes effect at once.
    await owner.must("rooms.update", groups=["everyone"])
    assert [await each.try_to_join() for each in (ben, cleo)] == [None, "invited_only"]


@pytest.mark.feature("R4")
async def test_groups_are_told_to_hosts_only(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    assert (await owner.ask("rooms.update", admission="groups"))["field"] == "groups"
    await owner.must("rooms.update", admission="groups", groups=["Founders", "founders ", "corporate"])
    assert (await owner.look())["features"]["rooms"]["hosts"]["groups"] == ["corporate", "founders"]
    assert (await guest.look())["features"]["rooms"]["hosts"] is None
    assert "founders" not in str(guest.got).lower()
    assert (await owner.ask("rooms.update", groups=[]))["field"] == "groups"


@pytest.mark.feature("R4")
async def test_hosts_choose_among_the_groups_that_they_know(stage: Stage) -> None:
    place = await stage.room()
    stranger = await Visitor.come(stage, place)
    owner = await stage.owner(place)
    assert await owner.must("rooms.known_groups") == {"ok": True, "groups": ["everyone"]}
    await stranger.sign_up("stranger@example.org", groups=("secret society",))
    assert "secret society" not in (await owner.must("rooms.known_groups"))["groups"]


@pytest.mark.feature("R4")
async def test_a_disabled_account_is_none(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", admission="groups", groups=["everyone"])
    ada = await Visitor.come(stage, place)
    await ada.sign_up("ada@example.org")
    assert await ada.way() == "open"

    async def disable(work: Work) -> None:
        await work.session.execute(update(Account).values(disabled_at=work.now))

    await stage.house.writer.run("", disable)
    assert await ada.try_to_join() == "invited_only"
