"""Files up and down, through the client in C, and what that cost the servers."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench import build, people
from bench.child import Child, Json
from bench.driver import Driver
from bench.machine import core_seconds, cores, family_seconds, resident_bytes
from bench.servers import Salon

PATIENCE = 60.0
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True)
class Drop:
    """A Drop room on one server, as its owner has it."""

    server: Salon
    link: str
    token: str

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _ask(self, method: str, path: str, **headers: str) -> dict[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers={**self.headers(), **TUS, **headers})
            response = connection.getresponse()
            text = response.read()
            if response.status not in {200, 201, 204}:
                raise RuntimeError(f"{method} {path}: {response.status} {text.decode(errors='replace')}")
            return {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()

    def begin(self, size: int) -> str:
        """The path of a new upload."""
        name = base64.b64encode(b"large.bin").decode()
        more = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
        return self._ask("POST", f"/api/files/{self.link}/uploads", **more)["location"]

    def delete(self, upload: str) -> None:
        self._ask("DELETE", upload)

    def digest(self, upload: str) -> str:
        """The SHA-256 that the server tells of a file."""
        said = self._ask("HEAD", self.path(upload))["repr-digest"]
        return base64.b64decode(said.removeprefix("sha-256=:").removesuffix(":")).hex()

    def path(self, upload: str) -> str:
        """Where the file is fetched that was uploaded there."""
        return upload.replace("/uploads/", "/")

    def blob(self) -> Path:
        """The only file that the server keeps."""
        blobs = self.server.folder / "data" / "files" / "blobs"
        (found,) = (path for path in blobs.rglob("*") if path.is_file())
        return found


def open_drop(server: Salon, faults: list[str]) -> Drop:
    """A Drop room, whose owner is inside."""
    with people.Http(server.port) as at_server, Driver(server, faults) as driver:
        (token,) = at_server.sessions(1)
        link = at_server.room(token, "drop")
        driver.connect(people.write_people(server.folder / "owner.txt", people.members([token], link)))
    return Drop(server, link, token)


@dataclass(frozen=True)
class Moved:
    """One order to the client: what it saw, and the CPU time of the servers meanwhile."""

    report: Json
    cpu: float
    disturbed: float
    """Share of the time in which others had the servers' core."""

    @property
    def seconds(self) -> float:
        return float(self.report["seconds"])

    @property
    def speed(self) -> float:
        """Millions of bytes a second."""
        return float(self.report["bytes"] / self.seconds / 1e6)


class Transfers:
    """The client in C, at one port; ``pids`` are the servers whose CPU time counts, with all their children."""

    def __init__(self, folder: Path, port: int, pids: Sequence[int]) -> None:
        self._port, self._pids, self._head = port, pids, folder / "head.txt"
        self._client = Child([build.program("transfer"), str(port)], cores()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop()

    def get(self, path: str, headers: dict[str, str], connections: int = 1) -> Moved:
        self._write("GET", path, headers)
        return self._do(f"get {connections} {self._head}")

    def keep(self, path: str, headers: dict[str, str], connections: int, seconds: float, rate: float) -> None:
        """Begin to fetch again and again, so many bytes a second together (0: as fast as it goes). :meth:`end` returns
        when the time is over."""
        self._write("GET", path, headers)
        self._client.tell(f"keep {connections} {self._head} {seconds} {rate:.0f}")

    def end(self) -> Json:
        return self._client.answer()

    def put(self, drop: Drop, upload: str, body: Path) -> Moved:
        more = {**drop.headers(), **TUS, **BODY, "Upload-Offset": "0", "Content-Length": str(body.stat().st_size)}
        self._write("PATCH", upload, more)
        return self._do(f"put {self._head} {body}")

    def _write(self, method: str, path: str, headers: dict[str, str]) -> None:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._head.write_bytes("\r\n".join([*lines, "", ""]).encode())

    def _do(self, order: str) -> Moved:
        before = self._spent()
        report = self._client.ask(order)
        cpu, busy = (now - then for now, then in zip(self._spent(), before, strict=True))
        return Moved(report, cpu, max(0.0, busy - cpu) / max(report["seconds"], 0.1))

    def _spent(self) -> tuple[float, float]:
        """Seconds so far: the servers' CPU time, and their core's."""
        return sum(family_seconds(pid) for pid in self._pids), core_seconds(cores()[0])


class Memory:
    """Looks at the resident memory of a server and its children, twenty times a second."""

    EVERY = 0.05

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.before = self.most = resident_bytes(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(self.EVERY):
            self.most = max(self.most, resident_bytes(self._pid))

    @property
    def growth(self) -> float:
        """In MiB, since it was made."""
        return (self.most - self.before) / 2**20

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def fetched_digest(port: int, path: str, headers: dict[str, str]) -> str:
    """SHA-256 of what a server sends."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        seen, piece = hashlib.sha256(), bytearray(1 << 20)
        while size := response.readinto(piece):
            seen.update(memoryview(piece)[:size])
        return seen.hexdigest() if response.status == 200 else f"status {response.status}"
    finally:
        connection.close()


def write_source(path: Path, size: int) -> str:
    """A file of bytes that nothing can make smaller. Returns its SHA-256."""
    seen = hashlib.sha256()
    with path.open("wb") as file:
        while size > 0:
            piece = os.urandom(min(size, 1 << 20))
            seen.update(piece)
            file.write(piece)
            size -= len(piece)
    return seen.hexdigest()


def settle_disk(seconds: float = 0.0) -> None:
    """Nothing that was written before is left for what is measured next."""
    os.sync()
    time.sleep(seconds)
