"""Files that somebody means ill with: their names become harmless, and their contents never run."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.files.names import apart, disposition, file_name, folder_name
from tests.files.conftest import Table
from tests.files.hostile import CONTENTS, FOLDERS, NAMES, cases
from tests.files.support import on_disk

DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
TURNING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
SAFE_TYPES = {
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain; charset=utf-8",
    "audio/wav",
    "video/mp4",
}


def check_name(name: str) -> None:
    assert 0 < len(name.encode()) <= 255
    assert name not in {".", ".."}
    assert not set(name) & ({*'<>:"/\\|?*'} | TURNING)
    assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in name)
    assert not DEVICES.match(name)
    assert name == name.strip()
    assert not name.endswith(".")
    assert "/" not in unicodedata.normalize("NFKC", name)
    assert "\\" not in unicodedata.normalize("NFKC", name)


def check_folder(folder: str) -> None:
    assert len(folder.encode()) <= 1000
    for part in folder.split("/") if folder else ():
        check_name(part)


def check_header(name: str) -> None:
    said = disposition(name)
    said.encode("ascii")
    assert "\r" not in said
    assert "\n" not in said
    assert re.fullmatch(r'attachment; filename="[^"\\]*"(; filename\*=UTF-8\'\'[A-Za-z0-9%._~-]*)?', said), said


def test_there_are_enough() -> None:
    assert len(set(cases())) >= 200


@pytest.mark.feature("D4")
@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    check_name(file_name(name))
    check_header(file_name(name))
    check_folder(folder_name(name))


@pytest.mark.feature("D4")
@pytest.mark.parametrize("folder", FOLDERS)
def test_folders(folder: str) -> None:
    check_folder(folder_name(folder))


@pytest.mark.feature("D4")
@given(st.text(max_size=400) | st.text(alphabet="./\\: \u202e\x00conNUL1é文", max_size=60))
def test_whatever_it_is_called(name: str) -> None:
    cleaned = file_name(name)
    check_name(cleaned)
    check_header(cleaned)
    assert file_name(cleaned) == cleaned
    check_folder(folder_name(name))
    assert folder_name(folder_name(name)) == folder_name(name)


@pytest.mark.feature("D4")
def test_extensions_stay_when_names_are_cut() -> None:
    assert file_name("x" * 300 + ".jpeg").endswith("x.jpeg")
    assert len(file_name("文" * 200 + ".txt").encode()) <= 255
    assert file_name("report.final.pdf") == "report.final.pdf"
    assert file_name("Grüße – 文件 (1).tar.gz") == "Grüße – 文件 (1).tar.gz"


@pytest.mark.feature("D3")
@given(st.lists(st.sampled_from(["a", "A", "a.txt", "a (2).txt", "b/a", "b", "b/a/c", "é", "e\u0301"]), max_size=12))
def test_no_two_in_an_archive_are_alike(paths: list[str]) -> None:
    chosen = list(apart(paths))
    assert len(chosen) == len(paths)
    alike = [unicodedata.normalize("NFC", path.casefold()) for path in chosen]
    assert len(set(alike)) == len(alike)
    folders = {path.rpartition("/")[0] for path in alike}
    assert not folders & set(alike)


@pytest.mark.feature("D4", "D3")
async def test_none_of_them_is_shown_as_what_could_run(table: Table) -> None:
    """Each over HTTP, as it would reach a browser."""
    table.stage.house.settings.files_per_room = 1000
    sent: list[tuple[str, bytes]] = []
    for name, folder, what in cases():
        sent.append((await table.ann.drop(CONTENTS[what], name, folder=folder), CONTENTS[what]))
    known = {file["id"]: file for file in await table.ben.files()}
    assert len(known) == len(sent) >= 200
    for file, content in sent:
        told = known[file]
        check_name(told["name"])
        check_folder(told["folder"])
        down = await table.ben.get(file)
        assert down.content == content
        assert down.headers["content-type"] == "application/octet-stream"
        shown = await table.ben.get(f"{file}/preview")
        for answer in (down, shown):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in answer.headers
            if answer.status_code == 200:
                assert "sandbox" in answer.headers["content-security-policy"]
                assert "script" not in answer.headers["content-security-policy"]
        assert down.headers["content-disposition"].startswith('attachment; filename="')
        if told["kind"] == "other":
            assert shown.status_code == 403
        else:
            assert shown.headers["content-type"] in SAFE_TYPES
    # Bytes lie under names of the server's own, in its own folder.
    for path in on_disk(table.stage.house):
        assert re.fullmatch(r"[A-Za-z0-9_-]{16}(-small)?", path.name)
    packed = await table.ben.get("archive.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        names = archive.namelist()
        assert len(names) == len({name.casefold() for name in names}) == len(sent)
        for name in names:
            check_folder(name.rpartition("/")[0])
            check_name(name.rpartition("/")[2])
