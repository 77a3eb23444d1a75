"""Pages of planned rooms: lists, the banner, pushes, and what axe finds wrong with them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Opener
from tests.e2e.plans.support import (
    api,
    plan_by_api,
    row,
    with_account,
)
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180), pytest.mark.feature("R6")]


async def test_the_banner_is_put_away_for_this_time_and_never_over_the_composer(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    page = await people(phone=True)
    await with_account(page, mailbox, "Ana")
    await plan_by_api(page, "Design review")
    other = await api(page, "POST", "/rooms", {"preset": "meeting", "activities": ["chat"]})
    await page.goto(f"/r/{other['link']}")
    await page.get_by_label("Your name").fill("Ana")
    await page.get_by_role("button", name="Come in").click()
    composer = page.get_by_role("textbox", name="Message everyone")
    banner = page.get_by_role("region", name="Begins soon")
    await expect(composer).to_be_visible()
    await expect(banner).to_be_visible()
    below, above = await composer.bounding_box(), await banner.bounding_box()
    assert below is not None
    assert above is not None
    assert above["y"] == 0
    assert above["height"] < below["y"]
    assert below["y"] + below["height"] <= 844
    # The frame made room: nothing is to be scrolled.
    assert await page.evaluate("document.documentElement.scrollHeight") == 844
    assert await find_faults(page) == []
    await banner.get_by_role("button", name="Put away for this time").click()
    await expect(banner).to_have_count(0)
    await page.reload()
    await expect(composer).to_be_visible()
    await page.goto("/plans")
    await expect(row(page, "Design review").get_by_role("button", name="Join now")).to_be_visible()
    await expect(banner).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_of_plans_has_faults(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox, dark: bool
) -> None:
    ana, ben = await people(dark=dark), await people(dark=dark, phone=True)
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben")
    repeat = {"every": "week", "weekdays": ["tue"]}
    made = await plan_by_api(ana, "Weekly", invitees=["ben@example.org"], repeat=repeat, description="Bring tea.")
    await plan_by_api(ana, "Soon", invitees=["ben@example.org"])
    for page in (ana, ben):
        for path in ("/plans", "/plans?list=past", f"/plans/{made['id']}"):
            await page.goto(path)
            await expect(page.locator("[aria-busy=true]")).to_have_count(0)
            await expect(page.get_by_role("region", name="Begins soon")).to_be_visible()
            assert await find_faults(page) == []
    await ana.goto(f"/plans/{made['id']}/edit")
    await expect(ana.get_by_role("list", name="The next times")).to_be_visible()
    assert await find_faults(ana) == []
    await ana.get_by_role("combobox", name="Time zone").click()
    await expect(ana.get_by_role("option", name="Abidjan")).to_be_visible()
    assert await find_faults(ana) == []
    await ben.goto(f"/plans/{made['id']}/edit")
    await expect(ben.get_by_role("heading", name="This cannot be changed")).to_be_visible()
    await ben.goto("/plans/unknown")
    await expect(ben.get_by_role("heading", name="No plan of yours")).to_be_visible()
    assert await find_faults(ben) == []


async def test_a_list_comes_in_pages(people: Opener, own_server: ServerProcess, mailbox: Mailbox) -> None:
    page = await people()
    await with_account(page, mailbox, "Ana")
    for number in range(23):
        await plan_by_api(page, f"Meeting {number:02}", ahead=60 * (number + 1))
    await page.goto("/plans")
    shown = page.get_by_role("list", name="Upcoming").get_by_role("listitem")
    await expect(shown).to_have_count(20)
    await page.get_by_role("button", name="Show more").click()
    await expect(shown).to_have_count(23)
    await expect(shown.last).to_contain_text("Meeting 22")
    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)


@pytest.mark.real("whole-chromium")
async def test_a_push_is_shown_and_leads_to_the_room(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    page = await people()
    await with_account(page, mailbox, "Ana")
    plan = await plan_by_api(page, "Design review", ahead=60)
    await page.context.grant_permissions(["notifications"], origin=own_server.url)
    served = await page.request.get("/sw.js")
    assert served.headers["content-type"].startswith("text/javascript")
    assert served.headers["cache-control"] == "no-cache"
    await page.evaluate(
        "navigator.serviceWorker.register('/sw.js', {scope: '/'}).then(() => navigator.serviceWorker.ready)"
    )

    inspector = await page.context.new_cdp_session(page)
    registrations: list[str] = []
    inspector.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    await inspector.send("ServiceWorker.enable")
    await eventually(lambda: registrations, "the worker")
    data = (
        f'{{"kind": "plan.reminder", "plan": "{plan["id"]}", "title": "Design review", "minutes": 5, '
        f'"text": {{"title": "Design review", "body": "Begins in 5 minutes."}}, "url": "/r/{plan["link"]}"}}'
    )
    message = {"origin": own_server.url, "registrationId": registrations[0]}
    shown = """async () => {
        const worker = await navigator.serviceWorker.ready
        let all = []
        for (const end = Date.now() + 30000; all.length < 2 && Date.now() < end; ) {
            await new Promise((go) => setTimeout(go, 50))
            all = await worker.getNotifications()
        }
        return all.map((n) => [n.title, n.body, n.tag, n.data.url])
    }"""
    # Twice about the same plan: the second takes the place of the first. What cannot be read is shown as well.
    for text in (data, data, "garbage"):
        await inspector.send("ServiceWorker.deliverPushMessage", {**message, "data": text})
    seen = await page.evaluate(shown)
    assert sorted(seen) == [
        ["Design review", "Begins in 5 minutes.", f"plan {plan['id']}", f"/r/{plan['link']}"],
        ["Salon", "There is something new about your planned rooms.", "plan ", "/plans"],
    ]
