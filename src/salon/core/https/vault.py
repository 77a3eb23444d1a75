"""Files that nobody else on the machine may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from salon.core.https.trouble import Trouble

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def make_folder(folder: Path) -> None:
    """A folder that only its owner may look into."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"The folder {folder} cannot be made: {error.strerror}.") from None


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """In one step and to the disk, never readable for others in between."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.unlink(missing_ok=True)
        opened = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, mode)
        with os.fdopen(opened, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}.") from None


def read_secret(path: Path) -> bytes | None:
    """What is in it, ``None`` when it is not there. Refused when others may read or change it."""
    try:
        opened = os.open(path, os.O_RDONLY | NO_FOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from None
    with os.fdopen(opened, "rb") as file:
        # Asked of the open file, so that it cannot be another one by the time it is read.
        about = os.fstat(file.fileno())
        if os.name == "posix":
            _check(path, about)
        return file.read()


def _check(path: Path, about: os.stat_result) -> None:
    mode = stat.S_IMODE(about.st_mode)
    if mode & 0o077:
        raise Trouble(
            f"{path} is open to others on this machine (mode {mode:04o}), so it is not used. If nobody can have copied "
            f"it: chmod 600 {path}. Otherwise delete the folder it is in: a new authority is made, for phones to trust."
        )
    if about.st_uid not in {os.geteuid(), 0}:
        raise Trouble(f"{path} belongs to another user of this machine, so it is not used.")
