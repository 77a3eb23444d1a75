"""Sessions and rooms, made over HTTP as any client would, and the files that tell the load client who connects."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from bench.child import Json

PATIENCE = 30.0
IDLE_SECONDS = 2.0


class Http:
    """One kept-alive connection to a server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._used = 0.0

    def ask(self, method: str, path: str, body: Json | None = None, token: str | None = None) -> Json:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()  # the server may have; the request opens it anew
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self._connection.getresponse()
        answer: Json = json.loads(response.read())
        self._used = time.monotonic()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {answer}")
        return answer

    def sessions(self, count: int) -> list[str]:
        """Bearer tokens of so many new identities."""
        return [self.ask("POST", "/api/session", {"bearer": True})["token"] for _ in range(count)]

    def room(self, token: str, preset: str = "meeting") -> str:
        """The link of a new room."""
        link: str = self.ask("POST", "/api/rooms", {"preset": preset, "name": "Benchmark"}, token)["link"]
        return link

    def until_empty(self, link: str) -> None:
        """Return when nobody counts as being in the room any more."""
        deadline = time.monotonic() + PATIENCE
        while self.ask("GET", f"/api/rooms/{link}")["people"]:
            if time.monotonic() > deadline:
                raise RuntimeError("people who left are still in the room")
            time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def write_people(file: Path, people: Iterable[tuple[Json, int]]) -> Path:
    """``(auth, group)`` of each connection. Every event of a group goes to all of the group."""
    file.write_text("".join(f"{json.dumps(auth, separators=(',', ':'))}\t{group}\n" for auth, group in people))
    return file


def members(tokens: Iterable[str], link: str) -> list[tuple[Json, int]]:
    return [({"room": link, "token": token}, 0) for token in tokens]
