"""To-dos: one's own stay one's own, the room's move for everyone, and nothing is lost without a connection."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import hands, steps
from tests.e2e import study_steps as study
from tests.e2e.conftest import Opener
from tests.e2e.study_steps import Clock
from tests.e2e.test_study import clock
from tests.support.process import ServerProcess

__all__ = ["clock"]

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]

SECRET = "Buy the ring for Cleo"


@pytest.mark.feature("S1")
async def test_what_is_private_stays_private_and_what_is_shared_moves(people: Opener) -> None:
    host = await study.host_of(people)
    ben = await people(phone=True)
    came = study.hear(ben)
    await study.knocks(ben, host.url, "Ben")
    await study.decide(host, "Ben", "Let in")
    await expect(study.timer(ben)).to_be_visible()

    await study.add(host, SECRET)
    await study.choose(host, "Whose to-dos", "Shared")
    await study.choose(ben, "Whose to-dos", "Shared")
    await study.add(host, "Book the room", "Print the sheets", "Bring cake")
    await study.stands(ben, "Book the room", "Print the sheets", "Bring cake")
    # By keys on one side, by the menu on the other.
    handle = study.rows(host).filter(has_text="Bring cake").locator("[data-handle]")
    await handle.focus()
    for key in (" ", "Home", " "):
        await host.keyboard.press(key)
    for page in (host, ben):
        await study.stands(page, "Bring cake", "Book the room", "Print the sheets")
    await study.more(ben, "Print the sheets", "Move up")
    for page in (host, ben):
        await study.stands(page, "Bring cake", "Print the sheets", "Book the room")

    await ben.get_by_role("checkbox", name="Bring cake").check()
    # First what goes by itself.
    await expect(host.get_by_text("Ben has done: Bring cake")).to_be_visible()
    row = study.rows(host).filter(has_text="Bring cake")
    await expect(row).to_contain_text("done by Ben")
    await expect(study.todos(host)).to_contain_text("33% done")
    await expect(study.todos(host)).to_contain_text("2 to do")

    await study.more(host, "Book the room", "Day and person")
    dialog = host.get_by_role("dialog")
    await dialog.get_by_label("Who does it").select_option(label="Ben")
    await dialog.get_by_label("Due on").fill("2099-05-04")
    await dialog.get_by_role("button", name="Save").click()
    given = study.rows(ben).filter(has_text="Book the room")
    await expect(given).to_contain_text(re.compile("due .*2099.*Ben", re.DOTALL))

    told = "".join(came)
    assert "Bring cake" in told
    assert SECRET not in told
    assert SECRET not in await ben.content()


@pytest.mark.feature("S1")
async def test_they_are_changed_deleted_and_brought_back(people: Opener) -> None:
    host = await study.host_of(people)
    await study.add(host, "One", "Two", "Three")
    await host.get_by_role("button", name="Two", exact=True).click()
    await host.get_by_role("textbox", name="To-do", exact=True).fill("Two and a half")
    await host.keyboard.press("Enter")
    await study.stands(host, "One", "Two and a half", "Three")
    await study.more(host, "Two and a half", "Delete")
    await study.stands(host, "One", "Three")
    await host.get_by_role("button", name="Undo").click()
    await study.stands(host, "One", "Two and a half", "Three")

    # Drawn by the mouse, from the end to the front.
    three, one = (study.rows(host).filter(has_text=text).locator("[data-handle]") for text in ("Three", "One"))
    await hands.drag(host, three, one, -20)
    await study.stands(host, "Three", "One", "Two and a half")

    await host.get_by_role("checkbox", name="One", exact=True).check()
    await host.get_by_role("button", name="More for to-dos").click()
    await host.get_by_role("menuitem", name="Hide what is done").click()
    await study.stands(host, "Three", "Two and a half")
    await host.get_by_role("button", name="More for to-dos").click()
    await host.get_by_role("menuitem", name="Clear what is done").click()
    await steps.answer(host, "Clear what is done")
    await host.reload()
    await study.stands(host, "Three", "Two and a half")
    await expect(study.todos(host)).to_contain_text("0% done")
    first = host.url

    # They follow their person to the next room, which knows the name already.
    await host.goto("/")
    await host.get_by_role("button", name=re.compile("^Study")).click()
    await host.wait_for_url(lambda url: url != first and "/r/" in url)
    await study.stands(host, "Three", "Two and a half")


async def choose_list(page: Page, name: str) -> None:
    await page.get_by_role("button", name=re.compile("choose a list")).click()
    await page.get_by_role("menuitemcheckbox", name=name).click()


@pytest.mark.feature("S1")
async def test_lists_have_names_and_are_shared_or_ones_own(people: Opener) -> None:
    host = await study.host_of(people)
    ben = await study.come_in(people, host, "Ben")

    async def new_list(name: str) -> None:
        await host.get_by_role("button", name=re.compile("choose a list")).click()
        await host.get_by_role("menuitem", name="New list").click()
        await host.get_by_role("dialog").get_by_label("Name").fill(name)
        await host.get_by_role("button", name="Make the list").click()
        await expect(host.get_by_role("button", name=f"{name}, choose a list")).to_be_visible()

    await new_list("Presents")
    await study.add(host, SECRET)
    for page in (host, ben):
        await study.choose(page, "Whose to-dos", "Shared")
    await new_list("Shopping")
    await study.add(host, "Bread", "Milk")
    await choose_list(ben, "Shopping")
    await study.stands(ben, "Bread", "Milk")
    await ben.get_by_role("checkbox", name="Milk").check()
    await expect(study.todos(host)).to_contain_text("50% done")

    await host.get_by_role("button", name="Shopping, choose a list").click()
    await host.get_by_role("menuitem", name="Rename this list").click()
    await host.get_by_role("dialog").get_by_label("Name").fill("Groceries")
    await host.get_by_role("button", name="Rename", exact=True).click()
    await expect(ben.get_by_role("button", name="Groceries, choose a list")).to_be_visible()
    # One's own lists are under "Mine", and nobody else's.
    await study.choose(ben, "Whose to-dos", "Mine")
    await ben.get_by_role("button", name=re.compile("choose a list")).click()
    await expect(ben.get_by_role("menuitemcheckbox")).to_have_count(1)
    await ben.keyboard.press("Escape")
    await study.choose(ben, "Whose to-dos", "Shared")

    await host.get_by_role("button", name="Groceries, choose a list").click()
    await host.get_by_role("menuitem", name="Delete this list").click()
    await steps.answer(host, "Delete the list")
    for page in (host, ben):
        await expect(page.get_by_role("button", name="The room’s to-dos, choose a list")).to_be_visible()
        await expect(study.rows(page)).to_have_count(0)
    await host.reload()
    await study.choose(host, "Whose to-dos", "Mine")
    await choose_list(host, "Presents")
    await study.stands(host, SECRET)


@pytest.mark.feature("S1")
async def test_without_a_connection_they_wait_and_are_sent_once(people: Opener, own_server: ServerProcess) -> None:
    host = await study.host_of(people)
    await study.add(host, "Before")
    # Only what comes after waits.
    await study.is_sent(host)
    await host.reload()
    await study.stands(host, "Before")
    own_server.kill()
    await expect(host.get_by_text("The connection is lost. The timer goes on")).to_be_visible()
    await study.add(host, "Meanwhile", "And more")
    await host.get_by_role("checkbox", name="And more").check()
    await study.more(host, "And more", "Move up")
    await expect(study.rows(host).filter(has_text="Meanwhile")).to_contain_text("waits to be sent")
    await expect(study.todos(host)).to_contain_text("4 changes wait for the connection")
    own_server.start()
    await expect(host.get_by_text("waits to be sent")).to_have_count(0)
    await study.stands(host, "Before", "And more", "Meanwhile")
    await host.reload()
    await study.stands(host, "Before", "And more", "Meanwhile")
    await expect(host.get_by_role("checkbox", name="And more")).to_be_checked()


async def all_is_there(page: Page) -> None:
    """Once, and what one page gave in the order in which it gave it; between two pages that are gone there is none."""

    async def so() -> bool:
        found = await study.order(page)
        of_first = [text for text in found if text != "By the second page"]
        return of_first == ["Before", "And more", "Meanwhile"] and len(found) == 4

    await study.until(so, "everything is there, once")


@pytest.mark.feature("S1")
async def test_what_waits_outlives_its_page_and_is_sent_by_one(people: Opener, own_server: ServerProcess) -> None:
    host = await study.host_of(people)
    await study.add(host, "Before")
    # That others see it is not yet the answer to who gave it.
    await study.is_sent(host)
    second = await host.context.new_page()
    await second.goto(host.url)
    await study.stands(second, "Before")
    address = host.url
    own_server.kill()
    for page in (host, second):
        await expect(page.get_by_text("The connection is lost. The timer goes on")).to_be_visible()
    await study.add(second, "By the second page")
    await study.add(host, "Meanwhile", "And more")
    await host.get_by_role("checkbox", name="And more").check()
    await study.more(host, "And more", "Move up")
    await study.stands(host, "Before", "And more", "Meanwhile")
    await expect(study.todos(host)).to_contain_text("4 changes wait for the connection")

    # Nobody is here any more who could send it, and the browser's tabs are closed.
    context = host.context
    for page in (host, second):
        await page.close()
    own_server.start()
    sent: list[str] = []
    later = await context.new_page()
    later.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    # Somebody else at this device gets nothing of it and sends nothing.
    cookies = await context.cookies()
    await context.clear_cookies()
    await study.knocks(later, address, "Ben")
    assert not [frame for frame in sent if "study." in frame]
    await context.clear_cookies()
    await context.add_cookies(cookies)  # type: ignore[arg-type]
    await later.goto(address)
    await all_is_there(later)
    await expect(later.get_by_text("waits to be sent")).to_have_count(0)
    await later.reload()
    await all_is_there(later)
    await expect(later.get_by_role("checkbox", name="And more")).to_be_checked()
    added = [frame for frame in sent if "study.add" in frame]
    assert len(added) == 3, added
    assert await later.evaluate("Object.keys(localStorage).filter((key) => key.includes('unsent'))") == []


@pytest.mark.feature("S1")
async def test_of_two_pages_the_one_that_stays_sends_what_the_other_left(
    people: Opener, own_server: ServerProcess
) -> None:
    host = await study.host_of(people)
    second = await host.context.new_page()
    await second.goto(host.url)
    await expect(study.timer(second)).to_be_visible()
    own_server.kill()
    for page in (host, second):
        await expect(page.get_by_text("The connection is lost. The timer goes on")).to_be_visible()
    await study.add(host, "By the first page")
    await study.add(second, "By the second page")
    await host.close()
    await study.stands(second, "By the first page", "By the second page")
    await expect(study.todos(second)).to_contain_text("2 changes wait for the connection")
    own_server.start()
    await expect(second.get_by_text("waits to be sent")).to_have_count(0)
    await study.stands(second, "By the first page", "By the second page")


@pytest.mark.feature("S1", "R4")
async def test_what_is_ones_own_waits_for_the_next_room_when_this_one_closes(people: Opener) -> None:
    host = await study.host_of(people)
    ben = await study.come_in(people, host, "Ben")
    for whose, text in (("Shared", "Sweep the room"), ("Mine", SECRET)):
        await study.choose(ben, "Whose to-dos", whose)
        await ben.context.set_offline(True)
        await expect(ben.get_by_text("The connection is lost. The timer goes on")).to_be_visible()
        await study.add(ben, text)
        await expect(study.rows(ben).filter(has_text=text)).to_contain_text("waits to be sent")
    await ben.get_by_role("checkbox", name=SECRET).check()

    await host.get_by_role("button", name="You and this device").click()
    await host.get_by_role("menuitem", name="Close the room").click()
    await steps.answer(host, "Close for everyone")
    await ben.context.set_offline(False)
    await expect(ben.get_by_role("heading", name="This room is closed")).to_be_visible()

    # What was for that room has gone with it. What was Ben's own has not.
    await ben.goto("/")
    await ben.get_by_role("button", name=re.compile("^Study")).click()
    await study.choose(ben, "Whose to-dos", "Mine")
    for _ in ("sent", "and there"):
        await study.stands(ben, SECRET)
        await expect(ben.get_by_role("checkbox", name=SECRET)).to_be_checked()
        await expect(ben.get_by_text("waits to be sent")).to_have_count(0)
        await ben.reload()
    assert await ben.evaluate("Object.keys(localStorage).filter((key) => key.includes('unsent'))") == []
    await study.choose(ben, "Whose to-dos", "Shared")
    await expect(study.rows(ben)).to_have_count(0)


@pytest.mark.feature("S5", "S2")
async def test_what_was_worked_is_counted_for_who_wishes_and_hosts_decide(people: Opener, clock: Clock) -> None:
    host = await study.host_of(people)
    ben = await study.come_in(people, host, "Ben")
    await host.get_by_role("button", name="Count my focus").click()
    await host.get_by_role("switch", name="Show me on the board").click()
    await study.press(host, "Start")
    await study.shows(ben, "Focus")
    await expect(ben.get_by_role("button", name="Pause")).to_be_visible()
    clock.turn(minutes=25)
    figures = host.get_by_role("region", name="Statistics")
    await expect(figures.get_by_role("table", name="Focus of the last seven days")).to_contain_text("1 time")
    await expect(figures).to_contain_text("1 day")
    board = ben.get_by_role("region", name="Statistics")
    await expect(board).to_contain_text("Nothing is recorded of you")
    await expect(board.get_by_role("listitem")).to_contain_text("Ana")
    async with host.expect_download() as coming:
        await figures.get_by_role("link", name="CSV").click()
    assert (await coming.value).suggested_filename.endswith(".csv")

    await host.get_by_role("button", name="More for study").click()
    await host.get_by_role("menuitem", name="Settings of study").click()
    await host.get_by_role("dialog").get_by_text("Hosts", exact=True).click()
    await host.get_by_role("dialog").get_by_text("Rain", exact=True).click()
    await host.keyboard.press("Escape")
    await expect(ben.get_by_text("Hosts work what belongs to the room.").first).to_be_visible()
    await expect(ben.get_by_role("button", name="Start the break")).to_be_disabled()
    await expect(ben.locator("[data-mood]").first).to_have_attribute("data-mood", "rain")

    await figures.get_by_role("button", name="Delete my record").click()
    await steps.answer(host, "Delete my record")
    await expect(figures).to_contain_text("0 min")
