"""What a store on disk does to the bytes of a deleted file, who may read the others; threads that give way."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from salon.core.blobs import BlobGone, DiskBlobs
from salon.core.settings import Settings
from salon.files.threads import NICER, Threads
from salon.files.vault import open_blobs

MIB = 1024 * 1024


def kept(blobs: DiskBlobs, folder: Path, content: bytes) -> Path:
    source = folder / "source"
    source.write_bytes(content)
    blobs.put("one", source)
    source.unlink()
    return blobs.path("one")


@pytest.mark.feature("D7", "D9")
def test_who_has_a_deleted_file_open_finds_it_empty(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "blobs")
    path = kept(blobs, tmp_path, b"x" * MIB)
    reading = blobs.read("one", 0, MIB)
    assert next(reading)
    with path.open("rb") as other:
        blobs.delete("one")
        assert not path.exists()
        assert os.fstat(other.fileno()).st_size == 0
        with pytest.raises(BlobGone):
            list(reading)


@pytest.mark.feature("D7", "D9")
def test_a_copy_under_another_name_stays(tmp_path: Path) -> None:
    """As those make that back up by links."""
    blobs = DiskBlobs(tmp_path / "blobs")
    path = kept(blobs, tmp_path, b"x" * MIB)
    os.link(path, tmp_path / "backup")
    blobs.delete("one")
    assert not path.exists()
    assert (tmp_path / "backup").read_bytes() == b"x" * MIB


@pytest.mark.feature("D9")
@pytest.mark.parametrize("linked", [True, False])
def test_only_for_nginx_the_group_may_read(tmp_path: Path, linked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    if not linked:
        monkeypatch.setattr(os, "link", refuse)
    for accel, mode in ((None, 0o600), ("/salon-files", 0o640)):
        blobs = open_blobs(Settings(data_dir=tmp_path, accel_redirect=accel))
        assert isinstance(blobs, DiskBlobs)
        assert kept(blobs, tmp_path, b"x").stat().st_mode & 0o777 == mode


@pytest.mark.feature("D2", "D3")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
async def test_threads_of_files_give_way_and_nothing_else_does() -> None:
    threads = Threads(2, "test")
    before = os.getpriority(os.PRIO_PROCESS, 0)

    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    try:
        assert await threads.do(priority) == min(19, before + NICER)
        assert os.getpriority(os.PRIO_PROCESS, 0) == before
    finally:
        threads.stop()
