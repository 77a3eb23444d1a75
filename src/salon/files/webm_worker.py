"""The process that makes a recording seekable (:mod:`salon.files.seekable`). It knows nothing of Salon.

What a browser records as WebM it writes as it goes: how long it is and where its pictures begin it does not know yet,
so nobody can jump in it. Here the same clusters are written once more behind a head that says it: the duration (Info),
an index of the pictures that can be begun with (Cues), and where both stand (SeekHead). Not a block is changed; one
that was cut off in the middle at the end is left out. Format: RFC 8794 (EBML) and RFC 9559 (Matroska).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

EBML, SEGMENT = 0x1A45DFA3, 0x18538067
SEEK_HEAD, SEEK, SEEK_ID, SEEK_POSITION = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
INFO, DURATION = 0x1549A966, 0x4489
TRACKS, ENTRY, NUMBER, KIND = 0x1654AE6B, 0xAE, 0xD7, 0x83
CLUSTER, TIME, POSITION, PREVIOUS = 0x1F43B675, 0xE7, 0xA7, 0xAB
SIMPLE, GROUP, BLOCK, LASTS, REFERENCE = 0xA3, 0xA0, 0xA1, 0x9B, 0xFB
CUES, POINT, CUE_TIME, CUE_AT, CUE_TRACK, CUE_CLUSTER = 0x1C53BB6B, 0xBB, 0xB3, 0xB7, 0xF7, 0xF1
BESIDE = frozenset({SEEK_HEAD, INFO, TRACKS, CUES, CLUSTER, 0x1254C367, 0x1043A770, 0x1941A469})
"""What stands in a segment beside clusters, and so ends one whose length was not known."""
VIDEO = 1
KEY = 0x80
LARGEST_HEAD = 4 * 1024 * 1024
MOST_BLOCKS = 30_000_000
PIECE = 1024 * 1024


class NotNeeded(Exception):
    """It is seekable already, or nothing that we know how to make so."""


@dataclass(frozen=True)
class Element:
    id: int
    start: int
    """Where its content begins."""
    end: int | None
    """None: it did not know its length."""
    at: int
    """Where its head begins."""


@dataclass
class Cluster:
    time: int = 0
    pieces: list[tuple[int, int]] = field(default_factory=list)
    """What is kept of it, as stretches of the file."""
    keys: dict[int, int] = field(default_factory=dict)
    """By track: the time of the first block that can be begun with."""

    def keep(self, start: int, end: int) -> None:
        if self.pieces and self.pieces[-1][1] == start:
            self.pieces[-1] = (self.pieces[-1][0], end)
        else:
            self.pieces.append((start, end))

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.pieces)


@dataclass
class Track:
    """How far one has got."""

    last: int = 0
    step: int = 0
    """From the block before the last one to the last: so long the last one is taken to be."""

    def note(self, time: int, lasts: int | None) -> None:
        self.step = lasts if lasts is not None else max(0, time - self.last) or self.step
        self.last = max(self.last, time)


class Reader:
    """Elements of a file, one after the other. What the file ends in the middle of is not there."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.size = os.fstat(source.fileno()).st_size

    def element(self, at: int) -> Element | None:
        self.source.seek(at)
        head = self.source.read(12)
        if not head or not head[0]:
            return None
        id_width = 9 - head[0].bit_length()
        if id_width > 4 or len(head) <= id_width or not head[id_width]:
            return None
        width = 9 - head[id_width].bit_length()
        if len(head) < id_width + width:
            return None
        value = int.from_bytes(head[id_width : id_width + width], "big") & ((1 << 7 * width) - 1)
        start = at + id_width + width
        unknown = value == (1 << 7 * width) - 1
        return Element(int.from_bytes(head[:id_width], "big"), start, None if unknown else start + value, at)

    def within(self, start: int, end: int) -> Iterator[Element]:
        """Those whole ones that lie between."""
        while start < end:
            found = self.element(start)
            if found is None or found.end is None or found.end > end:
                return
            yield found
            start = found.end

    def content(self, of: Element) -> bytes:
        size = (of.end or of.start) - of.start
        if size > LARGEST_HEAD:
            raise NotNeeded("a head as large as that is none")
        self.source.seek(of.start)
        return self.source.read(size)

    def number(self, of: Element) -> int:
        return int.from_bytes(self.content(of)[:8], "big")


@dataclass
class Film:
    """What was found."""

    info: bytes = b""
    tracks: bytes = b""
    kinds: dict[int, int] = field(default_factory=dict)
    """By track."""
    clusters: list[Cluster] = field(default_factory=list)
    lengths: dict[int, Track] = field(default_factory=dict)
    blocks: int = 0

    @property
    def duration(self) -> float:
        return float(max((each.last + each.step for each in self.lengths.values()), default=0))

    @property
    def led_by(self) -> int:
        """The track whose pictures, or sounds, one jumps to."""
        return min(self.kinds, key=lambda track: (self.kinds[track] != VIDEO, track))


def read(reader: Reader) -> tuple[bytes, Film]:
    """The head of the file, and all that is in its segment."""
    head = reader.element(0)
    if head is None or head.id != EBML or head.end is None:
        raise NotNeeded("not a WebM")
    segment = reader.element(head.end)
    if segment is None or segment.id != SEGMENT:
        raise NotNeeded("not a WebM")
    film, at, end = Film(), segment.start, min(segment.end or reader.size, reader.size)
    while at < end and (found := reader.element(at)) is not None:
        if found.id == CUES:
            raise NotNeeded("it has an index")
        if found.id == CLUSTER:
            at = _read_cluster(reader, found, min(found.end or end, end), film)
            continue
        if found.end is None or found.end > end:
            break
        if found.id == INFO:
            film.info = b"".join(
                element(each.id, reader.content(each))
                for each in reader.within(found.start, found.end)
                if each.id != DURATION
            )
        elif found.id == TRACKS:
            film.tracks, film.kinds = reader.content(found), _kinds(reader, found)
        at = found.end
    if not film.kinds or not film.info or not film.clusters:
        raise NotNeeded("there is nothing in it")
    reader.source.seek(0)
    return reader.source.read(head.end), film


def _kinds(reader: Reader, tracks: Element) -> dict[int, int]:
    found: dict[int, int] = {}
    for entry in reader.within(tracks.start, tracks.end or 0):
        if entry.id == ENTRY:
            said = {each.id: each for each in reader.within(entry.start, entry.end or 0)}
            if NUMBER in said and KIND in said:
                found[reader.number(said[NUMBER])] = reader.number(said[KIND])
    return found


def _read_cluster(reader: Reader, cluster: Element, end: int, film: Film) -> int:
    """Returns where what comes after it begins."""
    here, at = Cluster(), cluster.start
    while at < end and (found := reader.element(at)) is not None:
        if cluster.end is None and found.id in BESIDE:
            break
        if found.end is None or found.end > end:
            at = end
            break
        if found.id == TIME:
            here.time = reader.number(found)
        elif found.id in {SIMPLE, GROUP}:
            _note_block(reader, found, here, film)
        if found.id not in {POSITION, PREVIOUS}:
            # Both say where things stood before.
            here.keep(found.at, found.end)
        at = found.end
    else:
        at = end if cluster.end is not None else at
    if here.keys or any(end - start > 16 for start, end in here.pieces):
        film.clusters.append(here)
    return at if cluster.end is None else end


def _note_block(reader: Reader, found: Element, here: Cluster, film: Film) -> None:
    film.blocks += 1
    if film.blocks > MOST_BLOCKS:
        raise NotNeeded("nobody has recorded that")
    block, lasts, key = found, None, True
    if found.id == GROUP:
        parts = {each.id: each for each in reader.within(found.start, found.end or 0)}
        if BLOCK not in parts:
            return
        block, key = parts[BLOCK], REFERENCE not in parts
        lasts = reader.number(parts[LASTS]) if LASTS in parts else None
    reader.source.seek(block.start)
    head = reader.source.read(4)
    # Tracks above 127 have longer numbers; no browser makes them.
    if len(head) < 4 or not head[0] & 0x80:
        raise NotNeeded("a track that we do not know")
    track, time = head[0] & 0x7F, here.time + struct.unpack(">h", head[1:3])[0]
    film.lengths.setdefault(track, Track()).note(time, lasts)
    if (head[3] & KEY) if found.id == SIMPLE else key:
        here.keys.setdefault(track, time)


def element(name: int, content: bytes) -> bytes:
    return _head(name, len(content)) + content


def _head(name: int, size: int) -> bytes:
    """With a length of eight bytes, so that what is said later takes no more place than what was left free."""
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (size | 1 << 56).to_bytes(8, "big")


def _number(name: int, value: int) -> bytes:
    return element(name, value.to_bytes(8, "big"))


def _seek_head(places: dict[int, int]) -> bytes:
    entries = (
        element(SEEK, element(SEEK_ID, name.to_bytes(4, "big")) + _number(SEEK_POSITION, at))
        for name, at in places.items()
    )
    return element(SEEK_HEAD, b"".join(entries))


def _cues(film: Film, first: int) -> bytes:
    """``first``: where the first cluster stands."""
    points, at, track = [], first, film.led_by
    for cluster in film.clusters:
        if track in cluster.keys:
            place = element(CUE_AT, _number(CUE_TRACK, track) + _number(CUE_CLUSTER, at))
            points.append(element(POINT, _number(CUE_TIME, max(0, cluster.keys[track])) + place))
        at += len(_head(CLUSTER, 0)) + cluster.size
    return element(CUES, b"".join(points))


def front(head: bytes, film: Film) -> bytes:
    """All that stands before the first cluster."""
    info = element(INFO, film.info + element(DURATION, struct.pack(">d", film.duration)))
    tracks = element(TRACKS, film.tracks)
    before = len(_seek_head(dict.fromkeys((INFO, TRACKS, CUES), 0)))
    places = {INFO: before, TRACKS: before + len(info), CUES: before + len(info) + len(tracks)}
    first = places[CUES] + len(_cues(film, 0))
    content = _seek_head(places) + info + tracks + _cues(film, first)
    clusters = sum(len(_head(CLUSTER, 0)) + each.size for each in film.clusters)
    return head + _head(SEGMENT, len(content) + clusters) + content


def write(reader: Reader, head: bytes, film: Film) -> Iterator[bytes]:
    yield front(head, film)
    for cluster in film.clusters:
        yield _head(CLUSTER, cluster.size)
        for start, end in cluster.pieces:
            reader.source.seek(start)
            while start < end:
                piece = reader.source.read(min(PIECE, end - start))
                if not piece:
                    raise OSError("it has become shorter")
                start += len(piece)
                yield piece


def limit(seconds: int, memory: int, most: int) -> None:
    """What this process may take from now on: one file, not much larger than the one it reads."""
    with contextlib.suppress(OSError):
        os.nice(10)
    for what, bound in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, most),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (bound, bound))


def main(source: str, target: str) -> None:
    """Says the size and the SHA-256 of what it has written."""
    seen = hashlib.sha256()
    size = 0
    with open(source, "rb") as given, open(target, "wb") as made:
        reader = Reader(given)
        for piece in write(reader, *read(reader)):
            made.write(piece)
            seen.update(piece)
            size += len(piece)
        made.flush()
        os.fsync(made.fileno())
    sys.stdout.write(f"{size} {seen.hexdigest()}\n")


if __name__ == "__main__":
    limit(*(int(each) for each in sys.argv[3:6]))
    try:
        main(sys.argv[1], sys.argv[2])
    except NotNeeded:
        sys.exit(3)
