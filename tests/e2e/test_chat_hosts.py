"""Writing to one person alone, and what hosts set about the chat: everyone concerned sees it at once."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.recorder import eventually

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(120)]


def direct(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"Message {name}")


async def open_settings(page: Page) -> None:
    await page.get_by_role("button", name="Room settings").click()
    await expect(page.get_by_role("dialog", name="Room settings")).to_be_visible()


async def close_settings(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def switch(page: Page, name: str, on: bool) -> None:
    """Switches of the settings hold at once."""
    await open_settings(page)
    place = page.get_by_role("switch", name=name)
    await expect(place).to_be_checked(checked=not on)
    await place.click()
    await expect(place).to_be_checked(checked=on)
    await close_settings(page)


async def begin_direct(page: Page, name: str) -> None:
    await steps.row(page, name).get_by_role("button", name="What to do with").click()
    await page.get_by_role("menuitem", name="Message").click()
    await expect(direct(page, name)).to_be_visible()


@pytest.mark.feature("C3")
async def test_a_direct_message_is_seen_by_two(people: Opener) -> None:
    ana, ben, cem = await steps.gather(people, "Ana", "Ben", "Cem")
    heard: list[str] = []
    ana.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
    # The connection that is listened to begins now.
    await ana.reload()
    await expect(steps.composer(ana)).to_be_visible()

    await steps.open_tab(ben, "People")
    await begin_direct(ben, "Cem")
    await direct(ben, "Cem").fill("only for you")
    await ben.get_by_role("button", name="Send", exact=True).tap()
    await expect(cem.get_by_text("Ben wrote to you.")).to_be_visible()
    conversation = cem.get_by_role("navigation", name="Conversations").get_by_role("button", name="Ben")
    await expect(conversation).to_have_accessible_name(re.compile("1 new"))
    await conversation.click()
    await steps.see(cem, "only for you")
    await expect(conversation).not_to_have_accessible_name(re.compile("new"))
    await direct(cem, "Ben").fill("and only for you")
    await direct(cem, "Ben").press("Enter")
    await steps.see(ben, "and only for you")

    await steps.open_tab(ben, "Chat")
    await ben.get_by_role("navigation", name="Conversations").get_by_role("button", name="Everyone").click()
    await steps.say(ben, "for everyone")
    await steps.see(ana, "for everyone")
    await expect(steps.message(ana, "only for you")).to_have_count(0)
    await expect(ana.get_by_role("navigation", name="Conversations")).to_have_count(0)
    await eventually(lambda: any("for everyone" in frame for frame in heard), "its frame")
    assert not any("only for you" in frame for frame in heard)
    export = await ana.request.get(f"/api/rooms/{ana.url.rsplit('/', 1)[-1]}/export/chat.txt")
    assert "only for you" not in await export.text()


@pytest.mark.feature("C3", "C5")
async def test_direct_messages_switched_off(people: Opener) -> None:
    ana, ben, cem = await steps.gather(people, "Ana", "Ben", "Cem")
    await begin_direct(cem, "Ben")
    await cem.context.set_offline(True)
    await expect(cem.get_by_text("Reconnecting").first).to_be_visible()
    await direct(cem, "Ben").fill("written too late")
    await direct(cem, "Ben").press("Enter")
    await switch(ana, "Direct messages", on=False)
    await cem.context.set_offline(False)
    await expect(cem.get_by_text("Direct messages are switched off in this room.")).to_be_visible()
    await expect(steps.message(cem, "written too late")).to_contain_text("Not sent. Direct messages are switched off.")
    await steps.open_tab(ben, "People")
    await expect(steps.row(ben, "Cem")).to_be_visible()
    await expect(steps.row(ben, "Cem").get_by_role("button")).to_have_count(0)
    await steps.open_tab(ben, "Chat")
    await expect(ben.get_by_role("navigation", name="Conversations")).to_have_count(0)

    await switch(ana, "Direct messages", on=True)
    await steps.message(cem, "written too late").get_by_role("button", name="Try again").click()
    conversation = ben.get_by_role("navigation", name="Conversations").get_by_role("button", name="Cem")
    await conversation.tap()
    await steps.see(ben, "written too late")


@pytest.mark.feature("C5")
async def test_slow_mode_counts_down(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await open_settings(ana)
    await ana.get_by_label("Slow mode").select_option("One message in 10 seconds")
    await close_settings(ana)
    send = ben.get_by_role("button", name="Send", exact=True)
    await steps.say(ben, "one")
    await steps.see(ana, "one")
    await steps.composer(ben).fill("two")
    await expect(send).to_be_disabled()
    await expect(ben.get_by_text(re.compile(r"the next message in \d seconds?"))).to_be_visible()
    await expect(send).to_have_text(re.compile(r"^[1-6]$"))
    await expect(send).to_be_enabled()
    await expect(steps.composer(ben)).to_have_value("two")
    await send.tap()
    await steps.see(ana, "two")
    await expect(ben.get_by_text("Not sent")).to_have_count(0)
    # Hosts are exempt.
    for number in range(3):
        await steps.say(ana, f"host {number}")
    await steps.see(ben, "host 2")


@pytest.mark.feature("C5")
async def test_participants_only(people: Opener) -> None:
    ana, ben, cem = await steps.gather(people, "Ana", "Ben", "Cem")
    await steps.row(ana, "Ben").get_by_role("button", name="What to do with").click()
    await ana.get_by_role("menuitem", name="Make audience").click()
    await expect(ben.get_by_text("You are in the audience now.")).to_be_visible()
    await expect(steps.composer(ben)).to_be_visible()
    await switch(ana, "Participants only", on=True)
    await expect(ben.get_by_text("Only participants and hosts may write at the moment.")).to_be_visible()
    await expect(steps.composer(ben)).to_have_count(0)
    await steps.say(cem, "a participant speaks")
    await steps.see(ben, "a participant speaks")
    await switch(ana, "Participants only", on=False)
    await steps.say(ben, "the audience speaks")
    await steps.see(cem, "the audience speaks")


@pytest.mark.feature("C5")
async def test_chat_off_and_on(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ben, "still here afterwards")
    await steps.see(ana, "still here afterwards")
    await switch(ana, "Chat", on=False)
    for page in (ana, ben):
        await expect(steps.composer(page)).to_have_count(0)
        await expect(page.get_by_text("still here afterwards")).to_have_count(0)
    await switch(ana, "Chat", on=True)
    await steps.open_tab(ben, "Chat")
    await steps.say(ben, "and again")
    for page in (ana, ben):
        await steps.see(page, "still here afterwards")
        await steps.see(page, "and again")


@pytest.mark.feature("C5")
async def test_clearing(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.open_tab(ben, "People")
    await begin_direct(ben, "Ana")
    await direct(ben, "Ana").fill("between us")
    await ben.get_by_role("button", name="Send", exact=True).tap()
    await ben.get_by_role("navigation", name="Conversations").get_by_role("button", name="Everyone").tap()
    await steps.say(ben, "old news")
    await steps.see(ana, "old news")
    for word in ("Cancel", "Clear the chat"):
        await open_settings(ana)
        await ana.get_by_role("dialog").get_by_role("button", name="Clear…").click()
        await expect(steps.said(ben, "old news")).to_be_visible()
        await steps.answer(ana, word)
        await close_settings(ana)
    for page in (ana, ben):
        await expect(page.get_by_text("Nothing said yet")).to_be_visible()
        await expect(page.get_by_text("old news")).to_have_count(0)
    await steps.say(ben, "a new page")
    await steps.see(ana, "a new page")
    await ana.get_by_role("navigation", name="Conversations").get_by_role("button", name="Ben").click()
    await steps.see(ana, "between us")


@pytest.mark.feature("C5")
async def test_search_finds_and_leads_there(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "The needle is here, says Zoë")
    for number in range(3):
        await steps.say(ana, f"hay {number}" + "\nstraw" * 16)
    for page in (ana, ben):
        await steps.see(page, "hay 2")
        await expect(steps.said(page, "The needle")).not_to_be_in_viewport()
        await page.get_by_role("button", name="Search messages").click()
        search = page.get_by_role("region", name="Search messages")
        await search.get_by_role("searchbox").fill("no such thing")
        await expect(search.get_by_text("Search looks for these very words")).to_be_visible()
        await search.get_by_role("searchbox").fill("NEEDLE")
        await expect(search.get_by_role("status")).to_have_text("1 found")
        await expect(search.locator("mark")).to_have_text("needle")
        await search.get_by_role("listitem").get_by_role("button").click()
        await expect(steps.said(page, "The needle")).to_be_in_viewport()


@pytest.mark.feature("C5")
async def test_export(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "first\nsecond line")
    await steps.see(ben, "second line")
    await steps.say(ben, "שלום 👋")
    await steps.see(ana, "שלום 👋")
    await open_settings(ana)
    files: list[str] = []
    for name in ("Save as text", "Save as JSON"):
        async with ana.expect_download() as download:
            await ana.get_by_role("link", name=name).click()
        files.append((await (await download.value).path()).read_text())
    written = [re.sub(r"\[[^]]*\] ", "", line) for line in files[0].splitlines()]
    assert written == ["Ana: first", "    second line", "Ben: שלום 👋"]
    entries = json.loads(files[1])["messages"]
    assert [(each["name"], each["body"]) for each in entries] == [("Ana", "first\nsecond line"), ("Ben", "שלום 👋")]

    path = f"/api/rooms/{ana.url.rsplit('/', 1)[-1]}/export"
    for file in ("chat.txt", "chat.json", "archive.zip"):
        refused = await ben.request.get(f"{path}/{file}")
        assert refused.status == 403
        assert "first" not in await refused.text()
    await steps.open_tab(ben, "Room")
    await expect(ben.get_by_text("Chat as text")).to_have_count(0)
