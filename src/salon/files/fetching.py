"""Files over HTTP: one wholly or in part, previews, several as one archive."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from salon.core.access import access_member
from salon.core.contract import Need
from salon.core.feature import Taking, View
from salon.core.http import refusal_response
from salon.core.refusals import Refused
from salon.core.zones import time_zone
from salon.files.desk import files_of, may_fetch
from salon.files.download import SANDBOX, Span, etag_of, headers_of, is_known, span_of
from salon.files.names import disposition, file_name
from salon.files.packing import archive_name, pack
from salon.files.sending import Sent
from salon.files.tables import File
from salon.files.traffic import Traffic, Transfer
from salon.files.vault import SMALL, vault_of
from salon.files.visits import Visit, arrival, visit

MOST_NAMED = 1000
"""Files that an archive names in its address."""


async def download(request: Request) -> Response:
    """The file as it was sent, under its name."""
    return await _file(request, shown=False)


async def preview(request: Request) -> Response:
    """The file for looking at, where its content proves that it is something that can be shown."""
    return await _file(request, shown=True)


async def _file(request: Request, *, shown: bool) -> Response:
    by = await arrival(request)
    file = await by.fetching(request.path_params["file"])
    if shown and file.kind == "other":
        raise Refused("not_previewed")
    asked = request.headers
    etag = etag_of(file)
    if is_known(etag, asked.get("if-none-match")):
        kept = headers_of(file, Span(0, 0, partial=False), shown=shown)
        for name in ("Content-Type", "Content-Length", "Content-Disposition", "Repr-Digest"):
            kept.pop(name, None)
        return Response(status_code=304, headers=kept)
    try:
        span = span_of(file.size, asked.get("range"), asked.get("if-range"), etag, file.done_at or 0)
    except Refused as refused:
        return _no_such_bytes(refused, file)
    headers = headers_of(file, span, shown=shown)
    status = 206 if span.partial else 200
    if request.method == "HEAD":
        return _Head(status, headers)
    return _bytes_of(by, file, span, status, headers, shown=shown)


def _no_such_bytes(refused: Refused, file: File) -> Response:
    response = refusal_response(refused)
    response.headers["Content-Range"] = f"bytes */{file.size}"
    return response


class _Head(Response):
    """The head of an answer, with the length that its body would have."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__(status_code=status)
        self.raw_headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def _bytes_of(by: Visit, file: File, span: Span, status: int, headers: dict[str, str], *, shown: bool) -> Response:
    house = by.house
    traffic, vault = Traffic.of[house.fanout], vault_of(house)

    async def check() -> None:
        await by.fetching(file.id)

    transfer = Transfer(by.room_id, frozenset([file.id]), check)
    if file.blob is None:
        text = (file.text or "").encode()[span.start : span.end]
        return Sent(status, headers, iter([text] if text else []), traffic, transfer)
    path = vault.blobs.path(file.blob)
    if path is not None and house.settings.accel_redirect is not None and not shown:
        # What is to be looked at goes with its sandbox, which nginx forgets unless it is told otherwise.
        return _by_proxy(house.settings.accel_redirect, file.blob, headers)
    pieces = vault.read(file.blob, span.start, span.end) if span.size else iter(())
    return Sent(status, headers, pieces, traffic, transfer, path, span.start)


def _by_proxy(location: str, blob: str, headers: dict[str, str]) -> Response:
    """nginx sends it, with the ranges that were asked for. What it has begun it ends, unless the file is deleted."""
    kept = {name: value for name, value in headers.items() if name not in {"Content-Length", "Content-Range"}}
    kept["X-Accel-Redirect"] = f"{location.rstrip('/')}/{blob[:2]}/{blob}"
    return Response(status_code=200, headers=kept)


async def thumbnail(request: Request) -> Response:
    """The small picture of an image, as WebP."""
    by = await arrival(request)
    file = await by.fetching(request.path_params["file"])
    if not file.thumbnail or file.blob is None:
        raise Refused("not_previewed")
    etag = etag_of(file)
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": "inline",
    }
    if is_known(etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    traffic, vault = Traffic.of[by.house.fanout], vault_of(by.house)
    name = file.blob + SMALL
    small = await traffic.in_thread(lambda: b"".join(vault.read(name)))
    return Response(b"" if request.method == "HEAD" else small, media_type="image/webp", headers=headers)


async def archive(request: Request) -> Response:
    """Several files, or all that one may have, as one ZIP: ``?files=<id>,<id>``; without, everything for everyone."""
    by = await visit(request)
    named = request.query_params.get("files")
    wanted = None if named is None else [each for each in named.split(",") if each]
    if wanted is not None and len(wanted) > MOST_NAMED:
        raise Refused("invalid", f"At most {MOST_NAMED} files by name.", field="files")
    files, room = await _chosen(by, wanted)
    return _packed(request, by, files, file_name(archive_name(room, by.house.clock.now())))


async def _chosen(by: Visit, wanted: list[str] | None) -> tuple[list[File], str]:
    async with by.house.storage.read() as session:
        room, member = await access_member(session, by.room_id, by.identity, Need.AUDIENCE)
        here = {file.id: file for file in await files_of(session, room.id) if file.done_at is not None}
        if wanted is None:
            return [file for file in here.values() if file.to_id is None], room.name
        chosen = []
        for name in dict.fromkeys(wanted):
            if name not in here or not may_fetch(here[name], member.id):
                raise Refused("file_unknown", field="files")
            chosen.append(here[name])
        return chosen, room.name


async def everything(request: Request) -> Response:
    """For hosts, before the room closes: what all its activities hold, and its files, as one ZIP."""
    by = await visit(request, hosts=True)
    house = by.house
    zone = time_zone(request.query_params.get("zone", "UTC"))
    beside: dict[str, bytes] = {}
    async with house.storage.read() as session:
        room, member = await access_member(session, by.room_id, by.identity, Need.COHOST)
        taking = Taking(house.clock.now(), zone)
        view = View(session, house.settings, house.addresses.public_url, room, member, taking=taking)
        for feature in house.features:
            if feature.archive is not None:
                beside.update(await feature.archive(view))
    files, name = await _chosen(by, None)
    return _packed(request, by, files, file_name(archive_name(name, house.clock.now())), beside)


def _packed(
    request: Request,
    by: Visit,
    files: list[File],
    name: str,
    beside: dict[str, bytes] | None = None,
) -> Response:
    house = by.house
    packed = pack(files, vault_of(house), beside, below="files" if beside is not None else "")
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": disposition(name),
        "Content-Length": str(len(packed)),
        "Cache-Control": "no-store",
        "Content-Security-Policy": SANDBOX,
    }
    if request.method == "HEAD":
        return _Head(200, headers)

    async def check() -> None:
        await (by.standing() if beside is None else by.hosting())

    transfer = Transfer(by.room_id, frozenset(file.id for file in files), check)
    return Sent(200, headers, _pieces(iter(packed)), Traffic.of[house.fanout], transfer)


def _pieces(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Heads of entries are small: they go with what follows."""
    gathered: list[bytes] = []
    size = 0
    for piece in packed:
        gathered.append(piece)
        size += len(piece)
        if size >= 128 * 1024:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
