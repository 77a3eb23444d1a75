"""What administrators see and do, in real browsers; the first one is made by the command line."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.account_steps import OTHER, PASSWORD, at_account, sign_in, sign_up
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]

BOSS = "boss@example.org"


def add_boss(server: ServerProcess) -> None:
    subprocess.run(
        [sys.executable, "-m", "salon.cli", "user", "add", BOSS, "--name", "Boss", "--admin"],
        input=PASSWORD.encode(),
        env={**os.environ, "SALON_DATA_DIR": str(server._folder / "data")},
        cwd=server._folder,
        check=True,
        timeout=60,
        capture_output=True,
    )


async def boss_at(server: ServerProcess, page: Page, path: str) -> None:
    await asyncio.to_thread(add_boss, server)
    await page.goto(f"/account?back={path}")
    await sign_in(page, email=BOSS)
    # The page to sign in at has the path in its address too.
    await page.wait_for_url(lambda url: urlsplit(url).path == path)


async def menu(page: Page, name: str, word: str) -> None:
    await page.get_by_role("button", name=f"What to do with {name}").click()
    await page.get_by_role("menuitem", name=word).click()


@pytest.mark.feature("P6")
async def test_nobody_else_learns_that_there_is_an_administration(own_server: ServerProcess, people: Opener) -> None:
    page = await people()
    for who in ("a guest", "somebody with an account"):
        if who != "a guest":
            await page.goto("/account")
            await sign_up(page)
            await at_account(page)
            await expect(page.get_by_role("button", name="Administration")).to_have_count(0)
        for path in ("/admin", "/admin/audit", "/admin/nothing"):
            await page.goto(path)
            await expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()


async def ana_and_boss(server: ServerProcess, people: Opener) -> tuple[Page, Page]:
    """Somebody with an account on their page, and an administrator before the list of all."""
    ana, boss = await people(phone=True), await people()
    await ana.goto("/account")
    await sign_up(ana)
    await at_account(ana)
    await boss_at(server, boss, "/admin/users")
    return ana, boss


@pytest.mark.feature("P6")
async def test_users_are_found_grouped_and_disabled(own_server: ServerProcess, people: Opener) -> None:
    ana, boss = await ana_and_boss(own_server, people)
    await steps.create_room(ana)
    await steps.come_in(ana, "Ana")
    await expect(boss.get_by_text("2 accounts")).to_be_visible()
    await boss.get_by_label("Find by name or address").fill("nobody at all")
    await expect(boss.get_by_text("Nobody found")).to_be_visible()
    await boss.get_by_label("Find by name or address").fill("ANA@")
    await expect(boss.get_by_text("1 account", exact=True)).to_be_visible()

    await menu(boss, "Ana Berg", "Groups…")
    await boss.get_by_label("Groups", exact=True).fill("founders, , corporate")
    await boss.get_by_role("button", name="Save").click()
    row = boss.get_by_role("main").get_by_role("listitem")
    for group in ("founders", "corporate"):
        await expect(row.get_by_text(group)).to_be_visible()

    await menu(boss, "Ana Berg", "Disable…")
    await steps.answer(boss, "Disable")
    await expect(row.get_by_text("Disabled")).to_be_visible()
    await expect(steps.composer(ana)).to_have_count(0)
    await ana.goto("/account")
    await sign_in(ana)
    await expect(ana.get_by_role("alert")).to_contain_text("has disabled this account")
    await menu(boss, "Ana Berg", "Enable")
    await expect(row.get_by_text("Disabled")).to_have_count(0)


@pytest.mark.feature("P6", "P2")
async def test_administrators_hand_out_links_and_make_others_administrators(
    own_server: ServerProcess, people: Opener
) -> None:
    ana, boss = await ana_and_boss(own_server, people)
    row = boss.get_by_role("main").get_by_role("listitem").filter(has_text="Ana Berg")
    await menu(boss, "Ana Berg", "Link for a new password…")
    await steps.answer(boss, "Make the link")
    link = await boss.get_by_label("The link").inner_text()
    assert link.startswith(own_server.url)
    await boss.keyboard.press("Escape")
    await expect(boss.get_by_text(link)).to_have_count(0)
    await ana.goto(link)
    await ana.get_by_label("New password").fill(OTHER)
    await ana.get_by_role("button", name="Save and sign in").click()
    await at_account(ana)

    await menu(boss, "Ana Berg", "Make administrator…")
    await steps.answer(boss, "Make administrator")
    await expect(row.get_by_text("Administrator")).to_be_visible()
    await ana.reload()
    await ana.get_by_role("button", name="Administration").click()
    await menu(ana, "Boss", "Take administrator's rights…")
    await steps.answer(ana, "Take the rights")
    await menu(ana, "Ana Berg", "Take administrator's rights…")
    await steps.answer(ana, "Take the rights")
    await expect(ana.get_by_text("This is the only administrator.")).to_be_visible()
    await boss.reload()
    await expect(boss.get_by_role("heading", name="There is nothing at this address")).to_be_visible()


@pytest.mark.feature("P6")
async def test_rooms_are_found_and_closed_and_the_list_tells_who_did_it(
    own_server: ServerProcess, people: Opener
) -> None:
    host, boss = await people(phone=True), await people()
    await host.goto("/")
    await host.get_by_role("button", name="Name, theme").click()
    await host.get_by_placeholder("Thursday evening").fill("Choir")
    await steps.talk_only(host)
    await host.get_by_role("button", name="Meeting").click()
    await steps.come_in(host, "Gil")
    await boss_at(own_server, boss, "/admin/rooms")
    await boss.get_by_label("Find by name").fill("choir")
    await expect(boss.get_by_text("1 here")).to_be_visible()
    assert host.url.rsplit("/", 1)[1] not in await boss.content()
    await boss.get_by_role("button", name="Close…").click()
    await expect(boss.get_by_text("One person is in it.")).to_be_visible()
    await steps.answer(boss, "Close for everyone")
    await expect(host.get_by_role("heading", name="This room is closed")).to_be_visible()
    await boss.get_by_label("Find by name").fill("choi")
    await expect(boss.get_by_text("No such room")).to_be_visible()
    await boss.get_by_text("Closed too").click()
    await expect(boss.get_by_text("Choir")).to_be_visible()

    await boss.get_by_role("link", name="Audit").click()
    lines = boss.get_by_role("main").get_by_role("listitem")
    await expect(lines.first).to_contain_text("Boss closed the room Choir")
    await expect(lines).to_have_count(3)
    await lines.first.get_by_role("button", name="Choir").click()
    await expect(lines).to_have_count(1)
    await boss.get_by_role("button", name="About Choir").click()
    await expect(lines).to_have_count(3)
    await boss.get_by_label("What to show").select_option(label="What administrators did to accounts")
    await expect(lines).to_have_count(1)
    await expect(lines).to_contain_text("The server or its command line added the account of Boss")
    await boss.get_by_label("What to show").select_option(label="New passwords by a link")
    await boss.get_by_role("button", name="Show everything").click()
    await expect(lines).to_have_count(3)


@pytest.mark.feature("P6", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_of_the_administration_has_faults(own_server: ServerProcess, people: Opener, dark: bool) -> None:
    wide, phone = await people(dark=dark), await people(dark=dark, phone=True)
    await boss_at(own_server, wide, "/admin/users")
    await phone.goto("/account")
    await sign_in(phone, email=BOSS)
    await at_account(phone, "Boss")
    await steps.create_room(phone)
    for page in (wide, phone):
        for tab in ("users", "rooms", "audit"):
            await page.goto(f"/admin/{tab}")
            await expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
            assert await find_faults(page) == []
    await wide.goto("/admin/users")
    # By keys alone.
    await wide.get_by_role("button", name="What to do with Boss").focus()
    await wide.keyboard.press("Enter")
    # The menu takes the focus after it is drawn.
    await expect(wide.get_by_role("menuitem", name="Groups…")).to_be_focused()
    await wide.keyboard.press("Enter")
    await expect(wide.get_by_role("dialog", name="Groups of Boss")).to_be_visible()
    assert await find_faults(wide) == []
    await wide.keyboard.press("Escape")
    await menu(wide, "Boss", "Link for a new password…")
    await steps.answer(wide, "Make the link")
    await expect(wide.get_by_role("dialog", name="Link for a new password")).to_be_visible()
    assert await find_faults(wide) == []
