"""Real browsers against a real server process.

Each worker has one browser for all its tests, and a person in it is a context of its own: nothing is shared but the
program. So these tests run in one event loop for the whole session, their asynchronous fixtures too: ``@fixture()``.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pluggy
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from tests.e2e import call_steps, media
from tests.e2e.call_steps import NewPhone, Phone
from tests.support import firefox_page
from tests.support.firefox import Firefox
from tests.support.loudspeakers import Loudspeakers
from tests.support.mailbox import Mailbox, opened, smtp
from tests.support.process import ServerProcess

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--mute-audio",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
]
# For what is to be seen, not for how soon: on a busy machine several browsers draw in turn.
expect.set_options(timeout=15_000)

PHONE_AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for all tests that leave it as it is: each makes rooms of its own."""
    process = ServerProcess(tmp_path_factory.mktemp("server"), rooms_per_hour="5000")
    process.start()
    yield process
    process.kill()


@pytest.fixture
def own_server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    """For tests that end it, change its data, use up its limits or need other settings, which they give indirectly."""
    settings = dict(getattr(request, "param", {}))
    if "mailbox" in request.fixturenames:
        settings |= {name: str(value) for name, value in smtp(request.getfixturevalue("mailbox")).items()}
    process = ServerProcess(tmp_path, **settings)
    process.start()
    yield process
    process.kill()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        # Browsers want a core for themselves: those with media on one worker, all others on another, and on the rest of
        # the workers tests that mostly wait. More of them at once are slower together than one after the other.
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("pages"))


fixture = functools.partial(pytest_asyncio.fixture, loop_scope="session")
"""For asynchronous fixtures of browser tests: ``@fixture()``."""


@fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@fixture(scope="session")
async def browsers(playwright: Playwright) -> AsyncIterator[dict[tuple[str, ...], Browser]]:
    """Those that run, by their programs and flags."""
    running: dict[tuple[str, ...], Browser] = {}
    yield running
    for one in running.values():
        await one.close()


@pytest.fixture
def browser_flags() -> list[str]:
    """What a module's browsers are started with besides."""
    return []


@fixture()
async def browser(
    real_part: Callable[[str], str],
    request: pytest.FixtureRequest,
    playwright: Playwright,
    browsers: dict[tuple[str, ...], Browser],
    browser_flags: list[str],
) -> Browser:
    """The small one, if the test does not ask for a whole one: ``@pytest.mark.real("whole-chromium")``."""
    asked = {part for mark in request.node.iter_markers("real") for part in mark.args}
    program = real_part("whole-chromium" if "whole-chromium" in asked else "chromium")
    flags = [*CHROMIUM_FLAGS, *browser_flags]
    running = browsers.get((program, *flags))
    if running is None or not running.is_connected():
        running = await playwright.chromium.launch(executable_path=program, args=flags)
        browsers[program, *flags] = running
    return running


@fixture()
async def mailbox() -> AsyncIterator[Mailbox]:
    """The one of all tests, in the event loop of these."""
    async with opened(Mailbox()) as box:
        yield box


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphones of browsers with ``media.flags`` hear."""
    file = tmp_path_factory.mktemp("tone") / "tone.wav"
    media.write_tone(file)
    return file


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory, real_part: Callable[[str], str]) -> Path:
    """The two ends of a call, as JavaScript."""
    return media.compile_modules(real_part("node"), tmp_path_factory.mktemp("modules"))


@fixture()
async def new_phone(browser: Browser, modules: Path) -> AsyncIterator[NewPhone]:
    """Somebody of the audience with a microphone: ``await new_phone(host, "Ana")``."""
    made: list[Phone] = []

    async def make(host: Page, name: str) -> Phone:
        phone = await call_steps.new_phone(browser, modules, host, name)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        await phone.stop()


@fixture(scope="session")
async def loudspeakers(real_part: Callable[[str], str]) -> AsyncIterator[Loudspeakers]:
    """Those of Firefox, and nobody else's."""
    made = Loudspeakers(real_part("loudspeakers"))
    await made.start()
    yield made
    await made.stop()


@fixture(scope="session")
async def firefox_process(real_part: Callable[[str], str], loudspeakers: Loudspeakers) -> AsyncIterator[Firefox]:
    made = Firefox(real_part("firefox"), loudspeakers.environment)
    await made.start()
    yield made
    await made.stop()


FAILED = pytest.StashKey[bool]()
PICTURES = Path(__file__).parents[2] / "build" / "failures"
"""Where the pages are shown as they were when a test failed."""

Opener = Callable[..., Awaitable[Page]]


class Complaints(list[str]):
    """What browsers complained about: errors of scripts, and requests to anywhere but the server."""

    def listen(self, page: Page, server: str) -> None:
        page.on("pageerror", lambda error: self.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                self.append(f"foreign request: {request.url}")
                if not request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
                else None
            ),
        )


@fixture()
async def people(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Opener]:
    """Opens a page for a new person: ``await people(phone=True, dark=True)``. Each has cookies of their own,
    or with ``same_as`` those of somebody who has one more device. ``foreign`` is the server by another address.

    They are people of the test's own server if it has one.
    """
    kind = "own_server" if "own_server" in request.fixturenames else "server"
    server: ServerProcess = request.getfixturevalue(kind)
    contexts: list[BrowserContext] = []
    complaints = Complaints()

    async def open_page(
        *,
        phone: bool = False,
        dark: bool = False,
        width: int = 1280,
        height: int = 800,
        same_as: Page | None = None,
        zone: str | None = None,
        foreign: str = "",
    ) -> Page:
        looks: dict[str, Any] = {"color_scheme": "dark" if dark else "light", "base_url": server.url}
        if zone:
            looks["timezone_id"] = zone
        if phone:
            looks |= {
                "viewport": {"width": 390, "height": 844},
                "user_agent": PHONE_AGENT,
                "is_mobile": True,
                "has_touch": True,
                "device_scale_factor": 2,
            }
        else:
            looks |= {"viewport": {"width": width, "height": height}}
        if same_as:
            looks["storage_state"] = await same_as.context.storage_state()
        context = await browser.new_context(**looks)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        complaints.listen(page, foreign or server.url)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False) and context.pages:
            PICTURES.mkdir(parents=True, exist_ok=True)
            await context.pages[0].screenshot(path=PICTURES / f"{request.node.name}-{number}.png")
        await context.close()
    assert not complaints


FirefoxOpener = Callable[..., Awaitable[firefox_page.Page]]


@fixture()
async def in_firefox(
    firefox_process: Firefox, server: ServerProcess, request: pytest.FixtureRequest
) -> AsyncIterator[FirefoxOpener]:
    """Opens a window for a new person, by default at the server's first page: ``await in_firefox(phone=True)``."""
    opened: list[firefox_page.Page] = []

    async def open_page(url: str = "", *, phone: bool = False) -> firefox_page.Page:
        person = await firefox_process.person()
        page = await (person.open(390, 844, sharp=2) if phone else person.open())
        opened.append(page)
        await page.goto(url or server.url)
        return page

    yield open_page
    for number, page in enumerate(opened):
        if request.node.stash.get(FAILED, False):
            PICTURES.mkdir(parents=True, exist_ok=True)
            await page.picture(PICTURES / f"{request.node.name}-firefox-{number}.png")
    complaints, requests = await firefox_process.forget()
    assert not complaints
    known = (server.url, server.url.replace("http", "ws"), "data:", "blob:", "about:")
    assert not [url for url in requests if not url.startswith(known)]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Lets fixtures know at their end whether the test failed."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        item.stash[FAILED] = True
