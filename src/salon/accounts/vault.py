"""What the server must be able to read again is sealed in the database, for one owner each."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """Seals with the first key, and opens what was sealed with any."""

    def __init__(self, *keys: str) -> None:
        hashed = (hashlib.sha256(key.encode()).digest() for key in keys)
        self._box = MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in hashed])

    def seal(self, owner: str, text: str) -> str:
        return self._box.encrypt(f"{owner} {text}".encode()).decode()

    def open(self, owner: str, sealed: str) -> str | None:
        """What was sealed for this owner. None if it was not, or with a key that is no more."""
        try:
            whose, _, text = self._box.decrypt(sealed).decode().partition(" ")
        except InvalidToken:
            return None
        return text if whose == owner else None
