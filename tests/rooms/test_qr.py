"""The QR code holds the share link under the public URL, whatever the request says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from salon.core.settings import Settings
from tests.support.house import Stage, open_stage

FORGED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}


def decode(svg: bytes) -> str:
    """What a camera would read: the picture's squares, drawn and given to a real decoder."""
    root = ElementTree.fromstring(svg)  # noqa: S314  our own server's
    width, height = (int(root.attrib[name]) for name in ("width", "height"))
    picture = Image.new("L", (width, height), 128)
    light, dark = (element for element in root.iter() if element.tag.endswith("path"))
    assert light.attrib["fill"] in {"#fff", "#ffffff"}
    picture.paste(255, (0, 0, width, height))
    scale = _scale(root)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", dark.attrib["d"]):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            box = [x * scale, (y - 0.5) * scale, (x + values[0]) * scale, (y + 0.5) * scale]
            picture.paste(0, tuple(round(side) for side in box))  # type: ignore[arg-type]
            x += values[0]
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1, "a decoder finds one code"
    text: str = found[0].text
    return text


def _scale(root: ElementTree.Element) -> float:
    for element in root.iter():
        if "transform" in element.attrib:
            return float(element.attrib["transform"].removeprefix("scale(").rstrip(")"))
    return 1.0


async def qr(stage: Stage, link: str, **headers: str) -> httpx.Response:
    async with stage.http() as http:
        return await http.get(f"/api/rooms/{link}/qr.svg", headers=headers)


@pytest.mark.feature("R2")
@pytest.mark.parametrize(
    "public_url", ["https://salon.example.org", "http://192.0.2.7:8000", "https://[2001:db8::1]:8443"]
)
async def test_the_qr_code_is_the_share_link(tmp_path: Path, clean: None, public_url: str) -> None:
    async with open_stage(tmp_path, public_url=public_url) as stage:
        place = await stage.room()
        assert place.url == f"{public_url}/r/{place.link}"
        answer = await qr(stage, place.link)
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert decode(answer.content) == place.url
        assert decode((await qr(stage, place.link, **FORGED)).content) == place.url


@pytest.mark.feature("R2")
async def test_without_a_public_url_it_is_the_interface_never_the_request(tmp_path: Path, clean: None) -> None:
    async with open_stage(tmp_path, host="127.0.0.1") as stage:
        _, token = await stage.session()
        async with stage.http(token) as http:
            made = (await http.post("/api/rooms", json={"preset": "drop"}, headers=FORGED)).json()
        assert made["url"] == f"http://127.0.0.1:8000/r/{made['link']}"
        assert decode((await qr(stage, made["link"], **FORGED)).content) == made["url"]


@pytest.mark.feature("R2")
async def test_the_snapshot_carries_the_same_link(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, public_url="https://salon.example.org") as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        assert owner.snapshot["features"]["rooms"]["url"] == place.url


@pytest.mark.feature("R2")
async def test_links_cannot_be_guessed(stage: Stage) -> None:
    links = {(await stage.room()).link for _ in range(20)}
    assert len(links) == 20
    # 128 bits in 22 characters of 64 kinds.
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", link) for link in links)


@pytest.mark.feature("R2")
async def test_no_code_of_what_is_not_there(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    assert (await qr(stage, "nothing")).status_code == 404
    await owner.must("rooms.close")
    assert (await qr(stage, place.link)).status_code == 410


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://salon.example.org", "https://salon.example.org"),
        ("https://salon.example.org/", "https://salon.example.org"),
        ("http://10.0.0.5:8000", "http://10.0.0.5:8000"),
        ("HTTPS://Salon.Example.org", "https://salon.example.org"),
        ("https://salon.example.org:443", "https://salon.example.org"),
        ("http://salon.example.org:80", "http://salon.example.org"),
    ],
)
def test_public_urls_are_kept_as_browsers_name_origins(clean: None, given: str, kept: str) -> None:
    assert Settings(public_url=given).public_url == kept


@pytest.mark.parametrize(
    "given",
    [
        "salon.example.org",
        "ftp://salon.example.org",
        "https://",
        "https://salon.example.org/path",
        "https://a b",
        "https://u:p@salon.example.org",
        "https://salon.example.org?x=1",
        "https://salon.example.org#x",
        "https://x:port",
    ],
)
def test_public_urls_that_are_none(clean: None, given: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        Settings(public_url=given)


def test_further_origins_are_kept_in_the_same_form(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALON_ALLOWED_ORIGINS", "https://A.example/, http://b.example:80,http://c.example:8080")
    assert Settings().allowed_origins == ["https://a.example", "http://b.example", "http://c.example:8080"]
