"""A recording that was sent while it was made can be jumped in afterwards, also one that was cut off."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from salon.files import seekable, webm_worker
from salon.files.seekable import Seekable
from salon.files.webm_worker import CLUSTER, CUES, DURATION, INFO, SEEK_HEAD, SEGMENT, TRACKS, Element, Reader
from tests.files.conftest import Table
from tests.files.support import check_taken, on_disk, sha256
from tests.files.test_growing import QUIET, begun, end
from tests.files.webm import clusters, film, head
from tests.support.house import Stage

pytestmark = pytest.mark.feature("M11")


class Seen:
    """What a player would read of it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as source:
            self.reader = reader = Reader(source)
            start = reader.element(0)
            assert start is not None
            assert start.end is not None
            segment = reader.element(start.end)
            assert segment is not None
            assert (segment.id, segment.end) == (SEGMENT, reader.size)
            self.parts = list(reader.within(segment.start, reader.size))
            self.at = {each.at - segment.start: each for each in self.parts}
            (info,) = self.of(INFO)
            said = {each.id: reader.content(each) for each in reader.within(info.start, info.end or 0)}
            (self.duration,) = struct.unpack(">d", said[DURATION])
            self.index = self._index()
            self.places = self._places()

    def of(self, name: int) -> list[Element]:
        return [each for each in self.parts if each.id == name]

    def _index(self) -> list[tuple[int, Element]]:
        (cues,) = self.of(CUES)
        found = []
        for point in self.reader.within(cues.start, cues.end or 0):
            time, place = self.reader.within(point.start, point.end or 0)
            _track, cluster = self.reader.within(place.start, place.end or 0)
            found.append((self.reader.number(time), self.at[self.reader.number(cluster)]))
        return found

    def _places(self) -> dict[int, int]:
        (seeks,) = self.of(SEEK_HEAD)
        found = {}
        for seek in self.reader.within(seeks.start, seeks.end or 0):
            name, place = self.reader.within(seek.start, seek.end or 0)
            found[self.reader.number(name)] = self.at[self.reader.number(place)].id
        return found


async def made(tmp_path: Path, content: bytes) -> Seen | None:
    source = tmp_path / "source"
    source.write_bytes(content)
    copy = await Seekable().make(source, len(content), tmp_path / "copy")
    if copy is None:
        assert not (tmp_path / "copy").exists()
        return None
    written = copy.path.read_bytes()
    assert (copy.size, copy.sha256) == (len(written), sha256(written))
    return Seen(copy.path)


async def test_it_says_how_long_it_is_and_where_to_jump_to(tmp_path: Path) -> None:
    seen = await made(tmp_path, film(7))
    assert seen is not None
    assert seen.duration == 7000
    assert [each.id for each in seen.parts] == [SEEK_HEAD, INFO, TRACKS, CUES, *[CLUSTER] * 7]
    assert [time for time, _ in seen.index] == [each * 1000 for each in range(7)]
    assert [place.at for _, place in seen.index] == [each.at for each in seen.of(CLUSTER)]
    assert seen.places == {each: each for each in (INFO, TRACKS, CUES)}


async def test_not_a_byte_of_what_was_recorded_is_changed(tmp_path: Path) -> None:
    seen = await made(tmp_path, film(3))
    assert seen is not None
    copy = (tmp_path / "copy").read_bytes()
    kept = [copy[each.start : each.end] for each in seen.of(CLUSTER)]
    assert kept == [each[12:] for each in clusters(3)]


@pytest.mark.parametrize("missing", [1, 40, 4000])
async def test_what_was_cut_off_in_the_middle_of_a_block_ends_before_it(tmp_path: Path, missing: int) -> None:
    seen = await made(tmp_path, film(3)[:-missing])
    assert seen is not None
    assert 2000 < seen.duration <= 3000
    assert len(seen.index) == 3


async def test_made_twice_it_stays(tmp_path: Path) -> None:
    assert await made(tmp_path, film(3)) is not None
    assert await made(tmp_path, (tmp_path / "copy").read_bytes()) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1a\x45\xdf\xa3", head(), film(1)[20:], os.urandom(5000), head()[:60] + os.urandom(5000), b"\0" * 5000],
    ids=["nothing", "a name", "only a head", "no head", "noise", "noise behind a head", "zeroes"],
)
async def test_what_is_no_film_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    assert await made(tmp_path, content) is None


async def test_one_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seekable, "SECONDS", 0.01)
    assert await made(tmp_path, film(3)) is None


def test_a_number_of_blocks_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webm_worker, "MOST_BLOCKS", 10)
    (tmp_path / "film").write_bytes(film(1))
    with (tmp_path / "film").open("rb") as source, pytest.raises(webm_worker.NotNeeded):
        webm_worker.read(Reader(source))


@pytest.mark.feature("D2", "D3")
@pytest.mark.parametrize("cut_off", [False, True])
async def test_a_recording_in_the_room_is_seekable(table: Table, stage: Stage, tmp_path: Path, cut_off: bool) -> None:
    content = film(5)
    address = await begun(table.ann, "talk.webm")
    await table.ann.send(address, 0, content[:-100])
    if cut_off:
        await stage.pass_time(QUIET + 1)
    else:
        assert (await end(table.ann, address, len(content), content[-100:])).status_code == 204
    (file,) = await table.ben.files()
    got = (await table.ben.get(file["id"])).content
    assert (file["type"], file["size"], file["sha256"]) == ("video/webm", len(got), sha256(got))
    (tmp_path / "got").write_bytes(got)
    seen = Seen(tmp_path / "got")
    assert 4900 <= seen.duration <= 5000
    assert len(seen.index) == 5
    assert await check_taken(stage) == len(got)
    assert len(on_disk(stage.house)) == 1


@pytest.mark.feature("D3")
async def test_what_was_announced_is_kept_as_it_is(table: Table) -> None:
    content = film(2)
    address = await begun(table.ann, "talk.webm", sha256=sha256(content))
    assert (await end(table.ann, address, len(content), content)).status_code == 204
    plain = await table.ann.drop(content, "dropped.webm")
    assert {file["sha256"] for file in await table.ben.files()} == {sha256(content)}
    assert (await table.ben.get(plain)).content == content
