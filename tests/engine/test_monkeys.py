"""Many clients that do anything at any time, and a server that ends them: nothing is left, and nothing breaks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest

from salon.core.engine import frames
from tests.engine.stand import POLLING, WEBSOCKET, Stand
from tests.support.pipe import KEY, Pipe, masked

pytestmark = pytest.mark.feature("C1", "R8")

CLIENTS = 24
STEPS = 25
WORDS = [
    *("40", '40"later"', '40"refuse"', "41", "1", "3", "2probe", "5", "6", "", "4", "49", '42["x"]', '421["x",{}]'),
    *("40/other,", '451-["x"]', "x" * 3000, '42["' + "x" * 70_000 + '"]'),
]
RAW = [
    *(frames.frame(b"no mask"), masked(b"x", 0xF), masked(b"\xff"), masked("4", final=False), masked("", 0x0)),
    *(masked(b"", frames.CLOSE), masked(b"p", frames.PING), masked(b"p", frames.PONG), b"\x81", b"\x81\xff", b"\0"),
]


class Monkey:
    """One client by hand: a WebSocket, or a poller that may upgrade."""

    def __init__(self, stand: Stand, chance: random.Random) -> None:
        self._stand = stand
        self._chance = chance
        self._pipes: list[Pipe] = []
        self._sid = ""

    async def play(self) -> None:
        deeds: list[Callable[[], Awaitable[None]]] = [
            *[self.websocket, self.poll_anew, self.fetch, self.upgrade] * 2,
            *[self.say, self.post, self.mumble] * 4,
            self.hang,
            self.vanish,
        ]
        for _ in range(STEPS):
            # What it does may be answered, refused or cut off: all is well as long as the server is.
            with suppress(OSError, EOFError, asyncio.IncompleteReadError, RuntimeError):
                await self._chance.choice(deeds)()
            await asyncio.sleep(self._chance.random() * 0.004)

    async def pipe(self) -> Pipe:
        pipe = await self._stand.pipe(self._chance.choice([None, 4096]))
        self._pipes.append(pipe)
        return pipe

    async def websocket(self) -> None:
        pipe = await self.pipe()
        pipe.ask("GET", WEBSOCKET, None, "Upgrade: websocket", "Connection: Upgrade", KEY)
        pipe.send("40")

    async def poll_anew(self) -> None:
        answer = await self._stand.ask("GET", POLLING)
        self._sid = answer.packets[0].split('"')[3]

    async def fetch(self) -> None:
        (await self.pipe()).ask("GET", f"{POLLING}&sid={self._sid}&t={self._chance.randrange(3)}")

    async def post(self) -> None:
        body = "\x1e".join(self._chance.choices(WORDS, k=self._chance.randrange(4))).encode()
        missing = self._chance.choice([0, 0, 0, 1])
        (await self.pipe()).ask(
            "POST", f"{POLLING}&sid={self._sid}", None, f"Content-Length: {len(body) + missing}\r\n\r\n{body.decode()}"
        )

    async def upgrade(self) -> None:
        pipe = await self.pipe()
        pipe.ask("GET", f"{WEBSOCKET}&sid={self._sid}", None, "Upgrade: websocket", "Connection: Upgrade", KEY)
        await pipe.head()
        for word in self._chance.choice([["2probe"], ["2probe", "5"], ["5"], ["4"], ["2probe", "2probe", "5", "40"]]):
            pipe.send(word)

    async def say(self) -> None:
        if self._pipes:
            self._chance.choice(self._pipes).send(self._chance.choice(WORDS))

    async def mumble(self) -> None:
        if self._pipes:
            self._chance.choice(self._pipes).write(self._chance.choice(RAW))

    async def hang(self) -> None:
        if self._pipes:
            self._chance.choice(self._pipes).stop_reading()

    async def vanish(self) -> None:
        if self._pipes:
            pipe = self._pipes.pop(self._chance.randrange(len(self._pipes)))
            self._chance.choice([pipe.abort, pipe.writer.close, pipe.writer.write_eof])()


async def caprice(stand: Stand, chance: random.Random) -> None:
    """What the application does meanwhile: tells, and lets in and ends whom it likes."""
    while True:
        stand.echo.tell(chance.choice(["short", "x" * 9000]))
        sessions = [session for session, _ in stand.echo.asked[-20:]] or list(stand.engine.sessions.values())
        if sessions:
            session = chance.choice(sessions)
            much = partial(session.write_large, frames.frame(b"4" * 27_000))
            answers = [partial(stand.echo.let_in, session), partial(session.refuse, "no", None)]
            deeds: list[Callable[[], object]] = [session.cut, session.close, session.disconnect, much, *answers]
            chance.choice(deeds)()
        await asyncio.sleep(chance.random() * 0.01)


@pytest.mark.parametrize("seed", range(4))
async def test_monkeys(stand: Stand, seed: int) -> None:
    stand.engine.limits = replace(
        stand.engine.limits, unsent=30_000, connect=0.2, ping_interval=0.05, ping_timeout=0.2, stuck=0.1
    )
    chance = random.Random(seed)
    others = asyncio.create_task(caprice(stand, chance))
    await asyncio.gather(*(Monkey(stand, random.Random(f"{seed} {each}")).play() for each in range(CLIENTS)))
    assert not others.done()
    others.cancel()
    await asyncio.wait([others])
    # The server is as good as new.
    stand.engine.limits = replace(stand.engine.limits, ping_interval=3600)
    pipe = await stand.member()
    pipe.send('421["still"]')
    assert await pipe.text() == '431[["still"]]'
