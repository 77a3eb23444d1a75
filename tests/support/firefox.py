"""A real Firefox without a window on the screen, driven by WebDriver BiDi, which a stock one speaks.

One process serves many people: each has cookies, storage and permissions of their own (a user context), and windows,
as tabs that are not in front hardly run. It asks nobody on the network for anything by itself. Its microphone plays a
tone.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any

from tests.support.bidi import Bidi, BidiError, Json
from tests.support.firefox_page import Page

START_SECONDS = 60
END_SECONDS = 10
TONE_HZ = 700
"""What its microphone plays: another one than that of the other browsers."""
NO_NETWORK = ("establish a connection to the server at", "was interrupted while the page was loading")
LISTENING = b"WebDriver BiDi listening on "

SOUND: dict[str, bool | int | str] = {
    "media.navigator.streams.fake": True,
    "media.navigator.audio.fake_frequency": TONE_HZ,
    # As if everybody had said yes: there is nobody to press it.
    "media.navigator.permission.disabled": True,
    # Calls on one machine need real addresses: names of the local network are looked up by nobody here.
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.peerconnection.ice.loopback": True,
    # As it is delivered: a page that nobody has touched makes no sound.
    "media.autoplay.default": 1,
}
SILENCE: dict[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.translations.enable": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.usage.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "network.prefetch-next": False,
    "network.trr.mode": 5,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "signon.rememberSignons": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
}


class Person:
    """Somebody in the browser, with cookies of their own."""

    def __init__(self, bidi: Bidi, context: str, downloads: Path) -> None:
        self._bidi = bidi
        self._context = context
        self._downloads = downloads

    async def open(self, width: int = 1280, height: int = 800, *, sharp: float = 1) -> Page:
        """A new window; ``sharp`` is the dots for each CSS pixel."""
        made = await self._bidi.do("browsingContext.create", type="window", userContext=self._context)
        page = Page(self._bidi, made["context"], self._downloads)
        await page.resize(width, height, sharp)
        return page

    async def leave(self) -> None:
        """Closes the windows and forgets everything."""
        await self._bidi.do("browser.removeUserContext", userContext=self._context)


class Firefox:
    """``program``: the browser's path; ``environment``: what it is given besides, as loudspeakers."""

    def __init__(self, program: str, environment: dict[str, str]) -> None:
        self._program = program
        self._environment = environment
        self._folder = Path(tempfile.mkdtemp(prefix="firefox-"))
        self._process: Process | None = None
        self._said: asyncio.Task[None] | None = None
        self._bidi: Bidi | None = None
        self._people: list[Person] = []
        self.complaints: list[str] = []
        """Errors of scripts and of the console, in all windows."""
        self.requests: list[str] = []
        """The addresses of all that windows have asked for."""

    async def start(self) -> None:
        """Returns when it takes orders.

        :raises AssertionError: it ended, or said nothing for a minute
        """
        profile = self._folder / "profile"
        profile.mkdir()
        preferences = {**SOUND, **SILENCE}
        (profile / "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
        )
        home = {"HOME": str(self._folder), "MOZ_CRASHREPORTER_DISABLE": "1", "LANGUAGE": "en", "LC_ALL": "C.UTF-8"}
        order = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
        self._process = await asyncio.create_subprocess_exec(
            self._program, *order, env=os.environ | home | self._environment, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
        )
        atexit.register(self._end)
        self._bidi = await Bidi.connect(await self._address(), {})
        await self._bidi.listen("log.entryAdded", self._complain)
        await self._bidi.listen("network.beforeRequestSent", lambda told: self.requests.append(told["request"]["url"]))

    async def person(self) -> Person:
        assert self._bidi is not None
        context = (await self._bidi.do("browser.createUserContext"))["userContext"]
        downloads = self._folder / f"downloads-{context}"
        downloads.mkdir()
        behaviour = {"type": "allowed", "destinationFolder": str(downloads)}
        await self._bidi.do("browser.setDownloadBehavior", downloadBehavior=behaviour, userContexts=[context])
        person = Person(self._bidi, context, downloads)
        self._people.append(person)
        return person

    async def forget(self) -> tuple[list[str], list[str]]:
        """Everybody leaves. Returns the complaints and the requests since the last time."""
        for person in self._people:
            await person.leave()
        self._people.clear()
        told = list(self.complaints), list(self.requests)
        self.complaints.clear()
        self.requests.clear()
        return told

    async def stop(self) -> None:
        """Ends the process, if need be by force, and deletes its profile."""
        assert self._process is not None
        if self._bidi is not None:
            with contextlib.suppress(BidiError, ConnectionError, TimeoutError):
                await self._bidi.do("browser.close")
            await self._bidi.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        if self._said is not None:
            await self._said
        self._end()
        atexit.unregister(self._end)

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _address(self) -> str:
        """What it says that it listens on. What it says besides is read as well: a full pipe would stop it."""
        assert self._process is not None
        assert self._process.stderr is not None
        stream, said = self._process.stderr, b""
        try:
            async with asyncio.timeout(START_SECONDS):
                async for line in stream:
                    said += line
                    if line.startswith(LISTENING):
                        self._said = asyncio.create_task(_drain(stream))
                        return line.removeprefix(LISTENING).decode().strip()
        except TimeoutError:
            pass
        self._end()
        raise AssertionError(f"Firefox did not start: {said.decode(errors='replace')}")

    def _complain(self, told: Json) -> None:
        # Warnings are Firefox's opinion of the web; and that a network is gone is no mistake of the page.
        if told["level"] == "error" and not any(words in told["text"] for words in NO_NETWORK):
            self.complaints.append(f"{told['type']} {told['level']}: {told['text']} {_place(told)}")


def _place(told: dict[str, Any]) -> str:
    frames = (told.get("stackTrace") or {}).get("callFrames") or []
    return " < ".join(f"{each['url']}:{each['lineNumber']}" for each in frames[:3])


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65_536):
        pass
