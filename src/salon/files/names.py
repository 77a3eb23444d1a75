"""Names of files: what people call them, made harmless; how they travel in headers; where they lie in archives.

Where bytes are kept has nothing to do with any of these (:mod:`salon.core.blobs`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import regex

NAME_BYTES = 255
"""What file systems take, in UTF-8."""
FOLDER_BYTES = 900
FOLDERS = 20
"""One in another."""
UNNAMED = "file"

# Control characters, marks that turn the direction of what follows, separators of lines, half of a pair, what no two
# systems agree on: a name with these is not what it looks like.
_UNSEEN = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_SIGNS = regex.compile(r'[<>:"/\\|?*]')
"""Part the folders of some system, or mean something to its shell."""
_SLASHES = str.maketrans(dict.fromkeys("∕⁄⧸⧹／＼﹨", "_"))
"""Look like what parts folders, and become it when somebody normalises the name."""
_DEVICE = regex.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)")
_EXTENSION = regex.compile(r"\.[\p{L}\p{N}]{1,16}$")
_PLAIN = regex.compile(r"[A-Za-z0-9 !#$&+.^_`|~()\[\]{}@,=-]*")


def file_name(given: str) -> str:
    """A name that is one name on every system: no path, nothing unseen, no device, at most 255 bytes of UTF-8."""
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _part(last) or UNNAMED


def folder_name(given: str) -> str:
    """A path of folders below somewhere, with ``/`` between; empty for none. It leads nowhere above."""
    parts = [_part(each) for each in given.replace("\\", "/").split("/") if each not in {"", ".", ".."}]
    kept: list[str] = []
    size = 0
    for part in [each for each in parts if each][:FOLDERS]:
        size += len(part.encode()) + 1
        if size > FOLDER_BYTES:
            break
        kept.append(part)
    return "/".join(kept)


def _part(given: str) -> str:
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", given[:4000]).translate(_SLASHES))
    # Spaces and dots at the end are dropped by Windows, so that another name comes out than was looked at.
    text = _SIGNS.sub("_", regex.sub(r"\s+", " ", text)).strip(" ").rstrip(". ")
    if _DEVICE.match(text):
        text = "_" + text
    return _shortened(text)


def _shortened(text: str, suffix: str = "") -> str:
    """At most 255 bytes with the suffix behind the stem, whole characters, with the extension it has."""
    if not suffix and len(text.encode()) <= NAME_BYTES:
        return text
    found = _EXTENSION.search(text, 1)
    extension = found.group() if found else ""
    left = NAME_BYTES - len((suffix + extension).encode())
    stem = text[: len(text) - len(extension)]
    if len(stem.encode()) > left:
        kept, size = [], 0
        for letter in regex.findall(r"\X", stem):
            size += len(letter.encode())
            if size > left:
                break
            kept.append(letter)
        stem = "".join(kept).rstrip(". ") or UNNAMED
    return stem + suffix + extension


def disposition(name: str, *, inline: bool = False) -> str:
    """The header that says under which name to keep something (RFC 6266), in any script."""
    kind = "inline" if inline else "attachment"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(each if _PLAIN.fullmatch(each) else "_" for each in plain).strip() or UNNAMED
    said = f'{kind}; filename="{plain}"'
    return said if plain == name else f"{said}; filename*=UTF-8''{quote(name, safe='')}"


def apart(paths: Iterable[str]) -> Iterator[str]:
    """The same paths, of which no two are alike on any system: the second ``a.txt`` becomes ``a (2).txt``. A file is
    not called like a folder that another lies in."""
    wanted = list(paths)
    taken = {_alike(above) for path in wanted for above in _above(path)}
    for path in wanted:
        chosen, number = path, 2
        while _alike(chosen) in taken:
            folder, slash, name = path.rpartition("/")
            chosen = folder + slash + _shortened(name, f" ({number})")
            number += 1
        taken.add(_alike(chosen))
        yield chosen


def _above(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[: depth + 1]) for depth in range(len(parts)))


def _alike(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())
