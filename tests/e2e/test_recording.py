"""Recording a call in the page: everybody is told, everybody is in it, and what a page loses when it dies."""

from __future__ import annotations

import asyncio
import io
import json
import re
import subprocess
import time
import zipfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e import call_page_steps as call
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess

pytestmark = [
    pytest.mark.feature("M11"),
    pytest.mark.real("whole-chromium", "ffmpeg"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]

SEEK = """async ([href, to]) => {
    const video = document.createElement('video')
    const once = (what) => new Promise((done, failed) => {
        video.addEventListener(what, done, { once: true })
        video.addEventListener('error', () => failed(video.error?.message), { once: true })
    })
    video.muted = true
    video.src = href
    await once('loadedmetadata')
    const { duration, videoWidth, videoHeight } = video
    video.currentTime = to
    await once('seeked')
    return { duration, videoWidth, videoHeight, at: video.currentTime, ready: video.readyState }
}"""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


def link_of(page: Page) -> str:
    found = re.search(r"/r/([^/?#]+)", page.url)
    assert found
    return found[1]


async def begins(page: Page, *, switch_on: bool = True) -> tuple[float, float]:
    """They record from now on. Files are not on in a new meeting. Returns moments before and after the beginning."""
    record = call.button(page, "Record the call")
    if switch_on:
        await record.click()
        record = page.get_by_role("button", name="Switch on and record")
    before = time.monotonic()
    await record.click()
    await expect(call.call_of(page)).to_contain_text("You record this call.")
    # Everyone is told before the first picture.
    await expect(call.button(page, "Recording begins…")).to_have_count(0)
    return before, time.monotonic()


async def goes_on(page: Page, seconds: int) -> None:
    """So long, by the time that the page shows."""
    later = "|".join(f"{second:02}" for second in range(seconds, 60))
    await expect(call.call_of(page).get_by_text(re.compile(rf"^0:({later})$"))).to_be_visible(timeout=40_000)


async def recorded(page: Page, folder: Path, *, patience: float = 30) -> tuple[Path, str]:
    """The one file of the room, as it is fetched, and its name."""
    deadline = time.monotonic() + patience
    while True:
        answer = await page.context.request.get(f"/api/files/{link_of(page)}/archive.zip")
        if answer.ok:
            with zipfile.ZipFile(io.BytesIO(await answer.body())) as archive:
                names = archive.namelist()
                if names:
                    (name,) = names
                    return Path(archive.extract(name, folder)), name
        assert time.monotonic() < deadline, f"{answer.status}: {await answer.text() if not answer.ok else 'no file'}"
        await page.wait_for_timeout(250)


def probed(ffmpeg: str, file: Path) -> dict[str, Any]:
    probe = str(Path(ffmpeg).with_name("ffprobe"))
    asked = ["-v", "error", "-show_entries", "format=duration:stream=codec_type,codec_name", "-of", "json"]
    said = subprocess.run([probe, *asked, str(file)], check=True, capture_output=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def longest_gap(ffmpeg: str, file: Path) -> float:
    """Seconds between two pieces of sound that follow each other."""
    probe = str(Path(ffmpeg).with_name("ffprobe"))
    asked = ["-v", "error", "-select_streams", "a", "-show_entries", "packet=pts_time", "-of", "csv=p=0"]
    said = subprocess.run([probe, *asked, str(file)], check=True, capture_output=True, text=True).stdout
    return max(later - sooner for sooner, later in pairwise(float(each.rstrip(",")) for each in said.split()))


def sounds(ffmpeg: str, file: Path) -> float:
    """How loud it is, in dB below the most that there is."""
    asked = [ffmpeg, "-hide_banner", "-nostats", "-i", str(file), "-af", "volumedetect", "-vn", "-f", "null", "-"]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stderr
    found = re.search(r"max_volume: (-?[\d.]+) dB", said)
    assert found, said
    return float(found[1])


def picture(ffmpeg: str, file: Path, at: float) -> Image.Image:
    asked = [ffmpeg, "-v", "error", "-ss", str(at), "-i", str(file), "-frames:v", "1"]
    to_here = ["-f", "image2pipe", "-c:v", "png", "-"]
    made = subprocess.run([*asked, *to_here], check=True, capture_output=True).stdout
    return Image.open(io.BytesIO(made)).convert("RGB")


def colours(image: Image.Image) -> int:
    """How many different ones: a place without a picture has hardly any."""
    return len(image.resize((64, 36)).getcolors(64 * 36) or [])


async def test_everybody_is_told_and_in_it_and_one_can_jump_in_it(
    people: Opener, tmp_path: Path, real_part: Any
) -> None:
    ffmpeg = real_part("ffmpeg")
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    before, after = await begins(ana)
    await expect(call.call_of(ben)).to_contain_text("Ana records this call.")
    # Who is about to join learns it before.
    carl = await people()
    await carl.goto(ana.url)
    await call.enter(carl, "Carl")
    await expect(call.call_of(carl)).to_contain_text("Ana records this call.")
    await goes_on(ana, 9)
    least = time.monotonic() - after
    await call.button(ana, "Stop recording").first.click()
    most = time.monotonic() - before
    await expect(ana.get_by_text("The recording is among the files.")).to_be_visible(timeout=30_000)
    for page in (ana, ben, carl):
        await expect(call.call_of(page).get_by_text("this call.")).to_have_count(0)
    # It is offered for some seconds.
    await ana.get_by_role("button", name="Show").click()

    file, name = await recorded(ana, tmp_path)
    assert re.fullmatch(r"Recording \d{4}-\d\d-\d\d \d\d\.\d\d\.webm", name)
    found = probed(ffmpeg, file)
    assert {each["codec_type"]: each["codec_name"] for each in found["streams"]} == {"video": "vp8", "audio": "opus"}
    duration = float(found["format"]["duration"])
    assert least - 2 < duration < most + 1
    assert sounds(ffmpeg, file) > -40
    # Two side by side, each with a picture that moves.
    frames = [picture(ffmpeg, file, at) for at in (4, 6)]
    for image in frames:
        assert image.size == (1280, 720)
        for half in ((20, 200, 620, 500), (660, 200, 1260, 500)):
            assert colours(image.crop(half)) > 20
    assert frames[0].tobytes() != frames[1].tobytes()

    row = ana.get_by_role("link", name=re.compile("Download"))
    href = await row.first.get_attribute("href")
    assert href
    seen = await ana.evaluate(SEEK, [f"{href.split('?')[0]}/preview", 6])
    assert abs(seen["duration"] - duration) < 0.2
    assert (seen["videoWidth"], seen["videoHeight"]) == (1280, 720)
    assert abs(seen["at"] - 6) < 0.1
    assert seen["ready"] >= 2


async def test_a_page_that_is_killed_loses_five_seconds_at_the_most(
    people: Opener, tmp_path: Path, real_part: Any
) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    before, after = await begins(ana)
    await expect(call.call_of(ben)).to_contain_text("Ana records this call.")
    await goes_on(ana, 10)
    session = await ana.context.new_cdp_session(ana)
    least = time.monotonic() - after
    async with ana.expect_event("crash"):
        with suppress(Exception):
            async with asyncio.timeout(2):
                await session.send("Page.crash")
    most = time.monotonic() - before
    await expect(call.call_of(ben).get_by_text("records this call.")).to_have_count(0, timeout=60_000)
    file, _ = await recorded(ben, tmp_path, patience=75)
    duration = float(probed(real_part("ffmpeg"), file)["format"]["duration"])
    assert least - 5 < duration < most + 1
    assert colours(picture(real_part("ffmpeg"), file, 5)) > 20


async def test_a_server_that_is_killed_costs_nothing(
    people: Opener, own_server: ServerProcess, tmp_path: Path, real_part: Any
) -> None:
    """What is recorded while it is away is sent when it is back, from where it has got to."""
    [ana, _] = await call.in_a_call(people, "Ana", "Ben")
    before, after = await begins(ana)
    await goes_on(ana, 4)
    own_server.kill()
    await goes_on(ana, 8)
    own_server.start()
    await goes_on(ana, 11)
    least = time.monotonic() - after
    await call.button(ana, "Stop recording").first.click()
    most = time.monotonic() - before
    await expect(ana.get_by_text("The recording is among the files.")).to_be_visible(timeout=45_000)
    file, _ = await recorded(ana, tmp_path)
    ffmpeg = real_part("ffmpeg")
    duration = float(probed(ffmpeg, file)["format"]["duration"])
    assert least - 2 < duration < most + 1
    assert longest_gap(ffmpeg, file) < 0.9


async def test_who_may_and_who_stops_it(people: Opener, tmp_path: Path, real_part: Any) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    await expect(call.button(ana, "Record the call")).to_be_visible()
    await expect(call.button(ben, "Record the call")).to_have_count(0)
    await ana.get_by_role("button", name="Room settings").click()
    settings = ana.get_by_role("dialog", name="Room settings")
    await settings.get_by_label("Who may record").select_option("everyone")
    await expect(call.button(ben, "Record the call")).to_be_attached()
    # Files are off: only a host can change that.
    await call.button(ben, "Record the call").click()
    await expect(ben.get_by_role("status", name="Notices")).to_contain_text("A host can switch them on.")
    await settings.get_by_role("switch", name="Files").click()
    await settings.get_by_role("button", name="Cancel").click()
    # Ben's page has to know of them: until then it only says that they are off.
    await expect(ben.get_by_role("navigation", name="Activities").get_by_role("button", name="Files")).to_be_visible()
    await begins(ben, switch_on=False)
    mark = call.call_of(ana).get_by_role("listitem").filter(has_text="Ben records this call.")
    await expect(mark).to_be_visible()
    # The page that records may begin a while after everyone was told.
    await goes_on(ana, 6)
    await mark.get_by_role("button", name="Stop the recording of Ben").click()
    await expect(call.button(ben, "Record the call")).to_be_enabled(timeout=30_000)
    file, _ = await recorded(ben, tmp_path)
    assert float(probed(real_part("ffmpeg"), file)["format"]["duration"]) > 2
