"""The process that makes one image small (:mod:`salon.files.thumbnails`). It knows nothing of Salon."""

from __future__ import annotations

import contextlib
import resource
import sys
import warnings

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
ORIENTATION = 0x0112
SIDEWAYS = 5
"""From here on, the orientations of EXIF have width and height the other way round."""


def limit(seconds: int, memory: int) -> None:
    """What this process may take from now on. It may write one small file and start nothing."""
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 4 * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS knows no limit of addresses and refuses to set one; the limit of pixels holds there all the same.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def main(source: str, target: str, side: int, pixels: int) -> None:
    from PIL import Image, ImageOps

    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = pixels
    with Image.open(source, formats=FORMATS) as picture:
        # Known from the head: a small file may unfold to gigabytes.
        if picture.width * picture.height > pixels:
            sys.exit(2)
        # Before it is read small. What the camera held sideways is turned below.
        upright = picture.size if picture.getexif().get(ORIENTATION, 1) < SIDEWAYS else picture.size[::-1]
        # JPEG can be read small at once.
        picture.draft("RGB", (side * 2, side * 2))
        small = ImageOps.exif_transpose(picture)
        small.thumbnail((side, side))
        small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB").save(
            target, "WEBP", quality=80
        )
    sys.stdout.write(f"{upright[0]} {upright[1]}\n")


if __name__ == "__main__":
    given = sys.argv[1:3]
    width, most, time, space = (int(each) for each in sys.argv[3:7])
    limit(time, space)
    main(given[0], given[1], width, most)
