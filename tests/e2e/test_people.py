"""Who people are and whether they are here: names, tabs, devices, short losses of the network, and hasty fingers."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(120)]


@pytest.mark.feature("P1")
async def test_the_device_remembers_name_and_line(people: Opener) -> None:
    page = await people(phone=True)
    await steps.create_room(page)
    await page.get_by_role("button", name="Add a line about you").tap()
    await page.get_by_label("A line about you").fill("Plays the cello")
    await steps.come_in(page, "Ana")
    await steps.open_tab(page, "People")
    await expect(steps.row(page, "Ana")).to_contain_text("Plays the cello")
    other = await people()
    await steps.create_room(other)
    await page.goto(other.url)
    await expect(page.get_by_label("Your name")).to_have_value("Ana")
    await expect(page.get_by_label("A line about you")).to_have_value("Plays the cello")


@pytest.mark.feature("P1")
async def test_names_of_all_kinds(people: Opener) -> None:
    ana, *others = await steps.gather(people, "Ana", "Ana", "👩🏽‍🚀 Zoë", "علي حسن")
    second, astronaut, ali = others
    await expect(steps.row(ana, "Ana (2)")).to_contain_text("Ana (2)")
    await expect(steps.row(ana, "👩🏽‍🚀 Zoë")).to_be_visible()
    direction = "(element) => getComputedStyle(element).direction"
    assert await steps.row(ana, "علي حسن").get_by_text("علي حسن").evaluate(direction) == "rtl"
    assert await steps.row(ana, "Ana (2)").get_by_text("Ana (2)").evaluate(direction) == "ltr"
    for page, name in ((second, "Ana (2)"), (astronaut, "👩🏽‍🚀 Zoë"), (ali, "علي حسن")):
        await steps.say(page, f"I am {name}")
        article = steps.said(ana, f"I am {name}")
        await expect(article.locator("bdi.name")).to_have_text(name)
    assert await steps.said(ana, "I am علي").locator("bdi.name").evaluate(direction) == "rtl"


@pytest.mark.feature("P1")
async def test_names_that_are_none(people: Opener) -> None:
    (ana,) = await steps.gather(people, "Ana")
    guest = await people(phone=True)
    await guest.goto(ana.url)
    for wrong, sentence in ((" ", "Give a name"), ("\u200b", "name"), ("x" * 200, "at most 40 characters")):
        await guest.get_by_label("Your name").fill(wrong)
        await guest.get_by_role("button", name="Come in").tap()
        await expect(guest.get_by_role("alert")).to_contain_text(sentence)
        await expect(guest.get_by_label("Your name")).to_have_value(wrong)
    await expect(ana.get_by_role("button", name="1 person is here")).to_be_visible()
    await steps.come_in(guest, "x" * 40)
    await expect(ana.get_by_role("button", name="2 people are here")).to_be_visible()
    await guest.get_by_role("button", name="You and this device").tap()
    await guest.get_by_role("menuitem", name="Your name and line").tap()
    dialog = guest.get_by_role("dialog")
    await dialog.get_by_label("Your name").fill("")
    await dialog.get_by_role("button", name="Save").tap()
    await expect(dialog.get_by_role("alert")).to_contain_text("name")
    await dialog.get_by_label("Your name").fill("Ben")
    await dialog.get_by_role("button", name="Save").tap()
    await expect(steps.row(ana, "Ben")).to_be_visible()


@pytest.mark.feature("P3")
async def test_tabs_and_devices_of_one_person(people: Opener) -> None:
    (ana,) = await steps.gather(people, "Ana")
    ben = await people(phone=True)
    await ben.goto(ana.url)
    # Who has come is told for some seconds, and Ben's own page may take longer than that to load.
    await asyncio.gather(steps.come_in(ben, "Ben"), expect(ana.get_by_text("Ben joined")).to_be_visible())
    computer = await people(same_as=ben)
    tab = await computer.context.new_page()
    for page in (computer, tab):
        await page.goto(ana.url)
        await expect(steps.composer(page)).to_be_visible()
    await expect(steps.row(ana, "Ben").get_by_role("img", name="on a phone")).to_be_visible()
    await expect(steps.row(ana, "Ben").get_by_role("img", name="on a computer")).to_be_visible()
    await expect(ana.get_by_role("listitem")).to_have_count(2)
    await steps.say(tab, "from one of three")
    for page in (ana, ben, computer, tab):
        await steps.see(page, "from one of three")
    # What was read on one device is read on all.
    await steps.open_tab(ben, "People")
    await steps.say(ana, "read it anywhere")
    await steps.see(tab, "read it anywhere")
    chat = ben.get_by_role("navigation", name="Parts of the room").get_by_role("button", name="Chat")
    await expect(chat).to_have_accessible_name("Chat")

    await ben.close()
    await expect(steps.row(ana, "Ben").get_by_role("img", name="on a phone")).to_have_count(0)
    await expect(steps.row(ana, "Ben").get_by_role("img", name="on a computer")).to_be_visible()
    await computer.get_by_role("button", name="You and this device").click()
    await computer.get_by_role("menuitem", name="Leave the room").click()
    # Who comes and goes within a few seconds is not told at all.
    await expect(ana.get_by_text("Ben joined")).to_have_count(0)
    await steps.answer(computer, "Leave")
    await expect(ana.get_by_text("Ben left")).to_be_visible()
    await expect(tab.get_by_role("heading", name="You have left the room")).to_be_visible()
    await expect(ana.get_by_role("listitem")).to_have_count(1)


@pytest.mark.feature("P3", "C1")
async def test_a_short_loss_of_the_network(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    # Notices and rows come and go: what was ever shown is noted.
    await ana.evaluate("""() => {
      window.seen = ''
      new MutationObserver(() => { window.seen += document.body.innerText })
        .observe(document.body, { childList: true, subtree: true, characterData: true })
    }""")
    for number in range(2):
        await ben.context.set_offline(True)
        await expect(ben.get_by_text("Reconnecting").first).to_be_visible()
        await steps.say(ana, f"Ana {number}")
        await steps.say(ben, f"Ben {number}")
        await expect(steps.said(ben, f"Ben {number}")).to_contain_text("Waiting for the connection")
        await ben.context.set_offline(False)
        for page in (ana, ben):
            for text in (f"Ana {number}", f"Ben {number}"):
                await expect(steps.said(page, text)).to_have_count(1)
        await expect(ben.get_by_text("Waiting for the connection")).to_have_count(0)
        await expect(ben.get_by_text("Reconnecting")).to_have_count(0)
    await expect(steps.messages(ana).get_by_role("article")).to_have_count(4)
    await expect(steps.messages(ben).get_by_role("article")).to_have_count(4)
    await expect(steps.row(ana, "Ben")).to_be_visible()
    assert "Ben left" not in await ana.evaluate("window.seen")


@pytest.mark.feature("R1")
async def test_a_double_click_opens_one_room(people: Opener) -> None:
    page = await people()
    made: list[str] = []
    page.on("request", lambda request: made.append(request.url) if request.method == "POST" else None)
    await page.goto("/")
    await page.get_by_role("button", name="Meeting").dblclick()
    await expect(page.get_by_label("Your name")).to_be_visible()
    assert len([url for url in made if url.endswith("/api/rooms")]) == 1


@pytest.mark.feature("R2", "P1", "C1")
async def test_double_clicks_at_the_door_and_in_the_chat(people: Opener) -> None:
    (ana,) = await steps.gather(people, "Ana")
    ben = await people()
    await ben.goto(ana.url)
    await ben.get_by_label("Your name").fill("Ben")
    await ben.get_by_role("button", name="Come in").dblclick()
    await expect(steps.composer(ben)).to_be_visible()
    await expect(ana.get_by_role("listitem")).to_have_count(2)
    await expect(steps.row(ana, "Ben")).to_have_count(1)
    await steps.composer(ben).fill("once")
    await ben.get_by_role("button", name="Send", exact=True).dblclick()
    await steps.say(ben, "the next one")
    await steps.see(ana, "the next one")
    await expect(steps.messages(ana).get_by_role("article")).to_have_count(2)
    await expect(ben.get_by_role("alert")).to_have_count(0)


@pytest.mark.feature("C1")
@pytest.mark.parametrize("lost", ["message", "answer"])
async def test_a_reload_in_the_middle_of_sending(people: Opener, lost: str) -> None:
    """On the first connection what is sent, or what is answered, gets lost; then the page is loaded anew."""
    (ana,) = await steps.gather(people, "Ana")
    ben = await people(phone=True)
    broken = True

    async def relay(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        here = broken
        sending = False

        def up(frame: str | bytes) -> None:
            nonlocal sending
            sending = sending or "chat.send" in str(frame)
            if not (here and sending and lost == "message"):
                server.send(frame)

        socket.on_message(up)
        server.on_message(lambda frame: None if here and sending else socket.send(frame))

    await ben.route_web_socket(re.compile("/socket.io"), relay)
    await ben.goto(ana.url)
    await steps.come_in(ben, "Ben")
    for number in range(3):
        await steps.say(ben, f"in the middle {number}")
    await expect(ben.get_by_text("Sending").last).to_be_visible()
    if lost == "answer":
        await steps.see(ana, "in the middle 0")
    broken = False
    await ben.reload()
    for page in (ana, ben):
        await steps.see(page, "in the middle 2")
    await steps.say(ben, "the last")
    for page in (ana, ben):
        await steps.see(page, "the last")
        bodies = await steps.messages(page).locator(".message-body").all_inner_texts()
        assert bodies == [*(f"in the middle {number}" for number in range(3)), "the last"]
    await expect(ben.get_by_text("Sending")).to_have_count(0)


@pytest.mark.feature("P3", "R4", "R9")
async def test_two_tabs_of_the_host(people: Opener) -> None:
    first, ben = await steps.gather(people, "Ana", "Ben")
    second = await first.context.new_page()
    await second.goto(first.url)
    await expect(steps.row(second, "Ben")).to_be_visible()
    await expect(second.get_by_role("listitem")).to_have_count(2)
    await first.get_by_role("button", name="Room settings").click()
    await first.get_by_role("dialog").get_by_label("Name", exact=True).fill("Two tabs")
    await first.get_by_role("button", name="Save").click()
    for page in (first, second, ben):
        await expect(page.get_by_role("heading", name="Two tabs")).to_be_visible()
    await steps.say(second, "from the second tab")
    for page in (first, second, ben):
        await steps.see(page, "from the second tab")
    await first.close()
    await steps.say(second, "still the host")
    await steps.see(ben, "still the host")
    await expect(second.get_by_role("button", name="Room settings")).to_be_visible()
    await steps.open_tab(ben, "People")
    await expect(steps.row(ben, "Ana")).to_contain_text("Owner")
    await expect(steps.row(ben, "Ana").get_by_role("img", name="on a computer")).to_be_visible()


@pytest.mark.feature("R2", "R8")
async def test_doors_say_what_to_do_next(people: Opener) -> None:
    """What is not among the hosts' tests: whoever comes anew to a closed room, and whoever is banned and insists."""
    ana, ben = await steps.gather(people, "Ana", "Ben")
    pin = await steps.pin_of(ana)
    await steps.row(ana, "Ben").get_by_role("button", name="What to do with").click()
    await ana.get_by_role("menuitem", name="Ban…").click()
    await steps.answer(ana, "Ban")
    banned = ben.get_by_role("heading", name="You are banned from this room")
    await expect(banned).to_be_visible()
    await ben.reload()
    await expect(banned).to_be_visible()
    await expect(ben.get_by_text("Only the owner of the room can change that.")).to_be_visible()

    await ana.get_by_role("button", name="You and this device").click()
    await ana.get_by_role("menuitem", name="Close the room").click()
    await steps.answer(ana, "Close for everyone")
    await expect(ana.get_by_role("heading", name="This room is closed")).to_be_visible()
    late: Page = await people(phone=True)
    await late.goto(ana.url)
    await expect(late.get_by_role("heading", name="This room is closed")).to_be_visible()
    await expect(late.get_by_text("You can open a new one.")).to_be_visible()
    await late.get_by_role("link", name="To the front page").tap()
    await late.get_by_label("PIN").fill(pin)
    await late.get_by_role("button", name="Join").tap()
    await expect(late.get_by_role("alert")).to_contain_text("No open room has this PIN")
