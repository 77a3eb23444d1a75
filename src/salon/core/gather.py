"""Answering together what is asked at about the same time: a crowd costs a few readings, not thousands."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


GATHERING_SECONDS = 0.02


class Gatherer(Generic[Q, A]):
    """Who asks alone is answered at once. While many ask, groups are answered one after the other, and gather meanwhile
    for at least a fiftieth of a second: a reading of the database costs much the same for one and for fifty.

    ``job`` gets up to ``at_once`` questions and returns for each, in their order, its answer or the exception to
    raise. When it raises itself, all of the group get that.
    """

    def __init__(self, job: Callable[[list[Q]], Awaitable[Sequence[A | Exception]]], at_once: int) -> None:
        self._job = job
        self._at_once = at_once
        self._waiting: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._answered_at = float("-inf")

    async def ask(self, question: Q) -> A:
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                await asyncio.sleep(max(0.0, self._answered_at + GATHERING_SECONDS - loop.time()))
                self._answered_at = loop.time()
                group = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._at_once))]
                await self._answer(group)
        finally:
            self._task = None

    async def _answer(self, group: list[tuple[Q, asyncio.Future[A]]]) -> None:
        answers: Sequence[A | Exception]
        try:
            answers = await self._job([question for question, _ in group])
        except Exception as error:
            answers = [error] * len(group)
        for (_, future), answer in zip(group, answers, strict=True):
            if future.done():
                continue  # whoever asked has gone
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
