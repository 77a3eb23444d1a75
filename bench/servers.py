"""The servers that are measured: Salon, and Node's socket.io doing the same in memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from bench import ROOT, build
from bench.child import Json
from bench.machine import pinned_to, prefer

START_SECONDS = 60
LIMIT = re.compile(r"_per_(second|minute|hour)$")
NO_LIMIT = "1000000"
GRACE_SECONDS = "0.5"


class Server:
    """``port`` and ``pid`` are valid once it is made: it is started at once, and accepts."""

    name: str
    port: int
    _process: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()


class Salon(Server):
    """A real server on a data folder, with all its handlers. Only limits on how often are lifted.

    ``source`` is the ``src`` folder to run: another checkout may be measured by the same programs.
    """

    def __init__(
        self,
        folder: Path,
        core: int,
        *,
        database: str | None = None,
        source: Path | None = None,
        name: str = "Salon",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.folder = name, folder
        folder.mkdir(exist_ok=True)
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SALON_")},
            "PYTHONPATH": str(source or ROOT / "src"),
        }
        environment |= {
            **{f"SALON_{limit.upper()}": NO_LIMIT for limit in _limits(environment)},
            "SALON_HOST": "127.0.0.1",
            "SALON_PORT": "0",
            "SALON_DATA_DIR": str(folder / "data"),
            "SALON_READY_FILE": str(ready),
            "SALON_PRESENCE_GRACE_SECONDS": GRACE_SECONDS,
            **({"SALON_DATABASE_URL": database} if database else {}),
            **{f"SALON_{name.upper()}": value for name, value in (settings or {}).items()},
        }
        self.log = folder / "log.txt"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "salon.cli", "serve"],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                text=True,
                preexec_fn=pinned_to(core),
                start_new_session=True,
            )
        prefer(self.pid)
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise RuntimeError(f"Salon did not start:\n{self.log.read_text()}")
            time.sleep(0.02)
        self.port = json.loads(ready.read_text())["port"]


def _limits(environment: dict[str, str]) -> list[str]:
    """The settings of that checkout which bound how often a client may do something."""
    code = "import json; from salon.core.settings import Settings; print(json.dumps(list(Settings.model_fields)))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return [name for name in json.loads(done.stdout) if LIMIT.search(name)]


class Peer(Server):
    """Node's socket.io, in memory."""

    name = "Node"

    def __init__(self, core: int) -> None:
        tools = build.peer()
        self._process = subprocess.Popen(
            [str(tools.node), "server.js"],
            cwd=build.PEER,
            env=os.environ | {"NODE_ENV": "production"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=pinned_to(core),
            start_new_session=True,
        )
        prefer(self.pid)
        assert self._process.stdout is not None
        said: Json = json.loads(self._process.stdout.readline() or "{}")
        if "port" not in said:
            raise RuntimeError("the Node peer did not start")
        self.port = said["port"]
