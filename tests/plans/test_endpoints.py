"""Where push messages may go: nowhere that only the server can reach, and only to whom the name belongs."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from salon.plans import endpoints
from salon.plans.endpoints import look_up
from salon.plans.push import Pusher
from tests.plans.stand_in import PushService, push_service
from tests.plans.support import ben_of, person, plan, subscriptions
from tests.support.authority import Authority
from tests.support.house import Stage

pytestmark = pytest.mark.feature("R6")

LATER = "2026-03-20T13:00"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://203.0.113.9/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.1.2.3/x",
        "https://192.168.0.1:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[fe80::1]/x",
        "https://[fd00::1]/x",
        "https://[2002:0a00:0001::]/x",
        "https://[64:ff9b::10.0.0.1]/x",
        "https://224.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://user:secret@8.8.8.8/x",
        "https:///x",
        "https://8.8.8.8:99999/x",
        "https://8.8.8.8/a b",
        "https://8.8.8.8/\r\nX: y",
        "ftp://8.8.8.8/x",
        "file:///etc/passwd",
        "https://" + "a" * 300 + ".example/x",
        "https://no-such-host.invalid/x",
    ],
)
async def test_pushes_stay_out_of_private_networks(quiet: Stage, service: PushService, endpoint: str) -> None:
    ben = await ben_of(quiet)
    body = {**service.browser().subscription, "endpoint": endpoint}
    answer = await ben.ask("POST", "/push/subscriptions", body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "push_invalid", "endpoint")
    assert await subscriptions(quiet) == []


async def test_public_addresses_are_allowed() -> None:
    target = await look_up("https://8.8.8.8/send/abc?x=1", private=False)
    assert (target.origin, target.host, target.urls) == (
        "https://8.8.8.8",
        "8.8.8.8",
        ["https://8.8.8.8:443/send/abc?x=1"],
    )
    target = await look_up("https://[2001:4860:4860::8888]:8443/x", private=False)
    assert (target.origin, target.urls) == (
        "https://[2001:4860:4860::8888]:8443",
        ["https://[2001:4860:4860::8888]:8443/x"],
    )


async def test_a_name_that_leads_elsewhere_later_is_not_followed(
    quiet: Stage, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["8.8.8.8"], ["127.0.0.1"]]

    async def addresses(_name: str, _port: int) -> list[str]:
        return answers.pop(0)

    monkeypatch.setattr(endpoints, "_addresses", addresses)
    ana, ben = await person(quiet), await ben_of(quiet)
    port = service.url.rpartition(":")[2]
    body = {**service.browser().subscription, "endpoint": f"https://push.example.org:{port}/x"}
    await ben.must("POST", "/push/subscriptions", body)
    await plan(ana, LATER, invitees=["ben@example.org"])
    await quiet.pass_time(1)
    assert answers == []
    assert service.pushes == []
    assert await subscriptions(quiet) == []


@pytest.mark.parametrize("change", [{"p256dh": "x"}, {"auth": "x"}, {"p256dh": "?" * 87}])
async def test_keys_must_look_like_keys(pushing: Stage, service: PushService, change: dict[str, str]) -> None:
    ben = await ben_of(pushing)
    body = service.browser().subscription
    body["keys"] |= change
    assert await ben.code("POST", "/push/subscriptions", body) == "invalid"


@pytest.mark.parametrize(("name", "arrives"), [("localhost", True), ("other.example.org", False)])
async def test_the_certificate_must_be_for_the_name(pushing: Stage, tmp_path: Path, name: str, arrives: bool) -> None:
    authority = Authority(tmp_path)
    async with push_service(authority.server(name)) as service:
        ana, ben = await person(pushing), await ben_of(pushing)
        (pusher,) = (each for each in pushing.house.services if isinstance(each, Pusher))
        pusher._client = httpx.AsyncClient(verify=authority.trusting(), trust_env=False)
        browser = service.browser()
        await ben.must("POST", "/push/subscriptions", browser.subscription)
        await plan(ana, LATER, invitees=["ben@example.org"])
        await pushing.pass_time(1)
        assert len(service.pushes) == int(arrives)
