"""The virtual environment in .venv, filled from the hash-pinned lock files."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import shutil
import sys
import tomllib
import venv
from pathlib import Path

from . import debian
from .common import (
    REQUIREMENTS,
    ROOT,
    VENV,
    VENV_PYTHON,
    Trouble,
    digest,
    drop_stamp,
    output,
    run,
    say,
    set_stamp,
    stamp,
)

UV = VENV / "bin" / "uv"
BUILD = REQUIREMENTS / "build.txt"
LOCKS = {"run": REQUIREMENTS / "run.txt", "dev": REQUIREMENTS / "dev.txt"}


def prepare(level: str) -> None:
    """Make .venv hold exactly what the lock of this level names, and this project."""
    _create()
    if level == "run" and (stamp("python-level") or "") == "dev":
        level = "dev"  # what was installed for tests stays
    lock = LOCKS[level]
    wanted = digest([BUILD, lock], str(ROOT), level, _project())
    if stamp("python") == wanted:
        return
    say(f"installing Python packages ({level})")
    drop_stamp("python")
    _install_uv()
    _install(BUILD, lock)
    _install_project()
    set_stamp("python", wanted)
    set_stamp("python-level", level)


def _project() -> str:
    """What of pyproject.toml an installed project depends on; the settings of linters are not among it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    return json.dumps([settings["project"], settings["build-system"], settings["tool"]["hatch"]])


def _create() -> None:
    """A virtual environment that runs, here. One that was moved or lost its Python is made anew."""
    made_for = f"{ROOT}\n"
    if stamp("venv") == made_for and VENV_PYTHON.exists():
        return
    if VENV_PYTHON.exists() and output([VENV_PYTHON, "-c", "import sys; print(sys.prefix)"]) == str(VENV):
        set_stamp("venv", made_for)
        return
    say(f"making .venv with Python {_version()}")
    if VENV.exists():
        shutil.rmtree(VENV)
    if not (_has_ensurepip() or _has_pip(sys.executable) or shutil.which("uv")):
        _get_ensurepip()
    # Where only this Python's own pip or uv is here, .venv starts without pip and is filled by that one.
    venv.EnvBuilder(symlinks=True, with_pip=_has_ensurepip()).create(VENV)
    set_stamp("venv", made_for)


def _has_ensurepip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def _has_pip(python: str | Path) -> bool:
    return output([python, "-m", "pip", "--version"]) is not None


def _get_ensurepip() -> None:
    """Debian keeps ensurepip in a package of its own. As root we may take it; else the person is told."""
    if sys.executable.startswith("/usr/bin/") and debian.may_install():
        debian.install([f"python{_version()}-venv"])
        importlib.invalidate_caches()
    if not _has_ensurepip():
        raise Trouble(_no_pip())


def _install_uv() -> None:
    """uv and the build backend, by whichever installer this machine has."""
    wanted = digest([BUILD])
    if UV.exists() and stamp("uv") == wanted:
        return
    order = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(BUILD)]
    uv = shutil.which("uv")
    if _has_pip(VENV_PYTHON):
        done = run([VENV_PYTHON, "-m", "pip", *order])
    elif _has_pip(sys.executable):
        done = run([sys.executable, "-m", "pip", "--python", str(VENV_PYTHON), *order])
    elif uv is not None:
        done = run([uv, "pip", "install", "--quiet", "--python", VENV_PYTHON, "--require-hashes", "-r", BUILD])
    else:
        raise Trouble(_no_pip())
    if not done:
        raise Trouble("The Python packages could not be fetched. Is the package index reachable from here?")
    set_stamp("uv", wanted)


def _install(*locks: Path) -> None:
    files = [str(lock) for lock in locks]
    if run([UV, "pip", "sync", "--quiet", "--require-hashes", *files], env=_uv_env()):
        return
    # pip reads settings that uv does not (pip.conf: mirrors, certificates), so it may still get through.
    say("uv did not succeed; trying pip")
    args = [part for file in files for part in ("-r", file)]
    if not run([VENV_PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *args]):
        raise Trouble("The Python packages could not be installed; the lines above say why.")


def _install_project() -> None:
    """This project itself, as a path entry to src/. Its build backend is in .venv already."""
    common = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."]
    if not run([UV, "pip", *common], env=_uv_env()) and not run([VENV_PYTHON, "-m", "pip", *common]):
        raise Trouble("This project could not be installed into .venv; the lines above say why.")


def install_target(lock: Path, target: Path) -> None:
    """Install a lock file's packages into a folder of their own, away from the environment."""
    if run([UV, "pip", "install", "--quiet", "--require-hashes", "--target", target, "-r", lock], env=_uv_env()):
        return
    say("uv did not succeed; trying pip")
    if not run([VENV_PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", target, "-r", lock]):
        raise Trouble(f"{lock.name}: its packages could not be installed; the lines above say why.")


def _uv_env() -> dict[str, str]:
    """uv must work on our environment, whichever one is active in the terminal."""
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    return env | {"VIRTUAL_ENV": str(VENV)}


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _no_pip() -> str:
    version = _version()
    return (
        f"Python {version} ({sys.executable}) came without pip and without what installs it (ensurepip).\n"
        "Any one of these helps, then run the same command again:\n"
        f"  Debian, Ubuntu   apt-get install python3-venv     (or python{version}-venv)\n"
        "  Fedora           dnf install python3-pip\n"
        "  any system       put uv on the PATH, or use another Python: make run PYTHON=/path/to/python3"
    )
