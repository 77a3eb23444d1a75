"""What stands behind somebody in a call, and noise that is taken from their microphone."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.e2e import effect_media, steps

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.xdist_group("media"),
    pytest.mark.feature("M10"),
]
Opener = Callable[..., Awaitable[Page]]

# Looks at a video, and sends what is heard; microphones come as they are, without what the browser does itself.
WATCH = """() => {
  const devices = navigator.mediaDevices
  const open = devices.getUserMedia.bind(devices)
  const plain = { noiseSuppression: false, echoCancellation: false, autoGainControl: false }
  devices.getUserMedia = (wish) => open(wish.audio ? { ...wish, audio: { ...wish.audio, ...plain } } : wish)
  const canvas = document.createElement('canvas')
  const [width, height] = [48, 27]
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  window.looks = (video) => {
    if (!video?.videoWidth) return null
    pen.drawImage(video, 0, 0, width, height)
    const data = pen.getImageData(0, 0, width, height).data
    const at = (x, y) => [...data.slice((y * width + x) * 4, (y * width + x) * 4 + 3)]
    let [wall, sum] = [0, 0]
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue] = [data[i], data[i + 1], data[i + 2]]
      if (Math.min(red, blue) - green > 90 || green - Math.max(red, blue) > 90) wall += 1
      sum = (sum * 31 + red) % 1000000007
    }
    return { wall: wall / width / height, corner: at(2, 2), face: at(24, 11), sum }
  }
  // Each picture that is ever shown on the page, from the first one on.
  window.worst = 0
  const seen = new WeakSet()
  const each = (video) => video.requestVideoFrameCallback(() => {
    window.worst = Math.max(window.worst, window.looks(video)?.wall ?? 0)
    each(video)
  })
  setInterval(() => {
    for (const video of document.querySelectorAll('video')) if (!seen.has(video)) { seen.add(video); each(video) }
  }, 20)
  const sent = (window.sent = [])
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real { constructor(...given) { super(...given); sent.push(this) } }
  let context
  window.loudness = (seconds) => new Promise((resolve) => {
    const track = sent.flatMap((each) => each.getSenders()).map(({ track }) => track)
      .find((track) => track?.kind === 'audio' && track.readyState === 'live')
    if (!track) return resolve(null)
    context ??= new AudioContext()
    const ear = context.createAnalyser()
    ear.fftSize = 2048
    const source = context.createMediaStreamSource(new MediaStream([track]))
    source.connect(ear)
    const heard = new Float32Array(ear.fftSize)
    let [sum, count] = [0, 0]
    const until = performance.now() + seconds * 1000
    const timer = setInterval(() => {
      ear.getFloatTimeDomainData(heard)
      sum += heard.reduce((all, one) => all + one * one, 0) / heard.length
      count += 1
      // A page that was held up hears more of it instead: a few moments of a voice are not as loud as all of it.
      if (performance.now() < until || count < seconds * 30) return
      clearInterval(timer)
      source.disconnect()
      resolve(Math.sqrt(sum / count))
    }, 20)
  })
}"""
NO_STREAMS = "delete window.MediaStreamTrackProcessor; delete window.MediaStreamTrackGenerator"


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("camera") / "person.y4m"
    effect_media.write_person(file)
    return file


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    effect_media.write_sound(folder / "speech.wav", effect_media.speech(4))
    effect_media.write_sound(folder / "noise.wav", effect_media.noise(4))
    return folder


@pytest.fixture
def sound(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "speech"))


@pytest.fixture
def browser_flags(camera: Path, sounds: Path, sound: str) -> list[str]:
    return [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
        f"--use-file-for-fake-audio-capture={sounds / sound}.wav",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
    ]


async def enter(page: Page, name: str, *, room: str = "", before: str = "") -> None:
    """To the page before the call, in a new room or in this one."""
    await page.context.grant_permissions(["camera", "microphone"])
    await page.context.add_init_script(f"({WATCH})();{before}")
    if room:
        await page.goto(room)
    else:
        await steps.create_room(page, "Meeting")
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(page.get_by_role("button", name="Join the call")).to_be_visible()


async def until(look: Callable[[], Awaitable[Any]], right: Callable[[Any], bool], *, seconds: float = 45) -> Any:
    end = asyncio.get_running_loop().time() + seconds
    while not right(seen := await look()):
        assert asyncio.get_running_loop().time() < end, seen
        await asyncio.sleep(0.15)
    return seen


def looks(video: Locator) -> Callable[[], Awaitable[Any]]:
    return lambda: video.first.evaluate("video => window.looks(video)")


def near(one: list[int], other: tuple[int, ...], by: int = 40) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


SKIN = (222, 172, 142)


async def choose(page: Page, background: str) -> None:
    summary = page.locator("summary", has_text="Background and noise")
    behind = page.get_by_role("group", name="Behind you")
    # Before the call it is to be unfolded; in the call it is in a dialog, which opens a moment after it is asked for.
    await expect(summary.or_(behind).first).to_be_visible()
    if not await behind.is_visible():
        await summary.click()
    await behind.get_by_text(background, exact=True).click()
    await expect(page.get_by_role("radio", name=background, exact=True)).to_be_checked()


@pytest.mark.parametrize("way", ["streams", "canvas"])
async def test_the_room_behind_somebody_is_hidden_and_they_are_not(people: Opener, way: str) -> None:
    ana = await people(width=1100, height=800)
    await enter(ana, "Ana", before=NO_STREAMS if way == "canvas" else "")
    preview = ana.locator("video")
    plain = await until(looks(preview), lambda seen: seen is not None and seen["wall"] > 0.4)
    assert near(plain["face"], SKIN)

    await choose(ana, "Lamplight")
    seen = await until(looks(preview), lambda seen: seen and seen["wall"] < 0.01 and near(seen["face"], SKIN))
    assert near(seen["corner"], (40, 30, 26))
    # They move, and so does the picture; the wall is in none.
    await ana.evaluate("window.worst = 0")
    sums: set[int] = set()
    while len(sums) < 5:
        sums.add((await looks(preview)())["sum"])
    assert await ana.evaluate("window.worst") < 0.02

    # What the others see is the same.
    ben = await people(width=1100, height=800)
    await enter(ben, "Ben", room=ana.url)
    for page in (ana, ben):
        await page.get_by_role("button", name="Join the call").click()
    tile = ben.get_by_role("article", name=re.compile("^Ana")).locator("video")
    await until(looks(tile), lambda seen: seen and seen["wall"] < 0.01 and near(seen["face"], SKIN))

    # Softened, the room's colours are still there, but no square of the wall.
    await ana.get_by_role("button", name="More", exact=True).click()
    await ana.get_by_role("menuitem", name="Background and noise…").click()
    await choose(ana, "Hidden")
    await until(looks(tile), lambda seen: seen and seen["wall"] < 0.05 and not near(seen["corner"], (40, 30, 26)))
    await choose(ana, "As it is")
    await until(looks(tile), lambda seen: seen and seen["wall"] > 0.4)


async def test_nothing_of_the_room_is_shown_before_it_is_hidden(people: Opener) -> None:
    """Chosen once, it holds for the next call on this device, from the first picture on."""
    ana = await people(width=1100, height=800)
    await enter(ana, "Ana")
    await choose(ana, "Meadow")
    await until(looks(ana.locator("video")), lambda seen: seen and seen["wall"] < 0.01 and near(seen["face"], SKIN))
    await ana.reload()
    await until(looks(ana.locator("video")), lambda seen: seen and seen["wall"] < 0.01 and near(seen["face"], SKIN))
    assert await ana.evaluate("window.worst") < 0.02


async def test_a_picture_of_ones_own_stays_on_the_device(people: Opener) -> None:
    ana = await people(width=1100, height=800)
    uploads: list[str] = []
    ana.on("request", lambda request: uploads.append(request.url) if request.method in {"POST", "PATCH"} else None)
    await enter(ana, "Ana")
    await choose(ana, "Softened")
    uploads.clear()
    picture = io.BytesIO()
    Image.new("RGB", (900, 1200), (20, 90, 230)).save(picture, "png")
    field = ana.get_by_label("Picture to stand behind you")
    await field.set_input_files({"name": "wall.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    blue = (20, 90, 230)
    await until(
        looks(ana.locator("video")), lambda seen: seen and near(seen["corner"], blue) and near(seen["face"], SKIN)
    )
    await ana.reload()
    await until(
        looks(ana.locator("video")), lambda seen: seen and near(seen["corner"], blue) and near(seen["face"], SKIN)
    )
    assert [each for each in uploads if "socket.io" not in each and "/api/session" not in each] == []

    await choose(ana, "Your picture")
    await field.set_input_files({"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"})
    await expect(ana.get_by_role("alert")).to_contain_text("cannot be shown as a picture")
    # Without it the room is softened, not shown.
    await ana.get_by_role("button", name="Remove your picture").click()
    await expect(ana.get_by_role("radio", name="Hidden")).to_be_checked()
    await until(
        looks(ana.locator("video")), lambda seen: seen and not near(seen["corner"], blue) and seen["wall"] < 0.05
    )


@pytest.mark.parametrize(("sound", "least", "most"), [("noise", 0.0, 0.25), ("speech", 0.7, 1.3)], indirect=["sound"])
async def test_noise_goes_and_a_voice_stays(people: Opener, sound: str, least: float, most: float) -> None:
    ana, ben = await people(width=1100, height=800), await people(width=1100, height=800)
    await enter(ana, "Ana")
    await enter(ben, "Ben", room=ana.url)
    for page in (ana, ben):
        await page.get_by_role("button", name="Join the call").click()

    async def loudness() -> float:
        heard = await until(lambda: ana.evaluate("window.loudness(0.2)"), lambda heard: bool(heard))
        assert heard
        return float(await ana.evaluate("window.loudness(4)"))

    plain = await loudness()
    await ana.get_by_role("button", name="More", exact=True).click()
    await ana.get_by_role("menuitem", name="Background and noise…").click()
    quieten = ana.get_by_role("switch", name="Quieten noise")
    await ana.evaluate("window.plain = window.sent.flatMap((one) => one.getSenders()).map(({ track }) => track?.id)")
    await quieten.click()
    await until(
        lambda: ana.evaluate(
            "window.sent.flatMap((one) => one.getSenders()).some(({ track }) =>"
            " track?.kind === 'audio' && track.readyState === 'live' && !window.plain.includes(track.id))"
        ),
        bool,
    )
    # What it has learnt of the noise takes it a moment.
    await until(lambda: ana.evaluate("window.loudness(0.5)"), lambda heard: least < heard / plain < most)
    quiet = await loudness()
    assert least <= quiet / plain <= most, (sound, plain, quiet)
    await quieten.click()
    await until(lambda: ana.evaluate("window.loudness(0.5)"), lambda heard: heard and heard > plain * 0.6)


async def test_only_workers_that_say_so_may_compile(people: Opener) -> None:
    """The page's own policy is as narrow as before."""
    ana = await people(width=1100, height=800)
    workers: list[str] = []
    ana.on("worker", lambda worker: workers.append(worker.url))
    await enter(ana, "Ana")
    await choose(ana, "Linen")
    await until(looks(ana.locator("video")), lambda seen: seen and seen["wall"] < 0.01 and near(seen["face"], SKIN))
    [worker] = [each for each in workers if ".wasm.worker-" in each]
    policies = [(await ana.request.get(address)).headers["content-security-policy"] for address in (ana.url, worker)]
    assert ["wasm" in policy for policy in policies] == [False, True]
    assert not any("'unsafe-eval'" in policy for policy in policies)
    empty = "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'compiled', () => 'refused')"
    # Said by a script of the page itself: what a test evaluates has rights of its own.
    assert await ana.evaluate(f"new Promise((done) => setTimeout(() => {empty}.then(done)))") == "refused"
