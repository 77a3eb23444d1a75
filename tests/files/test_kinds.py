"""What content proves, and small pictures."""

from __future__ import annotations

import asyncio
import io
import os
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from salon.files import thumbnails
from salon.files.kinds import prove
from salon.files.thumbnails import Thumbnails
from tests.files.conftest import Table
from tests.files.support import on_disk


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 800), **more: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **more)
    return written.getvalue()


def pixel_bomb(side: int = 60_000) -> bytes:
    """A few kilobytes of PNG that unfold to gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(side * 3 + 1)) for _ in range(200)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.feature("D4")
@pytest.mark.parametrize(
    ("head", "kind", "media_type"),
    [
        (picture(), "image", "image/png"),
        (picture("JPEG"), "image", "image/jpeg"),
        (picture("GIF"), "image", "image/gif"),
        (picture("WEBP"), "image", "image/webp"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf", "application/pdf"),
        (b"ID3\x04\x00\x00\x00\x00", "audio", "audio/mpeg"),
        (b"fLaC\x00\x00\x00\x22" + bytes(40), "audio", "audio/flac"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "audio", "audio/wav"),
        (b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead", "audio", "audio/ogg"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video", "video/mp4"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", "audio", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video", "video/webm"),
        ("Grüße\n文件".encode(), "text", "text/plain"),
        (b"<html><script>alert(1)</script>", "text", "text/plain"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "text", "text/plain"),
        (b"<?xml version='1.0'?><x/>", "text", "text/plain"),
        (b"", "other", "application/octet-stream"),
        (b"\x00" * 20, "other", "application/octet-stream"),
        (b"MZ\x90\x00", "other", "application/octet-stream"),
        (b"PK\x03\x04\x14\x00", "other", "application/octet-stream"),
        (b"\x7fELF\x02\x01", "other", "application/octet-stream"),
        ("text in Latin-1: Grüße".encode("latin-1"), "other", "application/octet-stream"),
        ("UTF-16".encode("utf-16"), "other", "application/octet-stream"),
    ],
)
def test_what_content_proves(head: bytes, kind: str, media_type: str) -> None:
    assert (prove(head, whole=True).kind, prove(head, whole=True).type) == (kind, media_type)


@pytest.mark.feature("D4")
def test_a_letter_that_is_cut_at_the_end_of_what_is_looked_at_is_text() -> None:
    cut = "日本語".encode()[:-1]
    assert prove(cut, whole=False).kind == "text"
    assert prove(cut, whole=True).kind == "other"


@pytest.mark.feature("D4")
async def test_an_image_gets_a_small_picture(table: Table) -> None:
    file = await table.ann.drop(picture("JPEG", (3000, 2000)), "photo.jpg")
    (told,) = await table.ben.files()
    assert (told["kind"], told["type"], told["thumbnail"]) == ("image", "image/jpeg", True)
    assert (told["width"], told["height"]) == (3000, 2000)
    small = await table.ben.get(f"{file}/thumbnail")
    assert small.headers["content-type"] == "image/webp"
    assert "sandbox" in small.headers["content-security-policy"]
    with Image.open(io.BytesIO(small.content)) as opened:
        assert opened.size == (480, 320)
    again = await table.ben.get(f"{file}/thumbnail", {"If-None-Match": small.headers["etag"]})
    assert again.status_code == 304
    shown = await table.ben.get(f"{file}/preview")
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert shown.headers["content-disposition"].startswith("inline;")
    assert (await table.ben.get(file)).headers["content-type"] == "application/octet-stream"
    assert len(on_disk(table.stage.house)) == 2
    await table.ann.client.must("files.delete", files=[file])
    await table.stage.settle()
    assert on_disk(table.stage.house) == []


@pytest.mark.feature("C4", "D4")
async def test_what_a_camera_held_sideways_has_its_upright_size(table: Table) -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    taken = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(taken, "JPEG", exif=sideways)
    file = await table.ann.drop(taken.getvalue(), "photo.jpg")
    (told,) = await table.ben.files()
    assert (told["width"], told["height"]) == (200, 300)
    small = await table.ben.get(f"{file}/thumbnail")
    with Image.open(io.BytesIO(small.content)) as opened:
        assert opened.size == (200, 300)


@pytest.mark.feature("D4")
async def test_what_only_looks_like_an_image_is_not_shown(table: Table) -> None:
    broken = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"
    for content in (broken, pixel_bomb(), picture()[:100]):
        file = await table.ann.drop(content, "picture.png")
        told = (await table.ben.files())[-1]
        assert (told["kind"], told["type"], told["thumbnail"]) == ("other", "application/octet-stream", False)
        assert told["width"] is told["height"] is None
        for path in ("preview", "thumbnail"):
            answer = await table.ben.get(f"{file}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "not_previewed")
        assert (await table.ben.get(file)).content == content


@pytest.mark.feature("D4")
async def test_the_worker_is_ended_when_it_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "never.png")
    monkeypatch.setattr(thumbnails, "SECONDS", 1.0)
    begun = time.monotonic()
    assert not await asyncio.wait_for(Thumbnails().make(tmp_path / "never.png", tmp_path / "small"), 30)
    assert time.monotonic() - begun < 20


@pytest.mark.feature("D4")
async def test_the_worker_has_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large.png").write_bytes(picture("PNG", (9000, 9000)))
    assert await Thumbnails().make(tmp_path / "large.png", tmp_path / "small")
    monkeypatch.setattr(thumbnails, "MEMORY", 300 * 1024 * 1024)
    assert not await Thumbnails().make(tmp_path / "large.png", tmp_path / "none")
    assert not (tmp_path / "none").exists()
