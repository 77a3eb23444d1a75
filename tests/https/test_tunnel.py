"""A tunnel by ngrok's package, with a stand-in for it: what is asked of it, and what is said when it is not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.process import ServerProcess

pytestmark = pytest.mark.feature("O2")

TOKEN = "2aTokenOfNobody_0000000000"
STAND_IN = '''
"""As ngrok 1.4: `forward` is awaited, and what it gives has `url()` and `close()`."""
import asyncio, json, os, pathlib

class Listener:
    def __init__(self, address, domain):
        self._url = f"https://{domain or 'calm-room.ngrok-free.app'}"
    def url(self):
        return self._url
    async def close(self):
        pathlib.Path(os.environ["STAND_IN_NOTES"] + ".closed").touch()

async def forward(addr=None, listener=None, **options):
    pathlib.Path(os.environ["STAND_IN_NOTES"]).write_text(json.dumps({"addr": addr, **options}))
    if options.get("authtoken", "").startswith("bad"):
        said = "The authtoken you specified is invalid. Your authtoken: " + options["authtoken"]
        raise ValueError(said, "ERR_NGROK_105")
    await asyncio.sleep(0)
    return Listener(addr, options.get("domain"))
'''


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the stand-in was asked for."""
    package = tmp_path / "packages" / "ngrok"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(STAND_IN)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(package.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    )
    monkeypatch.setenv("STAND_IN_NOTES", str(tmp_path / "notes.json"))
    monkeypatch.setenv("NGROK_AUTHTOKEN", TOKEN)
    return tmp_path / "notes.json"


def test_people_reach_the_server_at_the_tunnel(tmp_path: Path, notes: Path) -> None:
    server = ServerProcess(tmp_path, tunnel="ngrok", sessions_per_hour="3")
    server.cold = True  # with the stand-in of ngrok's package
    server.start()
    try:
        asked = json.loads(notes.read_text())
        port = httpx.URL(server.url).port
        assert asked == {"addr": f"127.0.0.1:{port}", "authtoken": TOKEN}
        with httpx.Client(base_url=server.url) as http:
            session = http.post("/api/session", json={"bearer": True}).json()
            bearer = {"Authorization": f"Bearer {session['token']}"}
            # Pages that came by the tunnel may use the server, and links lead there.
            ours = {**bearer, "Origin": "https://calm-room.ngrok-free.app"}
            made = http.post("/api/rooms", json={"preset": "stage"}, headers=ours)
            assert made.json()["url"] == f"https://calm-room.ngrok-free.app/r/{made.json()['link']}"
            theirs = http.post(
                "/api/rooms", json={"preset": "stage"}, headers={**bearer, "Origin": "https://x.ngrok.app"}
            )
            assert theirs.json()["code"] == "origin_refused"
            # Each person counts for themselves, though all come from this machine.
            answers = [
                http.post(
                    "/api/session", json={"bearer": True}, headers={"X-Forwarded-For": f"198.51.100.{n}"}
                ).status_code
                for n in range(5)
            ]
            assert answers == [200] * 5
    finally:
        assert server.stop() == 0
    assert notes.with_name("notes.json.closed").exists()
    assert TOKEN not in server.log


def test_a_domain_of_ones_own_is_asked_for(tmp_path: Path, notes: Path) -> None:
    server = ServerProcess(tmp_path, tunnel="ngrok", public_url="https://salon.example.org")
    server.cold = True
    server.start()
    try:
        assert json.loads(notes.read_text())["domain"] == "salon.example.org"
    finally:
        server.stop()


def refused(tmp_path: Path, *more: str, **environment: str) -> str:
    """What the server says when it does not start."""
    done = subprocess.run(
        [sys.executable, "-m", "salon.cli", "serve", "--host", "127.0.0.1", "--port", "0", *more],
        cwd=tmp_path,
        env={**os.environ, "SALON_DATA_DIR": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_without_a_token_it_is_said(tmp_path: Path, notes: Path) -> None:
    assert "NGROK_AUTHTOKEN=" in refused(tmp_path, "--tunnel", "ngrok", NGROK_AUTHTOKEN="")
    assert not notes.exists()


def test_without_the_package_it_is_said(tmp_path: Path, notes: Path) -> None:
    (tmp_path / "packages" / "ngrok" / "__init__.py").write_text("raise ImportError('not installed')")
    assert "pip install 'salon[tunnel]'" in refused(tmp_path, "--tunnel", "ngrok")


def test_a_wrong_token_is_said_and_not_shown(tmp_path: Path, notes: Path) -> None:
    said = refused(tmp_path, "--tunnel", "ngrok", NGROK_AUTHTOKEN="bad-secret-token")
    assert "ngrok opened no tunnel: The authtoken you specified is invalid" in said
    assert "bad-secret-token" not in said


def test_what_is_wrong_with_a_choice_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path, "--https", "--guide-port", "0", "--tunnel", "ngrok").startswith(
        "--https and --tunnel exclude"
    )
    missing = ["--cert", "none.pem", "--key", "none.pem"]
    assert refused(tmp_path, *missing).startswith("The certificate none.pem cannot be read: No such file")
