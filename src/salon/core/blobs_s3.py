"""Files in an S3-compatible store, by obstore: sent in parts, read by range."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import S3Store

from salon.core.blobs import CHUNK, NAME, BlobGone
from salon.core.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

PART = 8 * 1024 * 1024
"""Bytes of a part: the store takes 10,000 of them at most."""
AT_ONCE = 4
"""Parts that are on their way."""
MOST_PARTS = 9_000


class S3Blobs:
    def __init__(self, settings: Settings) -> None:
        config: S3Config = {"region": settings.s3_region}
        options: ClientConfig = {"timeout": "120s", "connect_timeout": "10s"}
        if settings.s3_endpoint is not None:
            config["endpoint"] = settings.s3_endpoint
            options["allow_http"] = settings.s3_endpoint.startswith("http://")
        if settings.s3_access_key is not None and settings.s3_secret_key is not None:
            config["access_key_id"] = settings.s3_access_key.get_secret_value()
            config["secret_access_key"] = settings.s3_secret_key.get_secret_value()
        self._store = S3Store(settings.s3_bucket, config=config, client_options=options)
        self._prefix = f"{settings.s3_prefix.strip('/')}/" if settings.s3_prefix.strip("/") else ""

    def _key(self, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError("not the name of a blob")
        return self._prefix + name

    def path(self, name: str) -> Path | None:
        return None

    def put(self, name: str, source: Path) -> None:
        key = self._key(name)
        part = max(PART, -(-source.stat().st_size // MOST_PARTS))
        with source.open("rb") as content:
            obstore.put(self._store, key, content, chunk_size=part, max_concurrency=AT_ONCE)

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        if end is not None and end <= start:
            return
        try:
            if end is None and start == 0:
                found = obstore.get(self._store, self._key(name))
            elif end is None:
                found = obstore.get(self._store, self._key(name), options={"range": {"offset": start}})
            else:
                found = obstore.get(self._store, self._key(name), options={"range": (start, end)})
        except (NotFoundError, FileNotFoundError):
            raise BlobGone(name) from None
        for piece in found.stream(min_chunk_size=CHUNK):
            view = memoryview(piece)
            for at in range(0, len(view), CHUNK):
                yield bytes(view[at : at + CHUNK])

    def delete(self, name: str) -> None:
        try:
            obstore.delete(self._store, self._key(name))
        except (NotFoundError, FileNotFoundError):
            return

    def names(self) -> Iterator[tuple[str, float]]:
        for some in obstore.list(self._store, prefix=self._prefix or None):
            for each in some:
                name = each["path"].removeprefix(self._prefix)
                if NAME.fullmatch(name):
                    yield name, each["last_modified"].timestamp()
