"""What hosts do to the room and to people, by hand and in the page: everyone concerned sees it at once."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]


async def host_and_guest(people: Opener, preset: str | None = None) -> tuple[Page, Page]:
    host, guest = await asyncio.gather(people(), people())
    await steps.create_room(host, preset)
    await steps.come_in(host, "Ana")
    await guest.goto(host.url)
    await guest.get_by_label("Your name").fill("Ben")
    await guest.get_by_role("button", name="Come in").click()
    # Who has come is told for some seconds, and the guest's own page may take longer than that to load.
    await asyncio.gather(
        expect(host.get_by_text("Ben joined")).to_be_visible(), expect(steps.row(guest, "Ana")).to_be_visible()
    )
    return host, guest


async def do(host: Page, name: str, what: str) -> None:
    await host.get_by_role("button", name=f"What to do with {name}").click()
    await host.get_by_role("menuitem", name=what).click()


@pytest.mark.feature("R5")
async def test_promote_mute_and_hand_over(people: Opener) -> None:
    host, guest = await host_and_guest(people)
    await do(host, "Ben", "Mute in the chat")
    await expect(guest.get_by_text("A host has muted you in the chat.").first).to_be_visible()
    await expect(steps.composer(guest)).to_have_count(0)
    await do(host, "Ben", "Let write again")
    await expect(steps.composer(guest)).to_be_visible()

    await do(host, "Ben", "Make co-host")
    await expect(steps.row(guest, "Ben")).to_contain_text("Co-host")
    await expect(guest.get_by_role("button", name="Room settings")).to_be_visible()

    await do(host, "Ben", "Hand the room over")
    await steps.answer(host, "Hand over")
    await expect(steps.row(guest, "Ben")).to_contain_text("Owner")
    await expect(steps.row(host, "Ana")).to_contain_text("Co-host")


@pytest.mark.feature("R5")
async def test_sent_out_and_let_back_in(people: Opener) -> None:
    host, guest = await host_and_guest(people)
    await do(host, "Ben", "Send out")
    await steps.answer(host, "Send out")
    await expect(guest.get_by_role("heading", name="A host has sent you out")).to_be_visible()
    await guest.reload()
    await expect(guest.get_by_role("heading", name="A host has sent you out")).to_be_visible()

    await host.get_by_role("button", name="1 sent out").click()
    await host.get_by_role("button", name="Let back in").click()
    # It closes by itself when nobody is left in it: then the server has let Ben back in.
    await expect(host.get_by_role("dialog", name="Sent out")).to_have_count(0)
    await guest.get_by_role("button", name="Ask the door again").click()
    await guest.get_by_role("button", name="Come in").click()
    await expect(steps.row(host, "Ben")).to_be_visible()


@pytest.mark.feature("R5")
async def test_banned_with_all_they_wrote(people: Opener) -> None:
    host, guest = await host_and_guest(people)
    await steps.say(guest, "Something unkind")
    await steps.see(host, "Something unkind")
    await do(host, "Ben", "Ban")
    await host.get_by_label("Also delete all they wrote").check()
    await steps.answer(host, "Ban")
    await expect(guest.get_by_role("heading", name="You are banned from this room")).to_be_visible()
    await expect(steps.message(host, "Something unkind")).to_have_count(0)


@pytest.mark.feature("R4", "R9")
async def test_settings(people: Opener) -> None:
    host, guest = await host_and_guest(people)
    await host.get_by_role("button", name="Room settings").click()
    dialog = host.get_by_role("dialog")
    await dialog.get_by_label("How many people at most").fill("lots")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Give a number")
    await dialog.get_by_label("How many people at most").fill("2")
    await dialog.get_by_label("Name", exact=True).fill("Second salon")
    await dialog.get_by_role("button", name="Save").click()
    await expect(guest.get_by_role("heading", name="Second salon")).to_be_visible()
    await expect(guest).to_have_title("Second salon · Salon")

    late = await people(phone=True)
    await late.goto(host.url)
    await late.get_by_label("Your name").fill("Cem")
    await late.get_by_role("button", name="Come in").click()
    await expect(late.get_by_role("heading", name="The room is full")).to_be_visible()


@pytest.mark.feature("R8")
async def test_closing(people: Opener) -> None:
    host, guest = await host_and_guest(people)
    await host.get_by_role("button", name="You and this device").click()
    await host.get_by_role("menuitem", name="Close the room").click()
    question = host.get_by_role("alertdialog")
    async with host.expect_download() as download:
        await question.get_by_role("link", name="Chat as text").click()
    assert (await (await download.value).path()).is_file()
    await question.get_by_role("button", name="Close for everyone").click()
    for page in (host, guest):
        await expect(page.get_by_role("heading", name="This room is closed")).to_be_visible()
        await expect(page.get_by_role("status").filter(has_text="closed")).to_have_count(0)
    await guest.reload()
    await expect(guest.get_by_role("heading", name="This room is closed")).to_be_visible()


@pytest.mark.feature("P1", "P3")
async def test_leaving_and_coming_back(people: Opener) -> None:
    host, guest = await host_and_guest(people)
    await guest.get_by_role("button", name="You and this device").click()
    await guest.get_by_role("menuitem", name="Leave the room").click()
    await steps.answer(guest, "Leave")
    await expect(guest.get_by_role("heading", name="You have left the room")).to_be_visible()
    await expect(steps.row(host, "Ben")).to_have_count(0)
    await guest.get_by_role("button", name="Come back in").click()
    # The device remembers the name.
    await expect(guest.get_by_label("Your name")).to_have_value("Ben")
    await guest.get_by_role("button", name="Come in").click()
    await expect(steps.row(host, "Ben")).to_be_visible()


@pytest.mark.feature("R3", "R4")
@pytest.mark.usefixtures("own_server")
@pytest.mark.parametrize("welcome", [True, False], ids=["accepted", "declined"])
async def test_knocking_when_pins_were_guessed(people: Opener, welcome: bool) -> None:
    host, guest = await asyncio.gather(people(), people(phone=True))
    await steps.create_room(host)
    await steps.come_in(host, "Ana")
    pin = await steps.pin_of(host)
    await guest.goto("/")
    guess = """async () => {
      const post = (path, body) => fetch(path, {
        method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)
      }).then((answer) => answer.json())
      await post('/api/session', {})
      for (let tries = 0; tries < 200; tries++) {
        if ((await post('/api/pin', {pin: '00000'})).outcome === 'knock') return
      }
      throw new Error('nobody stops the guessing')
    }"""
    await guest.evaluate(guess)
    await guest.get_by_label("PIN").fill(f" {pin[:3]}-{pin[3:]} ")
    await guest.get_by_role("button", name="Join").click()
    await guest.get_by_label("Your name").fill("Ben")
    await guest.get_by_role("button", name="Knock").click()
    await expect(guest.get_by_role("heading", name="You have knocked")).to_be_visible()

    card = host.get_by_role("group", name="Ben asks to come in")
    await card.get_by_role("button", name="Let in" if welcome else "Decline").click()
    if welcome:
        await expect(steps.composer(guest)).to_be_visible()
        await expect(steps.row(host, "Ben")).to_be_visible()
    else:
        await expect(guest.get_by_role("heading", name="Not this time")).to_be_visible()
    await expect(card).to_have_count(0)


@pytest.mark.feature("R2", "R8")
async def test_doors_that_lead_nowhere(people: Opener) -> None:
    page = await people(phone=True)
    await page.goto("/r/there-is-no-such-room")
    await expect(page.get_by_role("heading", name="No room has this link")).to_be_visible()
    await page.goto("/knock/there-is-no-such-ticket")
    await expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
    await page.goto("/")
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("alert")).to_contain_text("Type the PIN")
    await page.get_by_label("PIN").fill("123")
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("alert")).to_contain_text("at least five digits")
    await page.get_by_label("PIN").fill("0000000000")
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("alert")).to_contain_text("No open room has this PIN")


@pytest.mark.feature("R8")
async def test_a_server_out_of_reach(people: Opener) -> None:
    host, guest = await people(), await people(phone=True)
    await steps.create_room(host)

    async def until_pressed(route: Route) -> None:
        # The page looks again by itself every few seconds. That the server answers then is not what is tried here,
        # and it would take the button away.
        if await guest.evaluate("() => window.pressed === true"):
            await route.continue_()
        else:
            await route.abort()

    await guest.route("**/api/rooms/*", until_pressed)
    await guest.goto(host.url)
    await expect(guest.get_by_role("heading", name="The server does not answer")).to_be_visible()
    await guest.evaluate("() => addEventListener('click', () => { window.pressed = true }, true)")
    await guest.get_by_role("button", name="Try again").click()
    await steps.come_in(guest, "Ben")
