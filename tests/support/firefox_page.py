"""A window of Firefox: what a person does in it, found by the names that people and screen readers know things by.

Nothing waits for a fixed time: each step is tried until it can be done, and fails at a deadline with what the page
says.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.bidi import Bidi, BidiError, Json

SECONDS = 60
LOOK_SECONDS = 0.05
PRESSES = 5
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Backspace": "\ue003", "Control": "\ue009"}
FINDING = (Path(__file__).parent / "finding.js").read_text()

# Something that can be pressed: it stands still, is not switched off, and nothing lies over its middle. From then on
# until the click, what comes down beside it, because it moved in the last moment, reaches nothing in the page.
READY = """async (where) => {
  const node = theOne(where)
  if (!node) return null
  node.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
  const place = () => Object.values(node.getBoundingClientRect().toJSON()).join()
  const before = place()
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))
  const { x, y, width, height } = node.getBoundingClientRect()
  const its = (hit) => hit && (node.contains(hit) || hit.closest?.('label')?.control === node)
  if (place() !== before || node.matches(':disabled, [aria-disabled=true]')) return null
  if (!its(document.elementFromPoint(x + width / 2, y + height / 2))) return null
  let hit = null
  window.pressed = new Promise((done) => {
    const kinds = ['pointerdown', 'mousedown', 'touchstart', 'pointerup', 'mouseup', 'touchend', 'click']
    const guard = (event) => {
      hit ??= Boolean(its(event.target))
      if (!hit) (event.preventDefault(), event.stopImmediatePropagation())
      if (event.type === 'click') over()
    }
    const over = () => {
      for (const kind of kinds) window.removeEventListener(kind, guard, true)
      done(hit === false ? 'missed' : 'hit')
    }
    for (const kind of kinds) window.addEventListener(kind, guard, { capture: true, passive: false })
    // What goes away as soon as it is touched is never clicked.
    setTimeout(over, 1500)
  })
  return [Math.round(x + width / 2), Math.round(y + height / 2)]
}"""


@dataclass(frozen=True)
class Where:
    """What is looked for in a page, as ``find`` of ``finding.js`` takes it. Only what is visible is found."""

    spec: Json

    def inside(self, other: Where) -> Where:
        """Within the one other thing."""
        return Where({**self.spec, "within": other.spec})

    def having(self, text: str) -> Where:
        """Of those, the ones in which this stands."""
        return Where({**self.spec, "text": text})


def role(role: str, name: str = "") -> Where:
    """By its role, and its whole name if one is given."""
    return Where({"role": role, "name": name})


def button(name: str) -> Where:
    return role("button", name)


def css(selector: str) -> Where:
    return Where({"css": selector})


class Page:
    """One window, pressed with a mouse: a finger that a busy machine lifts late is a long press. Times in seconds."""

    def __init__(self, bidi: Bidi, context: str, downloads: Path) -> None:
        self._bidi = bidi
        self._context = context
        self._downloads = downloads
        self._going: set[asyncio.Task[Json]] = set()

    # The window.

    async def goto(self, url: str) -> None:
        """Returns when everything that the page names is loaded."""
        await self._do("browsingContext.navigate", url=url, wait="complete")

    async def reload(self) -> None:
        await self._do("browsingContext.reload", wait="complete")

    async def resize(self, width: int, height: int, sharp: float = 1) -> None:
        """The part of the window that is the page's, in CSS pixels; ``sharp``: dots for each of them."""
        size = {"width": width, "height": height}
        await self._do("browsingContext.setViewport", viewport=size, devicePixelRatio=sharp)

    async def offline(self, on: bool) -> None:
        """Without a network, from now on or no more."""
        conditions = {"type": "offline"} if on else None
        await self._bidi.do("emulation.setNetworkConditions", networkConditions=conditions, contexts=[self._context])

    async def hold(self, part: str) -> None:
        """From now on, what has this in its address is asked for, and does not go out."""

        def pass_on(told: Json) -> None:
            if told["context"] != self._context or not told["isBlocked"] or part in told["request"]["url"]:
                return
            going = asyncio.create_task(self._bidi.do("network.continueRequest", request=told["request"]["request"]))
            self._going.add(going)
            going.add_done_callback(self._going.discard)

        await self._bidi.listen("network.beforeRequestSent", pass_on)
        await self._bidi.do("network.addIntercept", phases=["beforeRequestSent"], contexts=[self._context])

    async def cover(self) -> None:
        """Another tab of this window comes to the front: the page is out of sight."""
        await self._bidi.do("browsingContext.create", type="tab", referenceContext=self._context)

    async def picture(self, path: Path) -> None:
        """What is seen now, as PNG."""
        taken = await self._do("browsingContext.captureScreenshot")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(taken["data"]))

    # Scripts.

    async def evaluate(self, function: str, *given: Any) -> Any:
        """Calls a JavaScript function with JSON; returns what it gives or promises, as JSON.

        :raises AssertionError: it has thrown
        """
        told = await self._do_call(
            f"async (...given) => JSON.stringify((await ({function})(...given.map(JSON.parse))) ?? null)", given
        )
        return json.loads(told["value"])

    async def until(self, function: str, *given: Any, seconds: float = SECONDS) -> Any:
        """Wait until a function gives something true, and return that. The page asks it again and again by itself; so
        does one that comes after it. ``find`` and ``theOne`` are there.
        """
        deadline = time.monotonic() + seconds
        asking = f"""async (seconds, ...given) => {{
          {FINDING}
          const end = performance.now() + seconds * 1000
          for (;;) {{
            const got = await ({function})(...given)
            if (got || performance.now() > end) return got
            await new Promise((go) => setTimeout(go, {LOOK_SECONDS * 1000}))
          }}
        }}"""
        trouble = ""
        while (left := deadline - time.monotonic()) > 0:
            try:
                if got := await self.evaluate(asking, left, *given):
                    return got
            except BidiError as error:  # the page was exchanged meanwhile
                trouble = str(error)
                await asyncio.sleep(LOOK_SECONDS)
        said = await self.evaluate("() => `${location.href} ${document.body?.innerText}`")
        raise AssertionError(f"{function} {given} did not come. {trouble}\nThe page: {said}")

    # People.

    async def see(self, where: Where, text: str = "") -> str:
        """Wait until the one thing is there, with this in it; returns its text, without needless spaces."""
        sought = where.having(text) if text else where
        found = await self.until("(where) => theOne(where) && '=' + plain(theOne(where).innerText ?? '')", sought.spec)
        return str(found)[1:]

    async def miss(self, where: Where) -> None:
        """Wait until there is no such thing."""
        await self.until("(where) => find(where).length === 0", where.spec)

    async def press(self, where: Where) -> None:
        """As soon as it can be pressed. Returns when the page has heard the click."""
        for _ in range(PRESSES):
            x, y = await self.until(READY, where.spec)
            actions = [
                {"type": "pointerMove", "x": x, "y": y},
                {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0},
            ]
            await self._perform({"type": "pointer", "id": "mouse", "actions": actions})
            try:
                if await self.evaluate("() => window.pressed ?? 'gone on'") != "missed":
                    return
            except BidiError:  # the click has led to another page
                return
        raise AssertionError(f"{where.spec} moves away from each press")

    async def keys(self, *keys: str, held: str = "") -> None:
        """One after the other: those with a name of their own, or signs. One may be held down all the while."""
        each = [action for key in keys for action in (_key("keyDown", key), _key("keyUp", key))]
        actions = [_key("keyDown", held), *each, _key("keyUp", held)] if held else each
        await self._perform({"type": "key", "id": "keys", "actions": actions})

    async def fill(self, where: Where, text: str) -> None:
        """Typed into a field, in place of what stands there."""
        await self.press(where)
        await self.until("(where) => theOne(where) === document.activeElement", where.spec)
        await self.keys("a", held="Control")
        await self.keys(*text)

    async def choose_files(self, field: str, *paths: Path) -> None:
        """For a field that takes files, by its selector: it may be hidden behind a button."""
        await self.until("(field) => document.querySelector(field) !== null", field)
        node = await self._do_call("async (field) => document.querySelector(JSON.parse(field))", [field])
        element = {"sharedId": node["sharedId"]}
        await self._do("input.setFiles", element=element, files=[str(each) for each in paths])

    async def download(self, where: Where) -> Path:
        """What comes when this is pressed, on disk, when it is there as a whole."""
        ended: asyncio.Future[Json] = asyncio.get_running_loop().create_future()

        def take(told: Json) -> None:
            if told["context"] == self._context and not ended.done():
                ended.set_result(told)

        await self._bidi.listen("browsingContext.downloadEnd", take)
        await self.press(where)
        async with asyncio.timeout(SECONDS):
            told = await ended
        assert told["status"] == "complete", told
        return Path(told["filepath"])

    # Beneath.

    async def _do(self, method: str, **params: Any) -> Json:
        return await self._bidi.do(method, context=self._context, **params)

    async def _do_call(self, declared: str, given: tuple[Any, ...] | list[Any]) -> Json:
        """Calls a function that takes JSON as text. Returns what came, as the protocol has it."""
        told = await self._bidi.do(
            "script.callFunction",
            functionDeclaration=declared,
            arguments=[{"type": "string", "value": json.dumps(each)} for each in given],
            awaitPromise=True,
            target={"context": self._context},
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        result: Json = told["result"]
        return result

    async def _perform(self, *actions: Json) -> None:
        await self._do("input.performActions", actions=list(actions))


def _key(kind: str, key: str) -> Json:
    return {"type": kind, "value": KEYS.get(key, key)}
