"""What stops a server from starting, as a sentence for whoever runs it."""

from __future__ import annotations


class Trouble(Exception):
    """The message says what is wrong and what to do. It holds no secrets."""
