"""An S3-compatible store for the tests: moto's server, in a folder of its own beside the environment's packages."""

from __future__ import annotations

import os
import shutil

from . import python_env
from .common import REQUIREMENTS, VENV, VENV_PYTHON, Trouble, digest, drop_stamp, output, say, set_stamp, stamp

LOCK = REQUIREMENTS / "moto.txt"
OWN = VENV / "moto"


def find() -> str | None:
    """The folder to run ``python -S -m moto.server`` with on the PYTHONPATH; None where it is not the locked one."""
    return str(OWN) if stamp("moto") == digest([LOCK]) and (OWN / "moto" / "server.py").exists() else None


def prepare() -> None:
    if find() is not None:
        return
    say("installing an S3-compatible store for tests into .venv/moto")
    drop_stamp("moto")
    shutil.rmtree(OWN, ignore_errors=True)
    python_env.install_target(LOCK, OWN)
    if output([VENV_PYTHON, "-S", "-m", "moto.server", "--help"], env=env(str(OWN))) is None:
        raise Trouble("The S3-compatible store of the tests does not run on this system.")
    set_stamp("moto", digest([LOCK]))


def env(folder: str) -> dict[str, str]:
    """What it is run in: it finds its own packages, and without ``site`` (``-S``) no others."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONHOME"} | {"PYTHONPATH": folder}
