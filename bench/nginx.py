"""An nginx of our own: its configuration, pid and logs in a folder, never the system's."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from bench import ROOT
from toolkit import parts
from toolkit.common import Trouble

MANUAL = ROOT / "docs" / "operations.md"
START_SECONDS = 20

# As Debian's own configuration has it, as far as it matters here.
_MAIN = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def site_of_manual(port: int, upstream: int, data: Path, certificate: Path | None = None) -> str:
    """What docs/operations.md says for nginx in front of Salon, word for word except for where things are: the port of
    either, the data folder, the certificate with its key. Without one there is no TLS."""
    found = re.findall(r"^```nginx\n(.*?)^```", MANUAL.read_text(), re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise LookupError("the manual has not one configuration of nginx")
    text = str(found[0])
    listen = f"listen 127.0.0.1:{port}" + (";" if certificate is None else " ssl http2;")
    key = r"" if certificate is None else rf"\g<1>{certificate};\n"
    changes = [
        (r"listen 443 ssl http2;", listen),
        (r"( *ssl_certificate(?:_key)? )[^;]+;\n", key),
        (r"http://127\.0\.0\.1:8000;", f"http://127.0.0.1:{upstream};"),
        (r"/var/lib/salon/", f"{data}/"),
    ]
    for pattern, instead in changes:
        text, count = re.subn(pattern, instead, text)
        if count == 0:
            raise LookupError(f"the manual's configuration of nginx has no {pattern}")
    return text


class Nginx:
    """It accepts when it is made. ``user`` is what its workers run as, where we are root; by default the same."""

    name = "nginx"

    def __init__(
        self, folder: Path, port: int, site: str, *, user: str = "root", prepare: Callable[[], None] | None = None
    ) -> None:
        program = parts.nginx()
        if program is None:
            raise Trouble("nginx is not here: install it (Debian: apt-get install --no-install-recommends nginx).")
        folder.mkdir(exist_ok=True)
        self.port, self.url, self._folder = port, f"http://127.0.0.1:{port}", folder
        user = f"user {user};" if os.geteuid() == 0 else ""
        (folder / "site.conf").write_text(site)
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
        with (folder / "out.log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=prepare,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"nginx did not start:\n{(folder / 'out.log').read_text()}{self.log}")
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has complained of."""
        file = self._folder / "error.log"
        return file.read_text() if file.exists() else ""

    def _accepts(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """At once, whatever it is sending."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def version() -> str:
    program = parts.nginx()
    if program is None:
        return "no nginx"
    done = subprocess.run([program, "-v"], capture_output=True, text=True, check=True)
    return done.stderr.strip().rpartition(" ")[2].replace("/", " ")
