"""What calls in browsers are tried with: a microphone that plays a known tone, and the page's modules."""

from __future__ import annotations

import math
import struct
import subprocess
import wave
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
TONE_HZ = 1000


def write_tone(path: Path) -> None:
    """A tone that comes and goes five times a second, as a voice does: an even one is noise to a browser."""
    rate = 48_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (
            int(16_000 * math.sin(2 * math.pi * TONE_HZ * at / rate) * (math.sin(2 * math.pi * 5 * at / rate) > 0))
            for at in range(2 * rate)
        )
        file.writeframes(b"".join(struct.pack("<h", each) for each in samples))


def flags(tone: Path, *, autoplay: bool = True) -> list[str]:
    """Of a browser whose microphone plays the tone, with real addresses. Without ``autoplay`` it plays nothing
    on pages that nobody has touched.
    """
    return [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tone}",
        f"--autoplay-policy={'no-user-gesture' if autoplay else 'document-user-activation'}-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
    ]


def compile_modules(node: str, folder: Path) -> Path:
    """The page's modules of the media connection, as JavaScript."""
    sources = [str(WEB / "src/features/voice" / name) for name in ("ends.ts", "sound.ts")]
    options = ["--module", "esnext", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--skipLibCheck"]
    compiler = WEB / "node_modules/typescript/bin/tsc"
    subprocess.run([node, str(compiler), *options, "--outDir", str(folder), *sources], check=True)
    return folder
