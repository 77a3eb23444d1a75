"""One's browsers that are told while no page is open: which they are, and how any of them is taken off."""

from __future__ import annotations

from typing import Any

import pytest

from salon.core.devices import browser_of
from salon.core.sessions import NewSession
from salon.core.writer import Work
from salon.plans.push import STOPPED_KEPT_MS
from tests.accounts.support import PASSWORD, Caller
from tests.plans.stand_in import PushService
from tests.plans.support import ben_of, person, plan, subscriptions
from tests.support.dump import dump
from tests.support.house import Stage

pytestmark = pytest.mark.feature("R6")

LATER = "2026-03-20T13:00"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def switch_on(who: Caller, body: dict[str, Any], agent: str = FIREFOX) -> None:
    await who.must("POST", "/push/subscriptions", body, headers={"User-Agent": agent})


async def browsers(who: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await who.must("GET", "/push/subscriptions"))["subscriptions"]
    return found


async def second_device(stage: Stage, who: Caller) -> Caller:
    """Another browser in which this person is signed in."""

    async def begin(work: Work) -> NewSession:
        return stage.house.sessions.begin(work, who.identity, bearer=True)

    return Caller(stage, who.identity, (await stage.house.writer.run("", begin)).token)


def about(moment: int) -> Any:
    """The writer's moments are a little ahead of the clock."""
    return pytest.approx(moment, abs=2000)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on a Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile Safari/604.1",
            "Chrome on an iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_has_a_name_that_people_know(agent: str, name: str) -> None:
    assert browser_of({"user-agent": agent}) == name


async def test_the_list_is_of_ones_own_browsers(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    phone = await second_device(pushing, ben)
    await switch_on(ana, service.browser("anas").subscription)
    began = pushing.clock.now()
    await switch_on(ben, service.browser("desk").subscription)
    pushing.clock.advance(seconds=60)
    await switch_on(phone, service.browser("phone").subscription, "Mozilla/5.0 (Android 15) Firefox/140.0")
    first, second = await browsers(ben)
    assert first == {
        "id": first["id"],
        "browser": "Firefox on Android",
        "current": False,
        "created_at": first["created_at"],
    }
    assert (second["browser"], second["current"], second["created_at"]) == ("Firefox on Windows", True, about(began))
    assert [each["current"] for each in await browsers(phone)] == [True, False]
    assert len(await browsers(ana)) == 1
    async with pushing.http() as http:
        assert (await http.get("/api/push/subscriptions")).json()["code"] == "session_required"


async def test_told_anew_it_is_on_since_when_it_was(pushing: Stage, service: PushService) -> None:
    ben = await ben_of(pushing)
    body = service.browser().subscription
    await switch_on(ben, body)
    [before] = await browsers(ben)
    pushing.clock.advance(seconds=3600)
    await switch_on(ben, {**body, "again": True})
    assert await browsers(ben) == [before]
    await switch_on(ben, body)
    assert (await browsers(ben))[0]["created_at"] == about(pushing.clock.now())


async def test_any_of_them_is_taken_off_and_stays_off(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    phone = await second_device(pushing, ben)
    body = service.browser("phone").subscription
    await switch_on(phone, body)
    [listed] = await browsers(ben)
    await ana.must("DELETE", f"/push/subscriptions/{listed['id']}")
    assert len(await browsers(ben)) == 1, "another person's is left alone"
    for _ in range(2):
        await ben.must("DELETE", f"/push/subscriptions/{listed['id']}")
    assert await browsers(ben) == []
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert service.pushes == []
    # Its page tells it anew by itself, also after another sign-in: it stays off until it is switched on there.
    again = {**body, "again": True}
    assert await phone.code("POST", "/push/subscriptions", again) == "push_stopped"
    phone = await second_device(pushing, ben)
    assert await phone.code("POST", "/push/subscriptions", again) == "push_stopped"
    assert await subscriptions(pushing) == []
    await switch_on(phone, body)
    assert len(await browsers(ben)) == 1
    assert await phone.code("POST", "/push/subscriptions", again) == ""


async def test_whoever_uses_the_browser_next_is_not_meant(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    body = service.browser().subscription
    await switch_on(ben, body)
    await ben.must("DELETE", f"/push/subscriptions/{(await browsers(ben))[0]['id']}")
    await switch_on(ana, {**body, "again": True})
    assert len(await browsers(ana)) == 1


async def test_a_signed_out_browser_is_not_on_the_list(pushing: Stage, service: PushService) -> None:
    ben = await ben_of(pushing)
    phone = await second_device(pushing, ben)
    await switch_on(phone, service.browser("phone").subscription)
    await phone.must("POST", "/account/sign-out")
    assert await browsers(ben) == []


async def test_nothing_is_kept_for_ever(pushing: Stage, service: PushService) -> None:
    ben = await ben_of(pushing)
    for name in ("one", "two"):
        await switch_on(ben, service.browser(name).subscription)
        await ben.must("DELETE", f"/push/subscriptions/{(await browsers(ben))[0]['id']}")
    assert len((await dump(pushing.house.storage))["push_stopped"]) == 2
    other = await person(pushing)
    await switch_on(other, service.browser("three").subscription)
    await other.must("DELETE", f"/push/subscriptions/{(await browsers(other))[0]['id']}")
    await ben.must("DELETE", "/account", {"password": PASSWORD})
    assert len((await dump(pushing.house.storage))["push_stopped"]) == 1
    await pushing.pass_time(STOPPED_KEPT_MS / 1000 + 60)
    assert (await dump(pushing.house.storage))["push_stopped"] == []
