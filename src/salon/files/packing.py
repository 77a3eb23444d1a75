"""Several files as one ZIP64, made while it is sent: nothing is written anywhere, and its size is known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from zipstream import ZIP_STORED, ZipStream

from salon.files.names import apart
from salon.files.tables import File
from salon.files.vault import Vault


def pack(files: Iterable[File], vault: Vault, beside: dict[str, bytes] | None = None, below: str = "") -> ZipStream:
    """The files under their folders and names, none twice, ``below`` a folder; ``beside`` them others, as they are.

    They are not packed smaller: most of what people pass on is already, and so ``len()`` tells the size.
    """
    given = list(files)
    wanted = ["/".join(each for each in (below, file.folder, file.name) if each) for file in given]
    others = beside or {}
    paths = list(apart([*others, *wanted]))
    packed = ZipStream(compress_type=ZIP_STORED, sized=True)
    for path, content in zip(paths, others.values(), strict=False):
        packed.add(content, path)
    for path, file in zip(paths[len(others) :], given, strict=True):
        packed.add(_content(file, vault), path, size=file.size)
    return packed


def _content(file: File, vault: Vault) -> Iterator[bytes]:
    if file.blob is None:
        yield (file.text or "").encode()
    else:
        yield from vault.read(file.blob, 0, file.size)


def archive_name(room: str, at: int) -> str:
    """Like ``Salon 2026-01-31.zip``."""
    return f"{room} {datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}.zip"
