"""Where a house keeps the bytes of files: what is coming on disk, what is here in the store that the settings name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from salon.core.blobs import NAME, BlobGone, Blobs, DiskBlobs
from salon.core.blobs_s3 import S3Blobs
from salon.core.settings import Settings
from salon.files.quota import MIB

if TYPE_CHECKING:
    from salon.core.house import House

SMALL = "-small"
"""Behind the name of an image's blob: its small picture."""
SEEKABLE = "-jump"
"""Behind the name of a recording's blob, while it is finished: the copy that one can jump in."""


class Vault:
    """All of it is called in threads."""

    def __init__(self, settings: Settings) -> None:
        self._incoming = settings.data_dir.absolute() / "files" / "incoming"
        self._keep_free = settings.disk_free_mib * MIB
        self._incoming.mkdir(parents=True, exist_ok=True)
        self.blobs = open_blobs(settings)

    def incoming(self, blob: str) -> Path:
        """The file in which an upload gathers."""
        if not NAME.fullmatch(blob):
            raise ValueError("not the name of a blob")
        return self._incoming / blob

    def free(self) -> int:
        """Bytes that the disk has for what is to come."""
        return shutil.disk_usage(self._incoming).free - self._keep_free

    def read(self, blob: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return self.blobs.read(blob, start, end)

    def wipe(self, blob: str) -> None:
        """Everything of this name."""
        small = blob + SMALL
        self.incoming(blob + SEEKABLE).unlink(missing_ok=True)
        for each in (blob, small):
            self.incoming(each).unlink(missing_ok=True)
            self.blobs.delete(each)

    def coming(self) -> list[tuple[str, float]]:
        """What gathers here, by name, with the time of its last change."""
        return [(each.name, each.stat().st_mtime) for each in self._incoming.iterdir() if NAME.fullmatch(each.name)]


def open_blobs(settings: Settings) -> Blobs:
    if settings.s3_bucket is None:
        # nginx runs as somebody else, who is in the same group.
        mode = 0o600 if settings.accel_redirect is None else 0o640
        return DiskBlobs(settings.data_dir.absolute() / "files" / "blobs", mode)
    return S3Blobs(settings)


def vault_of(house: House) -> Vault:
    return house.kept(_make)


def _make(house: House) -> Vault:
    return Vault(house.settings)


__all__ = ["BlobGone", "Vault", "vault_of"]
