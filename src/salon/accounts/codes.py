"""Codes of authenticator apps (RFC 6238) and recovery codes: what they look like, and how they are read."""

from __future__ import annotations

import hmac
import secrets
import unicodedata

import pyotp
import segno

STEP_MS = 30 * 1000
DRIFT = 1
"""Steps by which a clock may be wrong, either way."""
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 12
"""Characters of 5 bits: 20 bits by which a code is found, 40 that only its owner knows."""
MARK = 4
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
"""Without those that are taken for others: of I, L, O and U none is needed (Crockford's base 32)."""
_MISREAD = str.maketrans("ILO", "110")


def new_secret() -> str:
    """A secret of 160 random bits, in base 32 as apps want it."""
    return pyotp.random_base32(32)


def setup_uri(secret: str, owner: str, host: str) -> str:
    """What an app scans: ``otpauth://…``. The server's host tells several apart."""
    return pyotp.TOTP(secret).provisioning_uri(name=owner, issuer_name=f"Salon ({host})")


def picture_of(uri: str) -> str:
    """A QR code as an SVG in a data address: dark on light, as scanners want it, with its quiet zone."""
    return segno.make_qr(uri, error="m").svg_data_uri(border=4, dark="#1c1917", light="#ffffff", scale=10)


def digits_of(text: str) -> str | None:
    """The six digits that somebody typed, however spaced and in whatever script; None if it is no such code."""
    typed = "".join(text.split()).replace("-", "")
    digits = [unicodedata.decimal(each, None) for each in typed[: DIGITS + 1]]
    if len(digits) != DIGITS or None in digits:
        return None
    return "".join(str(each) for each in digits)


def step_of(secret: str, digits: str, now: int) -> int | None:
    """The half minute, counted from 1970, whose code this is: that of ``now`` (milliseconds) or a neighbour."""
    current = now // STEP_MS
    app = pyotp.HOTP(secret, digits=DIGITS)
    steps = range(current - DRIFT, current + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(app.at(step), digits)]
    return max(found, default=None)


def new_recovery_codes() -> list[str]:
    """A set of codes, as people are shown them. Each begins differently."""
    marks: set[str] = set()
    while len(marks) < RECOVERY_CODES:
        marks.add(_random(MARK))
    return [grouped(mark + _random(RECOVERY_LENGTH - MARK)) for mark in marks]


def grouped(code: str) -> str:
    """``ABCD-EFGH-JKMN``."""
    return "-".join(code[at : at + MARK] for at in range(0, len(code), MARK))


def recovery_of(text: str) -> str | None:
    """The recovery code that somebody typed, as it is hashed; None if it is none."""
    typed = unicodedata.normalize("NFKC", text).upper()
    typed = "".join(each for each in typed if each.isalnum()).translate(_MISREAD)
    return typed if len(typed) == RECOVERY_LENGTH and set(typed) <= set(ALPHABET) else None


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
