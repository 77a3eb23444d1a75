"""The words of tus 1.0.0: reading its headers. Pure; whatever is wrong is a :class:`Refused`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from salon.core.contract import LARGEST_NUMBER
from salon.core.refusals import Refused

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,creation-with-upload,checksum,expiration,termination"
ALGORITHMS = ("sha1", "sha256", "sha512")
BODY = "application/offset+octet-stream"
METADATA_LENGTH = 16 * 1024

_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,16}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Wish:
    """What the metadata of a new upload ask for, as given."""

    name: str
    folder: str
    to: str | None
    device: str | None
    chat: bool
    sha256: str | None


@dataclass(frozen=True)
class Checksum:
    algorithm: str
    digest: bytes


def number(headers: Mapping[str, str], name: str) -> int:
    """A header that is a whole number of bytes."""
    value = headers.get(name, "")
    if not _NUMBER.fullmatch(value) or int(value) > LARGEST_NUMBER:
        raise Refused("invalid", f"{name} must be a number of bytes.", field=name)
    return int(value)


def length(headers: Mapping[str, str]) -> int | None:
    """How long a new upload is; None when that is to be told later."""
    later = headers.get("upload-defer-length")
    if later is None:
        return number(headers, "upload-length")
    if later != "1" or "upload-length" in headers:
        raise Refused("invalid", "It is 1, and stands in the place of a length.", field="upload-defer-length")
    return None


def check_version(headers: Mapping[str, str]) -> None:
    if headers.get("tus-resumable") != VERSION:
        raise Refused("tus_version_wrong")


def check_body(headers: Mapping[str, str]) -> None:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != BODY:
        raise Refused("media_type_wrong")


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """What the body of this request must have."""
    value = headers.get("upload-checksum")
    if value is None:
        return None
    algorithm, _, encoded = value.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refused("invalid", f"Checksums are {', '.join(ALGORITHMS)}.", field="upload-checksum")
    return Checksum(algorithm, _decoded(encoded.strip(), "upload-checksum"))


def metadata(value: str) -> dict[str, str]:
    """``key base64,key base64,key``: text by key."""
    if len(value) > METADATA_LENGTH:
        raise Refused("invalid", "The metadata are too long.", field="upload-metadata")
    found: dict[str, str] = {}
    for pair in value.split(",") if value.strip() else ():
        key, _, encoded = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise Refused("invalid", "The metadata have a key that is none, or twice.", field="upload-metadata")
        found[key] = _decoded(encoded.strip(), "upload-metadata").decode("utf-8", "replace")
    return found


def wish(value: str) -> Wish:
    """What is asked for. A path of a dropped folder may stand in ``folder``, or before the name in ``relativePath``."""
    given = metadata(value)
    path = given.get("relativePath", "")
    name = given.get("filename") or given.get("name") or path
    folder = given.get("folder") or path.replace("\\", "/").rpartition("/")[0]
    sha256 = given.get("sha256", "").lower() or None
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise Refused("invalid", "sha256 is 64 hexadecimal digits.", field="sha256")
    for key in ("to", "device"):
        if given.get(key) and not _ID.fullmatch(given[key]):
            raise Refused("invalid", f"{key} is not an id.", field=key)
    return Wish(
        name=name,
        folder=folder,
        to=given.get("to") or None,
        device=given.get("device") or None,
        chat=given.get("chat", "") in {"1", "true"},
        sha256=sha256,
    )


def _decoded(encoded: str, field: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("invalid", f"{field} must be base64.", field=field) from None
