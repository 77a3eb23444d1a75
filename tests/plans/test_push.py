"""Telling browsers while no page is open, against a push service on this machine."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from salon.plans import endpoints
from salon.plans.endpoints import look_up
from salon.plans.push import Pusher
from tests.accounts.support import Caller
from tests.plans.stand_in import PushService, push_service, vouches_for
from tests.plans.support import clock_at, jobs, person, plan, turn_to
from tests.support.dump import dump
from tests.support.house import Stage, open_stage

pytestmark = pytest.mark.feature("R6")

LATER = "2026-03-20T13:00"


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
async def pushing(tmp_path: Path, at_once: None) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, clock=clock_at("2026-03-20T12:00"), push_to_private_addresses=True) as it:
        yield it


async def subscriptions(stage: Stage) -> list[Any]:
    return (await dump(stage.house.storage))["push_subscriptions"]


async def ben_of(stage: Stage) -> Caller:
    return await person(stage, "ben@example.org", "Ben")


async def test_a_push_is_for_its_browser_alone(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    key = (await ben.must("GET", "/push/key"))["key"]
    browser = service.browser()
    for _ in range(2):
        assert await ben.must("POST", "/push/subscriptions", browser.subscription) == {"ok": True}
    made = await plan(ana, LATER, title="Täglich", invitees=["ben@example.org"])
    await pushing.pass_time(1)
    (push,) = service.pushes
    assert browser.read(push.body) == {
        "kind": "plan.created",
        "plan": made["id"],
        "title": "Täglich",
        "who": "Ana",
        "start": made["next"]["start"],
        "zone": "UTC",
        "minutes": None,
        "link": made["link"],
        "created_at": pytest.approx(made["created_at"], abs=2000),
        "text": {
            "title": "Täglich",
            "body": "Ana invites you: Friday, 20 March 2026, 13:00 to 14:00 (UTC)",
        },
        "url": f"/plans/{made['id']}",
    }
    assert b"Ana" not in push.body
    assert vouches_for(push, key, service.url)
    assert push.headers["Content-Encoding"] == "aes128gcm"
    assert push.headers["Host"] == service.url.removeprefix("http://")
    assert int(push.headers["TTL"]) > 3600
    await turn_to(pushing, "2026-03-20T12:45")
    await pushing.pass_time(1)
    reminder = browser.read(service.pushes[-1].body)
    assert (reminder["kind"], reminder["minutes"], reminder["url"]) == ("plan.reminder", 15, f"/r/{made['link']}")
    assert reminder["text"] == {"title": "Täglich", "body": "Begins in 15 minutes."}
    assert service.pushes[-1].headers["Urgency"] == "high"
    assert len(service.pushes) == 2
    assert [each.kind for each in await jobs(pushing) if each.kind == "push"] == []


async def test_the_key_is_the_same_after_a_restart(tmp_path: Path, at_once: None) -> None:
    keys = set()
    for _ in range(2):
        async with open_stage(tmp_path) as stage, stage.http() as http:
            keys.add((await http.get("/api/push/key")).json()["key"])
    assert len(keys) == 1
    assert len(keys.pop()) == 87


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(pushing: Stage, service: PushService, status: int) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = status
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert len(service.pushes) == 1
    assert await subscriptions(pushing) == []


async def test_failures_are_tried_again_less_and_less_often(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = 503
    await plan(ana, "2026-03-24T13:00", invitees=["ben@example.org"])
    counts = []
    for seconds in (1, 14, 2, 58, 3, 3600, 3600, 8 * 3600, 24 * 3600):
        await pushing.pass_time(seconds)
        counts.append(len(service.pushes))
    assert counts == [1, 1, 2, 2, 3, 4, 5, 6, 6]
    assert [each.kind for each in await jobs(pushing) if each.kind == "push"] == []
    assert len(await subscriptions(pushing)) == 1, "the browser may be there again for the next"
    service.status = 201


async def test_what_fails_at_first_arrives_once(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = 500
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    service.status = 201
    await pushing.pass_time(16)
    await pushing.pass_time(600)
    assert len(service.pushes) == 2


async def test_redirects_are_not_followed(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = 307
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert len(service.pushes) == 1
    assert [each.kind for each in await jobs(pushing) if each.kind == "push"] == []


async def test_two_servers_push_once(tmp_path: Path, at_once: None, service: PushService) -> None:
    clock = clock_at("2026-03-20T12:00")
    settings: dict[str, Any] = {"clock": clock, "push_to_private_addresses": True}
    async with open_stage(tmp_path, **settings) as one, open_stage(tmp_path, **settings) as two:
        ana, ben = await person(one), await ben_of(one)
        for number in range(10):
            await ben.must("POST", "/push/subscriptions", service.browser(f"b{number}").subscription)
        await plan(ana, LATER, invitees=["ben@example.org"])
        clock.advance(seconds=1)
        for _ in range(3):
            await one.house.sweep()
            await two.house.sweep()
        await one.settle()
        assert sorted(each.path for each in service.pushes) == [f"/b{number}" for number in range(10)]


async def test_what_a_server_began_and_died_is_sent_after_it(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    await plan(ana, LATER, invitees=["ben@example.org"])
    (pusher,) = (each for each in pushing.house.services if isinstance(each, Pusher))
    assert len(await pushing.house.writer.run("", pusher._claim)) == 1
    await pushing.pass_time(110)
    assert service.pushes == []
    await pushing.pass_time(11)
    assert len(service.pushes) == 1


async def test_a_browser_that_is_signed_out_is_told_nothing(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    await ben.must("POST", "/account/sign-out")
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert service.pushes == []
    await pushing.pass_time(60)
    assert await subscriptions(pushing) == []


async def test_a_browser_belongs_to_who_used_it_last_and_can_be_taken_back(
    pushing: Stage, service: PushService
) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    browser = service.browser().subscription
    await ana.must("POST", "/push/subscriptions", browser)
    await ben.must("POST", "/push/subscriptions", browser)
    ((_, whose, *_),) = await subscriptions(pushing)
    assert whose == ben.identity
    await ana.must("DELETE", "/push/subscriptions", {"endpoint": browser["endpoint"]})
    assert len(await subscriptions(pushing)) == 1, "another person's is left alone"
    await ben.must("DELETE", "/push/subscriptions", {"endpoint": browser["endpoint"]})
    assert await subscriptions(pushing) == []


async def test_of_many_browsers_the_oldest_gives_way(pushing: Stage, service: PushService) -> None:
    ben = await ben_of(pushing)
    for number in range(12):
        await ben.must("POST", "/push/subscriptions", service.browser(f"b{number}").subscription)
        pushing.clock.advance(seconds=1)
    kept = {row[3].rpartition("/")[2] for row in await subscriptions(pushing)}
    assert kept == {f"b{number}" for number in range(2, 12)}


# Where pushes may go


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


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server of this name, and for clients that trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


@pytest.mark.parametrize(("name", "arrives"), [("localhost", True), ("other.example.org", False)])
async def test_the_certificate_must_be_for_the_name(pushing: Stage, tmp_path: Path, name: str, arrives: bool) -> None:
    server, trusting = certificate(name, tmp_path)
    async with push_service(server) as service:
        ana, ben = await person(pushing), await ben_of(pushing)
        (pusher,) = (each for each in pushing.house.services if isinstance(each, Pusher))
        pusher._client = httpx.AsyncClient(verify=trusting, trust_env=False)
        browser = service.browser()
        await ben.must("POST", "/push/subscriptions", browser.subscription)
        await plan(ana, LATER, invitees=["ben@example.org"])
        await pushing.pass_time(1)
        assert len(service.pushes) == int(arrives)
