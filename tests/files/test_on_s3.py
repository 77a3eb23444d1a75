"""Files once more, in an S3-compatible store: moto's server."""

from __future__ import annotations

import functools
import inspect
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import obstore
import pytest
from pydantic import SecretStr

from salon.core.blobs import BlobGone, Blobs, DiskBlobs
from salon.core.blobs_s3 import S3Blobs
from salon.core.settings import Settings
from salon.files import vault
from tests.files import test_direct, test_download, test_quota, test_restarts, test_room, test_tus
from toolkit import moto

BUCKET = "salon"
START_SECONDS = 60
RUNNING = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
MIB = 1024 * 1024


REAL = [pytest.mark.real("s3"), pytest.mark.xdist_group("s3")]


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory, real_part: Callable[[str], str]) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("moto")
    told = folder / "log.txt"
    order = [sys.executable, "-S", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with told.open("wb") as log:
        server = subprocess.Popen(order, stdout=log, stderr=log, cwd=folder, env=moto.env(real_part("s3")))
    try:
        deadline = time.monotonic() + START_SECONDS
        while (found := RUNNING.search(told.read_text())) is None:
            assert server.poll() is None, told.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        url = found[1]
        # As a client without a signature: moto looks at none.
        urllib.request.urlopen(urllib.request.Request(f"{url}/{BUCKET}", method="PUT"), timeout=30).close()
        yield url
    finally:
        server.kill()
        server.wait()


def settings_of(endpoint: str, prefix: str) -> Settings:
    return Settings(
        s3_bucket=BUCKET,
        s3_endpoint=endpoint,
        s3_prefix=prefix,
        s3_access_key=SecretStr("key"),
        s3_secret_key=SecretStr("secret"),
    )


@pytest.fixture(params=["disk", pytest.param("s3", marks=REAL)])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "disk":
        return DiskBlobs(tmp_path / "blobs")
    return S3Blobs(settings_of(request.getfixturevalue("endpoint"), f"a/{tmp_path.name}"))


@pytest.mark.feature("D9")
def test_a_store_keeps_gives_and_deletes(blobs: Blobs, tmp_path: Path) -> None:
    content = os.urandom(MIB + 17)
    source = tmp_path / "source"
    source.write_bytes(content)
    blobs.put("one", source)
    blobs.put("one", source)
    source.unlink()
    assert b"".join(blobs.read("one")) == content
    assert b"".join(blobs.read("one", 100, 200)) == content[100:200]
    assert b"".join(blobs.read("one", MIB)) == content[MIB:]
    assert b"".join(blobs.read("one", 5, 5)) == b""
    assert all(len(piece) <= 256 * 1024 for piece in blobs.read("one"))
    ((name, at),) = blobs.names()
    assert name == "one"
    assert abs(at - time.time()) < 3600
    blobs.delete("one")
    blobs.delete("one")
    with pytest.raises(BlobGone):
        list(blobs.read("one"))
    with pytest.raises(BlobGone):
        list(blobs.read("one", 1, 2))
    assert list(blobs.names()) == []
    for bad in ("../x", "", "a/b", "a" * 41):
        with pytest.raises(ValueError, match="name"):
            blobs.put(bad, source)


@pytest.mark.feature("D9")
def test_what_is_large_goes_in_parts(blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = os.urandom(20 * MIB)
    source = tmp_path / "source"
    source.write_bytes(content)
    seen = []
    put = obstore.put

    def noting(*arguments: object, **named: object) -> object:
        seen.append(named["chunk_size"])
        return put(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(obstore, "put", noting)
    blobs.put("large", source)
    assert b"".join(blobs.read("large", 9 * MIB, 11 * MIB)) == content[9 * MIB : 11 * MIB]
    assert b"".join(blobs.read("large")) == content
    assert seen in ([], [8 * MIB])


@pytest.mark.feature("D9")
def test_an_empty_file_is_kept_too(blobs: Blobs, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.touch()
    blobs.put("empty", source)
    assert b"".join(blobs.read("empty", 0, 0)) == b""
    assert [name for name, _ in blobs.names()] == ["empty"]


# The same tests as on disk.


@pytest.fixture
def on_s3(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "open_blobs", lambda _settings: S3Blobs(settings_of(endpoint, tmp_path.name)))


OF_DISK_ALONE = {"test_bytes_that_have_gone_are_told", "test_nginx_can_be_told_to_send_it"}


def _tests_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    short = module.__name__.rpartition("test_")[2]
    for name, value in vars(module).items():
        if name.startswith("test_") and callable(value) and name not in OF_DISK_ALONE and "sigkill" not in name:
            yield f"test_{short}_{name.removeprefix('test_')}", _on_s3(value)


def _on_s3(test: object) -> object:
    again = _copy(test)
    for mark in (pytest.mark.usefixtures("on_s3"), *REAL):
        again = mark(again)
    return again


def _copy(test: object) -> object:
    @functools.wraps(test)  # type: ignore[arg-type]
    async def again(*arguments: object, **named: object) -> None:
        await test(*arguments, **named)  # type: ignore[operator]

    @functools.wraps(test)  # type: ignore[arg-type]
    def again_at_once(*arguments: object, **named: object) -> None:
        test(*arguments, **named)  # type: ignore[operator]

    return again if inspect.iscoroutinefunction(test) else again_at_once


for each in (test_tus, test_room, test_quota, test_download, test_restarts, test_direct):
    globals().update(_tests_of(each))
