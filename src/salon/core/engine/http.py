"""uvicorn's HTTP with limits of time and size, which it does not have by itself.

A client that sends or takes one byte at a time would hold a connection for ever, and a head without an end all memory.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from salon.core.blobs import BlobGone

HEAD_SECONDS = 20.0
HEAD_BYTES = 32 * 1024
HEAD_LINES = 100
"""A head is kept until its client has come in, and each line of a few letters takes a hundred times that."""
BODY_SECONDS = 60.0
SMALL_BODY = 64 * 1024
"""Bytes; a larger body has its own limits where it is read."""
TAKING_SECONDS = 120.0
TAKING_BYTES = 16 * 1024
"""Of an answer, so much must be taken in that time, or the rest. The system may report a megabyte in one step."""

WIRE = "salon.wire"
"""The extension of a request's scope under which its :class:`Wire` is found."""
FILE_STEP = 1024 * 1024
"""Bytes that the system copies at a time."""
TURN_SECONDS = 0.05
"""So long a thread goes on sending one file. Going there and back takes the time of a hundred kilobytes."""
MOMENT_MS = 2
"""So long it waits for a client that has enough just now, before it lets go of it."""


class JoinedAnswer:
    """An answer's head leaves with the beginning of its body, in one segment, and not in one of its own.

    That is half the system calls; and python-engineio hangs for ever when its connection breaks between the two.
    """

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        if self._head is None:
            # What does not come at once is not waited for.
            self._head = data
            asyncio.get_running_loop().call_soon(self._let_go)
        elif self._head:
            head, self._head = self._head, b""
            self._transport.writelines([head, data])
        else:
            self._transport.write(data)

    def _let_go(self) -> None:
        if self._head:
            self._transport.write(self._head)
        self._head = b""

    def is_closing(self) -> bool:
        return bool(self._transport.is_closing())

    def close(self) -> None:
        self._let_go()
        self._transport.close()


class Wire:
    """What an answer may do with its connection beyond ASGI: end it in the middle, or let the system send a file."""

    def __init__(self, transport: asyncio.Transport, cycle: Any) -> None:
        self._transport = transport
        self._cycle = cycle

    def abort(self) -> None:
        """The client sees that the answer is not whole."""
        self._transport.abort()

    @property
    def sends_files(self) -> bool:
        return hasattr(os, "sendfile") and sys.platform == "linux" and not self._transport.get_extra_info("sslcontext")

    async def send_file(self, file: int, start: int, size: int, in_thread: Callable[..., Awaitable[Any]]) -> None:
        """Let the system copy bytes of an open file to the connection, after the head of the answer. That is done in a
        thread, for it may wait for the disk, and for some milliseconds at a time. Raises ConnectionError when the
        client is gone, or takes nothing for too long, and BlobGone when the file has ended too soon.
        """
        while self._transport.get_write_buffer_size():
            if self._transport.is_closing():
                raise ConnectionError("the client is gone")
            await asyncio.sleep(0.001)
        to = os.dup(self._transport.get_extra_info("socket").fileno())
        try:
            while size > 0:
                sent, is_full = await in_thread(_send_some, to, file, start, size)
                start, size = start + sent, size - sent
                # What was sent past it, the answer need not send.
                self._cycle.expected_content_length -= sent
                if is_full:
                    await _writable(to)
        finally:
            os.close(to)


def _send_some(to: int, file: int, start: int, size: int) -> tuple[int, bool]:
    """Send for a while. Returns how many bytes, and whether it ended because the connection takes no more just now."""
    over = time.monotonic() + TURN_SECONDS
    taking = select.poll()
    taking.register(to, select.POLLOUT)
    sent = 0
    while sent < size:
        try:
            now = os.sendfile(to, file, start + sent, min(size - sent, FILE_STEP))
        except BlockingIOError:
            if not taking.poll(MOMENT_MS):
                return sent, True
        else:
            if now == 0:
                raise BlobGone("it was deleted meanwhile")
            sent += now
        if time.monotonic() > over:
            break
    return sent, False


async def _writable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(descriptor, ready.set)
    try:
        async with asyncio.timeout(TAKING_SECONDS):
            await ready.wait()
    except TimeoutError:
        raise ConnectionError("the client takes nothing") from None
    finally:
        loop.remove_writer(descriptor)


class PatientHttp(HttpToolsProtocol):
    """Closes a connection whose request does not come, or whose answer is not taken."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        """For the rest of the request."""
        self._in_head = False
        self._head_size = 0
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        self._stop_watching()
        super().connection_lost(exc)

    # The request.

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head_size += len(data)
            if self._head_size > HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(
                    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                )
                self.transport.close()

    def on_message_begin(self) -> None:
        if not self._in_head:
            self._expect_head()
        if not self.flow.write_paused:
            # Who asks for more has what was answered before.
            self._stop_watching()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        size = len(self.url) + sum([len(name) + len(value) for name, value in self.headers])
        if size > HEAD_BYTES or len(self.headers) > HEAD_LINES:
            # What is raised here is answered with 400, and the connection closed.
            raise ValueError("too large a head")
        if 0 < self._body_size() <= SMALL_BODY:
            self._expect(BODY_SECONDS)
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:
            wire = Wire(self.transport, self.cycle)
            self.scope["extensions"] = {WIRE: wire}  # type: ignore[dict-item]
            self.cycle.transport = JoinedAnswer(self.transport)  # type: ignore[assignment]

    def on_message_complete(self) -> None:
        self._expect_nothing()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._expect_nothing()
        self._stop_watching()
        if self._has_answered():
            super().handle_websocket_upgrade()
        else:
            # The answer to an earlier request would be written between the frames.
            self.transport.abort()

    def _body_size(self) -> int:
        for name, value in self.headers:
            if name == b"content-length":
                return int(value) if value.isdigit() else 0
        return 0

    def _expect_head(self) -> None:
        self._in_head, self._head_size = True, 0
        self._expect(HEAD_SECONDS)

    def _expect(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.transport.abort)

    def _expect_nothing(self) -> None:
        self._in_head = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # The answer.

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching()
        if self._has_answered():
            self._watch()

    def _has_answered(self) -> bool:
        """Every request so far, wholly."""
        cycle: Any = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        size = self.transport.get_write_buffer_size()
        if size and self._taking is None:
            self._taking = asyncio.get_running_loop().call_later(TAKING_SECONDS, self._look, size)

    def _look(self, before: int) -> None:
        self._taking = None
        if before - self.transport.get_write_buffer_size() < min(before, TAKING_BYTES):
            self.transport.abort()
        else:
            self._watch()

    def _stop_watching(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
