"""Texts of people in the cells of spreadsheets."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """What spreadsheets would take for a formula gets an apostrophe, which they take for the sign of a text."""
    return f"'{text}" if text.startswith(FORMULA) else text
