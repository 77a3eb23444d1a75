"""People with their hands on every button, in any order: what a state machine of Hypothesis needs of a house."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, ClassVar, Protocol

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from salon.core.refusals import CODES
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.recorder import Json


class Cast(Protocol):
    """A stage and a room, and as attributes the people in it."""

    stage: Stage
    place: Place
    host: LocalClient


class Monkeys(RuleBasedStateMachine):
    """One room, in a house of its own for each run. Whoever asks for something is connected before."""

    expected: ClassVar[set[str]]
    """The codes with which what they ask may be refused."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.stage: Stage = self.do(self.stack.enter_async_context(open_stage(Path(folder))))
        self.cast = self.do(self.gather())

    async def gather(self) -> Cast:
        """The room and its people, on this stage."""
        raise AssertionError("who is there?")

    def do(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.do(self.stage.settle())
        self.do(self.stack.aclose())
        self.loop.close()

    def client(self, name: str) -> LocalClient:
        client: LocalClient = getattr(self.cast, name)
        return client

    def ask(self, name: str, word: str, **payload: Any) -> None:
        client = self.client(name)
        if client.link is None:
            # With a snapshot: what was told before is not what they know now.
            client.forget()
            self.do(client.connect())
        answer: Json = self.do(client.ask(word, **payload))
        assert answer["ok"] or answer["code"] in self.expected & set(CODES), answer
        self.do(self.stage.settle())

    def lose(self, name: str, *, silent: bool = False) -> None:
        """Their connection breaks, if they have one."""

        async def lose() -> None:
            client = self.client(name)
            if client.link is not None:
                client.link.outlet.silent = silent
                client.lose()
            await self.stage.settle()

        self.do(lose())

    def look(self) -> Json:
        """What a snapshot of the features shows the host now."""
        features: Json = self.do(self.stage.snapshot(self.cast.place, self.cast.host.identity))["features"]
        return features


def run(monkeys: type[Monkeys]) -> None:
    run_state_machine_as_test(monkeys, settings=settings(max_examples=8, stateful_step_count=30, deadline=None))
