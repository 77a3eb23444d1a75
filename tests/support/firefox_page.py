"""A window of Firefox: what a person does in it, found by the names that people and screen readers know things by.

Nothing waits for a fixed time: each step polls until it can be done, and fails at a deadline with what the page says then.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from tests.support.bidi import Bidi, BidiError, Json

SECONDS = 15
LOOK_SECONDS = 0.05
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Backspace": "\ue003", "Control": "\ue009"}
T = TypeVar("T")

# Until a thing can be pressed: it stands still, is not switched off, and nothing lies over its middle.
READY = """async (node, seconds) => {
  const end = performance.now() + seconds * 1000
  for (let before = ''; ; ) {
    if (!node.isConnected) return 'it is gone'
    node.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
    const { x, y, width, height } = node.getBoundingClientRect()
    const now = [x, y, width, height].join()
    const hit = document.elementFromPoint(x + width / 2, y + height / 2)
    const off = node.matches(':disabled, [aria-disabled=true]')
    if (now === before && !off && hit && (node.contains(hit) || hit.closest('label')?.control === node)) return ''
    if (performance.now() > end) return off ? 'it is switched off' : `over it is ${hit?.outerHTML.slice(0, 200)}`
    before = now
    await new Promise((go) => requestAnimationFrame(go))
  }
}"""


class NotYet(Exception):
    """What keeps a step from being done."""


@dataclass(frozen=True)
class Where:
    """What is looked for in a page. Only what is visible is found."""

    locator: tuple[str, Any]
    within: Where | None = None
    text: str = ""

    def inside(self, other: Where) -> Where:
        """Within the one other thing."""
        return replace(self, within=other)

    def having(self, text: str) -> Where:
        """Of those, the ones in which this stands."""
        return replace(self, text=text)


def role(role: str, name: str | None = None) -> Where:
    """By the role and the whole name that screen readers are given."""
    return Where(("accessibility", {"role": role} | ({} if name is None else {"name": name})))


def button(name: str) -> Where:
    return role("button", name)


def css(selector: str) -> Where:
    return Where(("css", selector))


class Page:
    """One window. With ``finger`` it is touched, otherwise pressed with a mouse."""

    def __init__(self, bidi: Bidi, context: str, downloads: Path, *, finger: bool) -> None:
        self._bidi = bidi
        self._context = context
        self._downloads = downloads
        self._finger = finger
        self._going: set[asyncio.Task[Json]] = set()

    # The window.

    async def goto(self, url: str) -> None:
        """Returns when everything of the page is loaded."""
        await self._bidi.do("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def reload(self) -> None:
        await self._bidi.do("browsingContext.reload", context=self._context, wait="complete")

    async def resize(self, width: int, height: int, sharp: float = 1) -> None:
        """The part of the window that is the page's, in CSS pixels."""
        size = {"width": width, "height": height}
        await self._bidi.do(
            "browsingContext.setViewport", context=self._context, viewport=size, devicePixelRatio=sharp
        )

    async def front(self) -> None:
        await self._bidi.do("browsingContext.activate", context=self._context)

    async def hold(self, part: str) -> None:
        """From now on, what has this in its address is asked for, and does not go out."""

        def pass_on(told: Json) -> None:
            if told["context"] == self._context and told["isBlocked"] and part not in told["request"]["url"]:
                going = asyncio.create_task(
                    self._bidi.do("network.continueRequest", request=told["request"]["request"])
                )
                self._going.add(going)
                going.add_done_callback(self._going.discard)

        await self._bidi.listen("network.beforeRequestSent", pass_on)
        await self._bidi.do("network.addIntercept", phases=["beforeRequestSent"], contexts=[self._context])

    async def picture(self, path: Path) -> None:
        """What is seen now, as PNG."""
        taken = await self._bidi.do("browsingContext.captureScreenshot", context=self._context)
        path.write_bytes(base64.b64decode(taken["data"]))

    # Scripts.

    async def evaluate(self, function: str, *given: Any) -> Any:
        """Calls a JavaScript function with JSON; returns what it gives or promises, as JSON.

        :raises AssertionError: it has thrown
        """
        declared = f"async (...given) => JSON.stringify((await ({function})(...given.map(JSON.parse))) ?? null)"
        return await self._call(declared, [_text(json.dumps(each)) for each in given])

    async def until(self, function: str, *given: Any, seconds: float = SECONDS) -> Any:
        """Wait until a function gives something true, and return that. Asked again and again by the page itself,
        also by one that comes after it.
        """
        asking = f"""async (seconds, ...given) => {{
          const end = performance.now() + seconds * 1000
          for (;;) {{
            const got = await ({function})(...given)
            if (got || performance.now() > end) return got
            await new Promise((go) => setTimeout(go, {LOOK_SECONDS * 1000}))
          }}
        }}"""

        async def ask() -> Any:
            return await self.evaluate(asking, max(0.0, deadline - time.monotonic()), *given)

        deadline = time.monotonic() + seconds
        return await self._within(seconds, f"{function} {given}", ask)

    # People.

    async def see(self, where: Where, text: str = "", *, seconds: float = SECONDS) -> str:
        """Wait until the one thing is there, with this in it; returns its text."""

        async def read() -> str | None:
            found = await self._on(where.having(text) if text else where, "(node) => node.innerText ?? node.value")
            return None if found is None else found + "\0"

        return str(await self._within(seconds, f"{where} {text}", read)).removesuffix("\0")

    async def miss(self, where: Where, *, seconds: float = SECONDS) -> None:
        """Wait until there is no such thing."""

        async def gone() -> bool:
            return not await self._all(where)

        await self._within(seconds, f"no {where}", gone)

    async def press(self, where: Where, *, seconds: float = SECONDS) -> None:
        """With the mouse or a finger, as soon as it can be pressed."""
        deadline = time.monotonic() + seconds

        async def ready() -> Json | None:
            if (node := await self._one(where)) is None:
                return None
            left = _text(json.dumps(max(0.0, deadline - time.monotonic())))
            if why := await self._call(_on_node(READY), [node, left]):
                raise NotYet(why)
            return node

        node = await self._within(seconds, f"pressing {where}", ready)
        origin = {"type": "element", "element": node}
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        kind = {"pointerType": "touch" if self._finger else "mouse"}
        await self._perform({"type": "pointer", "id": kind["pointerType"], "parameters": kind, "actions": moves})

    async def keys(self, *keys: str) -> None:
        """One after the other: those with a name of their own, or signs."""
        each = [KEYS.get(key, key) for key in keys]
        actions = [{"type": kind, "value": key} for key in each for kind in ("keyDown", "keyUp")]
        await self._perform({"type": "key", "id": "keys", "actions": actions})

    async def fill(self, where: Where, text: str) -> None:
        """Typed into a field, in place of what stands there."""
        await self.press(where)
        down, up = ({"type": kind, "value": KEYS["Control"]} for kind in ("keyDown", "keyUp"))
        a = [{"type": kind, "value": "a"} for kind in ("keyDown", "keyUp")]
        await self._perform({"type": "key", "id": "keys", "actions": [down, *a, up]})
        await self.keys(*text)

    async def choose_files(self, where: Where, *paths: Path) -> None:
        """For a field that takes files, which may be hidden behind a button."""
        [node] = await self._found(where)
        await self._bidi.do("input.setFiles", context=self._context, element=node, files=[str(each) for each in paths])

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

    async def _within(self, seconds: float, what: str, look: Callable[[], Awaitable[T]]) -> T:
        """Looks until there is something true. Things may go, and pages be exchanged, while they are looked at."""
        deadline = time.monotonic() + seconds
        while True:
            trouble = ""
            try:
                if found := await look():
                    return found
            except (BidiError, NotYet) as error:
                trouble = str(error)
            if time.monotonic() > deadline:
                said = await self.evaluate("() => `${location.href} ${document.body?.innerText}`")
                raise AssertionError(f"{what} did not come. {trouble}\nThe page: {said}")
            await asyncio.sleep(LOOK_SECONDS)

    async def _found(self, where: Where) -> list[Json]:
        """All of them, visible or not."""
        kind, value = where.locator
        more: Json = {}
        if where.within is not None:
            outer = await self._one(where.within)
            if outer is None:
                return []
            more["startNodes"] = [outer]
        told = await self._bidi.do(
            "browsingContext.locateNodes",
            context=self._context,
            locator={"type": kind, "value": value},
            serializationOptions={"maxDomDepth": 0},
            **more,
        )
        return [{"sharedId": node["sharedId"]} for node in told["nodes"]]

    async def _all(self, where: Where) -> list[Json]:
        fits = "(node, text) => node.checkVisibility() && (node.innerText ?? node.value ?? '').includes(text)"
        text = _text(json.dumps(where.text))
        return [node for node in await self._found(where) if await self._call(_on_node(fits), [node, text])]

    async def _one(self, where: Where) -> Json | None:
        """None while there is not yet one, or still more than one."""
        found = await self._all(where)
        return found[0] if len(found) == 1 else None

    async def _on(self, where: Where, function: str) -> Any:
        node = await self._one(where)
        return None if node is None else await self._call(_on_node(function), [node])

    async def _call(self, declared: str, arguments: list[Json]) -> Any:
        told = await self._bidi.do(
            "script.callFunction",
            functionDeclaration=declared,
            arguments=arguments,
            awaitPromise=True,
            target={"context": self._context},
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    async def _perform(self, *actions: Json) -> None:
        await self._bidi.do("input.performActions", context=self._context, actions=list(actions))


def _text(value: str) -> Json:
    return {"type": "string", "value": value}


def _on_node(function: str) -> str:
    """A function of a node and JSON."""
    return f"async (node, ...given) => JSON.stringify((await ({function})(node, ...given.map(JSON.parse))) ?? null)"
