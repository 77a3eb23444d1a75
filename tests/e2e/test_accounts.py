"""Accounts in real browsers: with a real mail server, from signing up to being forgotten."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from tests.e2e import steps
from tests.e2e.account_steps import (
    EMAIL,
    OTHER,
    PASSWORD,
    age_sessions,
    at_account,
    mails_to,
    new_account,
    sign_in,
    sign_up,
)
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

pytestmark = [pytest.mark.usefixtures("mailbox"), pytest.mark.real("chromium"), pytest.mark.timeout(180)]


@pytest.mark.feature("P2", "P5")
async def test_a_guest_signs_up_from_a_room_and_everything_stays_theirs(
    own_server: ServerProcess, people: Opener
) -> None:
    page, other = await people(phone=True), await people()
    await steps.create_room(page)
    await steps.come_in(page, "Ana")
    link = page.url
    await steps.say(page, "written as a guest")
    await steps.see(page, "written as a guest")
    await other.goto(link)
    await expect(other.get_by_text("No account needed")).to_be_visible()
    await steps.come_in(other, "Ben")

    await page.get_by_role("button", name="You and this device").click()
    await page.get_by_role("menuitem", name="Sign in and keep what you did").click()
    await expect(page.get_by_text("comes with you")).to_be_visible()
    await sign_up(page)
    await page.wait_for_url(link)
    await steps.see(page, "written as a guest")
    await page.get_by_role("button", name="You and this device").click()
    await expect(page.get_by_text("Owner")).to_be_visible()
    await expect(page.get_by_text(f"Signed in as {EMAIL}")).to_be_visible()
    await page.keyboard.press("Escape")

    # On another device the guest of the same room becomes the same person.
    await steps.say(other, "from the other device")
    await other.get_by_role("button", name="You and this device").click()
    await other.get_by_role("menuitem", name="Sign in and keep what you did").click()
    await sign_in(other)
    await other.wait_for_url(link)
    for each in (page, other):
        await steps.see(each, "from the other device")
    await expect(other.get_by_role("button", name="Room settings")).to_be_visible()
    await steps.act(other, "written as a guest", "Edit")


@pytest.mark.feature("P2")
async def test_the_address_is_confirmed_by_a_real_mail(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    page = await people()
    await page.goto("/")
    await page.get_by_role("link", name="Sign in").click()
    await sign_up(page)
    await expect(page).to_have_url(own_server.url + "/")
    await page.get_by_role("link", name="Your account").click()
    await at_account(page)
    await expect(page.get_by_text("Not confirmed")).to_be_visible()

    # The server sends it when it gets to it.
    await mails_to(mailbox, EMAIL, 1)
    link = re.search(r"http\S+#\S+", mailbox.to(EMAIL)[0].get_content())
    assert link
    assert link[0].startswith(own_server.url)
    phone = await people(phone=True)
    await phone.goto(link[0])
    await phone.get_by_role("button", name="Confirm my address").click()
    await expect(phone.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    await phone.reload()
    await phone.get_by_role("button", name="Confirm my address").click()
    await expect(phone.get_by_role("heading", name="This link is used up")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()


@pytest.mark.feature("P2")
async def test_a_forgotten_password_is_replaced_by_a_real_mail(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    page, phone = await people(), await people(phone=True)
    await new_account(page)
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_role("link", name="I forgot my password").click()
    await expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
    for address in ("nobody@example.org", EMAIL):
        await page.get_by_label("E-mail address").fill(address)
        await page.get_by_role("button", name="Send the link").click()
        await expect(page.get_by_text(f"If {address} has an account here")).to_be_visible()
        await page.get_by_role("button", name="Another address").click()
    token = await mails_to(mailbox, EMAIL, 2)
    assert mailbox.to("nobody@example.org") == []

    await phone.goto(f"/account/reset#{token}")
    await phone.get_by_label("New password").fill("password1")
    await phone.get_by_role("button", name="Save and sign in").click()
    await expect(phone.get_by_role("alert")).to_contain_text("everybody tries first")
    await phone.get_by_label("New password").fill(OTHER)
    await phone.get_by_role("button", name="Save and sign in").click()
    await at_account(phone)
    await page.goto(f"/account/reset#{token}")
    await page.get_by_label("New password").fill(OTHER)
    await page.get_by_role("button", name="Save and sign in").click()
    await expect(page.get_by_role("heading", name="This link is used up")).to_be_visible()

    await page.goto("/account")
    await sign_in(page, PASSWORD)
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await sign_in(page, OTHER)
    await at_account(page)


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (1200, 800), (30, 120, 200)).save(made, "JPEG")
    return made.getvalue()


def photograph(content: bytes) -> FilePayload:
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": content}


@pytest.mark.feature("P2")
async def test_the_profile_is_the_same_on_all_devices(own_server: ServerProcess, people: Opener) -> None:
    page, phone = await people(), await people(phone=True)
    await new_account(page)
    await page.get_by_label("Picture", exact=True).set_input_files(photograph(b"no picture"))
    await expect(page.get_by_role("alert")).to_contain_text("cannot read that file")
    await page.get_by_label("Picture", exact=True).set_input_files(photograph(picture()))
    await page.get_by_role("button", name="Use this picture").click()
    await expect(page.get_by_role("button", name="Another picture")).to_be_visible()
    await page.get_by_label("Your name").fill("Ana from Berg")
    await page.get_by_label("A line about you").fill("Plays the cello")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    await page.get_by_text("Dark", exact=True).click()
    await expect(page.locator("html")).to_have_attribute("data-mode", "dark")
    await page.get_by_label("Dates, times and numbers").select_option("de")
    await expect(page.get_by_text("12.345,6")).to_be_visible()

    await phone.goto("/account")
    await sign_in(phone)
    await at_account(phone, "Ana from Berg")
    await expect(phone.locator("html")).to_have_attribute("data-mode", "dark")
    await expect(phone.get_by_label("Dates, times and numbers")).to_have_value("de")
    shown = phone.locator("header img")
    await expect(shown.first).to_have_js_property("naturalWidth", 256)
    # And in rooms.
    await steps.create_room(phone)
    await expect(phone.get_by_label("Your name")).to_have_value("Ana from Berg")
    await expect(phone.get_by_label("A line about you")).to_have_value("Plays the cello")
    await phone.get_by_role("button", name="Come in").click()
    await expect(phone.get_by_role("button", name="You and this device").locator("img")).to_be_visible()

    await page.reload()
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("button", name="Add a picture")).to_be_visible()
    # Chosen elsewhere on the page, it is the account's too.
    async with page.expect_response(
        lambda answer: answer.request.method == "PATCH" and answer.url.endswith("/api/account")
    ):
        await page.get_by_role("button", name="Dark", exact=True).click()
    await phone.goto("/account")
    await expect(phone.get_by_role("radio", name="System")).to_be_checked()


@pytest.mark.feature("P2")
async def test_signing_out_everywhere_closes_the_other_browser_s_room(
    own_server: ServerProcess, people: Opener
) -> None:
    """How soon is a matter of the server's tests: connections are cut with the commit."""
    page, other, guest = await people(), await people(), await people()
    await new_account(page)
    await steps.create_room(other)
    await steps.come_in(other, "Ana")
    await guest.goto(other.url)
    await steps.come_in(guest, "Ben")
    await other.get_by_role("button", name="You and this device").click()
    await other.get_by_role("menuitem", name="Sign in and keep").click()
    await sign_in(other)
    await steps.say(other, "still in")
    await steps.see(guest, "still in")

    await page.reload()
    await expect(page.get_by_text("A browser")).to_have_count(2)
    await page.get_by_role("button", name="Sign out everywhere").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Sign out everywhere").click()
    await expect(steps.composer(other)).to_have_count(0)
    await expect(other.get_by_label("Your name")).to_be_visible()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await steps.say(guest, "goes on")
    await expect(other.get_by_text("goes on")).to_have_count(0)
    await other.goto("/account")
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.feature("P2")
async def test_what_matters_most_asks_for_the_password_again(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    page, phone = await people(), await people(phone=True)
    await new_account(page)
    await phone.goto("/account")
    await sign_in(phone)
    await at_account(phone)
    age_sessions(own_server)
    await page.reload()
    await page.get_by_role("button", name="Sign out the device").click()
    dialog = page.get_by_role("dialog", name="Is it still you?")
    await expect(dialog).to_be_visible()
    assert await find_faults(page) == []
    await dialog.get_by_label("Your password").fill(OTHER)
    await dialog.get_by_role("button", name="Go on").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not the password")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("A browser")).to_have_count(2)
    await page.get_by_role("button", name="Sign out the device").click()
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("A browser")).to_have_count(1)
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()

    # Fresh now: another address needs no more than a mail.
    await page.get_by_role("button", name="Change the address").click()
    await page.get_by_label("New address").fill("ana@new.example.org")
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_text("within ten minutes")).to_be_visible()
    token = await mails_to(mailbox, "ana@new.example.org", 1)
    await phone.goto(f"/account/verify#{token}")
    await phone.get_by_role("button", name="Confirm my address").click()
    await expect(phone.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("ana@new.example.org")).to_be_visible()
    await eventually(
        lambda: "another e-mail address" in mailbox.to(EMAIL)[-1].get_content(), "the mail to the address of before"
    )

    await page.get_by_role("button", name="Change the password").click()
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_label("New password").fill(OTHER)
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_text("The new password holds.")).to_be_visible()


@pytest.mark.feature("P2")
async def test_an_account_is_deleted_with_what_was_written(own_server: ServerProcess, people: Opener) -> None:
    page, guest = await people(), await people()
    await new_account(page)
    await steps.create_room(guest)
    await steps.come_in(guest, "Ben")
    await page.goto(guest.url)
    await steps.come_in(page, "Ana Berg")
    await steps.say(page, "nobody will remember this")
    await steps.see(guest, "nobody will remember this")
    await page.goto("/account")
    await page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("alertdialog", name="Delete your account?")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete everything").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Type the word")
    await dialog.get_by_label("Type the word").fill("delete")
    await dialog.get_by_label("Your password").fill(OTHER)
    await dialog.get_by_role("button", name="Delete everything").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not the password")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete everything").click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await expect(steps.message(guest, "nobody will remember this")).to_have_count(0)
    await guest.reload()
    await expect(steps.composer(guest)).to_be_visible()
    for gone in ("nobody will remember this", "Ana Berg"):
        await expect(guest.get_by_text(gone)).to_have_count(0)
    await page.goto("/account")
    await sign_in(page)
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
