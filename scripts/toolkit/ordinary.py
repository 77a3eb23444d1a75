"""Programs as people run them.

Root may put its threads before everybody else's, and Chromium does with those of sound: on a machine that is busy with
calls nothing else runs then for many seconds, neither pages nor the server. Nobody's own browser can do that.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "build" / "ordinary"


@cache
def ordinary(program: str) -> str:
    """Return a program that runs this one without that right (CAP_SYS_NICE); itself where that cannot be taken away."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        return program
    words = [setpriv, "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"]
    # In some containers root may not give rights up either.
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode != 0:
        return program
    words.append(program)
    text = f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'
    path = _FOLDER / f"{Path(program).name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    if not path.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        # Several processes of tests may come here at once: each sees all of it or nothing.
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.write_text(text)
        made.chmod(0o755)
        made.replace(path)
    return str(path)
