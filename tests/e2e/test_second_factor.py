"""A second factor in real browsers: set up with a real authenticator's arithmetic, asked for, lost, switched off."""

from __future__ import annotations

import io
import time
from email.message import EmailMessage
from pathlib import Path

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.account_steps import (
    EMAIL,
    OTHER,
    PASSWORD,
    age_sessions,
    at_account,
    new_account,
    sign_in,
)
from tests.e2e.conftest import Opener
from tests.e2e.test_admin import boss_at, menu
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox, token_in
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

pytestmark = [pytest.mark.usefixtures("mailbox"), pytest.mark.real("chromium"), pytest.mark.timeout(240)]


class App:
    """An authenticator by the clock of this machine. It gives no code twice."""

    def __init__(self, uri: str) -> None:
        totp = pyotp.parse_uri(uri)
        assert isinstance(totp, pyotp.TOTP)
        self.name, self.issuer = totp.name, totp.issuer
        self._hotp = pyotp.HOTP(totp.secret)
        self._used = 0

    async def code(self) -> str:
        """Of now, or of the next half minute, which the server takes for a clock that is fast."""
        await eventually(lambda: self._used <= time.time() // 30, "a code that was not used yet")
        self._used = max(self._used + 1, int(time.time() // 30))
        return self._hotp.at(self._used)

    def wrong(self) -> str:
        now = int(time.time() // 30)
        near = {self._hotp.at(now + each) for each in range(-3, 4)}
        return next(each for each in ("000000", "111111", "222222", "333333", "444444") if each not in near)


async def scan(page: Page) -> App:
    """Point the app at the screen."""
    picture = page.get_by_role("img", name="QR code for the authenticator app")
    await expect(picture).to_have_js_property("complete", True)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(await picture.screenshot())))
    return App(found.text)


async def recovery_codes(page: Page) -> list[str]:
    dialog = page.get_by_role("dialog", name="Your recovery codes")
    shown = dialog.get_by_role("listitem")
    await expect(shown).to_have_count(10)
    return await shown.all_inner_texts()


async def set_up(page: Page) -> tuple[App, list[str]]:
    """From the open dialog to the recovery codes."""
    dialog = page.get_by_role("dialog", name="Set up the second factor")
    await expect(dialog).to_be_visible()
    app = await scan(page)
    await dialog.get_by_label("Code of six digits").fill(await app.code())
    await page.keyboard.press("Enter")
    return app, await recovery_codes(page)


async def with_app(page: Page) -> tuple[App, list[str]]:
    """A new account with the second factor on."""
    await new_account(page)
    await region_of(page).get_by_role("button", name="Set it up…").click()
    made = await set_up(page)
    await page.get_by_role("button", name="I have kept them").click()
    return made


def about(mailbox: Mailbox, subject: str) -> list[EmailMessage]:
    """Mails to Ana. They are sent side by side, so that the last one need not be the newest."""
    return [mail for mail in mailbox.to(EMAIL) if subject in str(mail["Subject"])]


def region_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Second factor")


async def use_recovery(page: Page, code: str) -> None:
    await page.get_by_role("button", name="use a recovery code").click()
    await page.get_by_label("Recovery code").fill(code)
    await page.keyboard.press("Enter")


@pytest.mark.feature("P2", "O10")
async def test_it_is_set_up_with_an_app_and_codes_to_keep(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    page = await people()
    await new_account(page)
    region = region_of(page)
    await expect(region.get_by_text("Off", exact=True)).to_be_visible()
    age_sessions(own_server)
    await region.get_by_role("button", name="Set it up…").click()
    proof = page.get_by_role("dialog", name="Is it still you?")
    await proof.get_by_label("Your password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Set up the second factor")
    await expect(dialog).to_be_visible()
    assert await find_faults(page) == []
    app = await scan(page)
    assert (app.name, app.issuer) == (EMAIL, "Salon (127.0.0.1)")
    await dialog.get_by_text("Or type the key").click()
    key = await dialog.get_by_label("The key").inner_text()
    assert key.replace(" ", "") == app._hotp.secret
    code = dialog.get_by_label("Code of six digits")
    assert await code.get_attribute("autocomplete") == "one-time-code"
    assert await code.get_attribute("inputmode") == "numeric"
    await code.fill(app.wrong())
    await dialog.get_by_role("button", name="Switch it on").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not the code that the app shows")
    await expect(code).to_be_focused()
    await code.fill(await app.code())
    await page.keyboard.press("Enter")
    await recovery_codes(page)
    assert await find_faults(page) == []
    await page.get_by_role("button", name="I have kept them").click()
    await expect(region.get_by_text("On", exact=True)).to_be_visible()
    await expect(region.get_by_text("10 recovery codes are left")).to_be_visible()
    assert await find_faults(page) == []
    await eventually(lambda: about(mailbox, "second factor now"), "the mail")


@pytest.mark.feature("P2")
async def test_recovery_codes_are_kept_as_a_file_and_on_paper(
    own_server: ServerProcess, people: Opener, tmp_path: Path
) -> None:
    page = await people()
    await new_account(page)
    await region_of(page).get_by_role("button", name="Set it up…").click()
    _, codes = await set_up(page)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    file = tmp_path / "codes.txt"
    await (await downloading.value).save_as(file)
    assert all(each in file.read_text() for each in (*codes, EMAIL))
    await page.emulate_media(media="print")
    await expect(page.get_by_text(codes[0])).to_be_visible()
    await expect(page.get_by_text(f"account {EMAIL}")).to_be_visible()
    for gone in ("They are shown only now.", "I have kept them", "Where you are signed in"):
        await expect(page.get_by_text(gone, exact=True)).to_be_hidden()
    await page.emulate_media(media="screen")


@pytest.mark.feature("P2", "O10")
async def test_signing_in_takes_two_steps_on_every_device(own_server: ServerProcess, people: Opener) -> None:
    page, phone, dark = await people(), await people(phone=True), await people(phone=True, dark=True)
    app, codes = await with_app(page)
    # From a room, on a phone: back there after both steps.
    await steps.create_room(phone)
    await steps.come_in(phone, "Ana")
    link = phone.url
    await phone.get_by_role("button", name="You and this device").click()
    await phone.get_by_role("menuitem", name="Sign in and keep what you did").click()
    await sign_in(phone)
    await expect(phone.get_by_role("heading", name="Enter the code")).to_be_visible()
    assert await find_faults(phone) == []
    await phone.reload()
    field = phone.get_by_label("Code of six digits")
    await expect(field).to_be_focused()
    await field.fill(app.wrong())
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("alert")).to_contain_text("not right")
    await field.fill(await app.code())
    await phone.get_by_role("button", name="Sign in", exact=True).click()
    await phone.wait_for_url(link)
    await phone.get_by_role("button", name="You and this device").click()
    await expect(phone.get_by_text(f"Signed in as {EMAIL}")).to_be_visible()

    # Without the app.
    await dark.goto("/account")
    await sign_in(dark)
    await dark.get_by_role("button", name="use a recovery code").click()
    await expect(dark.get_by_role("heading", name="Use a recovery code")).to_be_visible()
    assert await find_faults(dark) == []
    await dark.get_by_label("Recovery code").fill(codes[0].lower())
    await dark.keyboard.press("Enter")
    await at_account(dark)
    await expect(dark.get_by_text("9 recovery codes are left")).to_be_visible()
    assert await find_faults(dark) == []


@pytest.mark.feature("P2", "O10")
async def test_a_new_password_is_not_enough_and_codes_are_renewed_and_switched_off(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    page, lost = await people(), await people()
    _, codes = await with_app(page)
    await lost.goto("/account/reset")
    await lost.get_by_label("E-mail address").fill(EMAIL)
    await lost.get_by_role("button", name="Send the link").click()
    await eventually(lambda: about(mailbox, "new password"), "the mail")
    token = token_in(about(mailbox, "new password")[-1])
    await lost.goto(f"/account/reset#{token}")
    await lost.get_by_label("New password").fill(OTHER)
    await lost.get_by_role("button", name="Save and sign in").click()
    await expect(lost.get_by_role("heading", name="Enter the code")).to_be_visible()
    await lost.get_by_role("button", name="Sign in as somebody else").click()
    await expect(lost.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(lost, OTHER)
    await use_recovery(lost, codes[1])
    await at_account(lost)

    # New codes, and off again, by keys alone.
    region = region_of(lost)
    await region.get_by_role("button", name="New recovery codes…").focus()
    await lost.keyboard.press("Enter")
    proof = lost.get_by_role("dialog", name="New recovery codes")
    await expect(proof).to_be_visible()
    assert await find_faults(lost) == []
    await proof.get_by_role("button", name="Use a recovery code instead").click()
    await lost.keyboard.type(codes[2])
    await lost.keyboard.press("Enter")
    assert set(await recovery_codes(lost)).isdisjoint(codes)
    await lost.get_by_role("button", name="I have kept them").click()
    await region.get_by_role("button", name="Switch it off…").click()
    proof = lost.get_by_role("dialog", name="Switch the second factor off?")
    await proof.get_by_label("Your password").fill(PASSWORD)
    await lost.keyboard.press("Enter")
    await expect(proof.get_by_role("alert")).to_contain_text("not the password")
    assert await find_faults(lost) == []
    await proof.get_by_label("Your password").fill(OTHER)
    await lost.keyboard.press("Enter")
    await expect(region.get_by_text("Off", exact=True)).to_be_visible()
    await page.goto("/account")
    await sign_in(page, OTHER)
    await at_account(page)


@pytest.mark.feature("P2", "P6")
@pytest.mark.parametrize("own_server", [{"admins_need_second_factor": "true"}], indirect=True, ids=["needed"])
async def test_administrators_are_led_to_setting_it_up_and_help_those_who_lost_theirs(
    own_server: ServerProcess, people: Opener
) -> None:
    boss, ana = await people(), await people(phone=True)
    await boss_at(own_server, boss, "/admin/users")
    await expect(boss.get_by_role("heading", name="A second factor first")).to_be_visible()
    assert await find_faults(boss) == []
    await boss.get_by_role("button", name="Set it up").click()
    await set_up(boss)
    await boss.get_by_role("button", name="I have kept them").click()
    await boss.wait_for_url("**/admin/users")
    row = boss.get_by_role("main").get_by_role("listitem")
    await expect(row.first.get_by_text("Second factor", exact=True)).to_be_visible()

    await with_app(ana)
    assert await find_faults(ana) == []
    await boss.reload()
    await expect(boss.get_by_text("Second factor", exact=True)).to_have_count(2)
    assert await find_faults(boss) == []
    await menu(boss, "Ana Berg", "Switch off second factor…")
    await steps.answer(boss, "Switch it off")
    await expect(boss.get_by_text("Ana Berg signs in with the password alone.")).to_be_visible()
    await expect(boss.get_by_text("Second factor", exact=True)).to_have_count(1)
    await boss.goto("/admin/audit")
    await expect(boss.get_by_text("switched off the second factor of")).to_be_visible()
    await ana.goto("/account")
    await sign_in(ana)
    await at_account(ana)
    await expect(region_of(ana).get_by_text("Off", exact=True)).to_be_visible()


@pytest.mark.feature("P2")
async def test_wrong_codes_lead_back_to_the_password(own_server: ServerProcess, people: Opener) -> None:
    page, other = await people(), await people(phone=True)
    app, _ = await with_app(page)
    await other.goto("/account")
    await sign_in(other)
    field = other.get_by_label("Code of six digits")
    for _ in range(4):
        await field.fill(app.wrong())
        await other.keyboard.press("Enter")
        await expect(field).to_have_value("")
        await expect(other.get_by_role("alert")).to_contain_text("not right")
    await field.fill(app.wrong())
    await other.keyboard.press("Enter")
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(other.get_by_role("alert")).to_contain_text("Too many wrong codes")
