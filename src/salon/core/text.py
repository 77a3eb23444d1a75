"""Text that people type: tidied, and measured as people count."""

from __future__ import annotations

import unicodedata

import regex

# Control characters, and marks that turn the direction of what follows them: they would reorder other people's
# words. Joiners inside emoji and scripts (U+200C, U+200D) and variation selectors stay.
_UNWANTED = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\u2028\u2029]")
_UNWANTED_BUT_LINES = regex.compile(r"(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]")
# More marks on one letter than any script has cost quadratic time to normalise, and cover other people's words.
# What cannot be seen between them does not part them.
_MARKS = regex.compile(r"([\p{M}\p{Default_Ignorable_Code_Point}]{16})[\p{M}\p{Default_Ignorable_Code_Point}]+")
_SPACES = regex.compile(r"\s+")
_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_VISIBLE = regex.compile(r"[^\p{Z}\p{C}\p{M}\u115f\u1160\u3164\uffa0\u2800]")


def graphemes(text: str) -> int:
    """How many characters people see: an emoji of several code points is one."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(regex.findall(r"\X", text))


def fits(text: str, characters: int, code_points: int) -> bool:
    """Whether the text is short enough, as people count and as it is stored. The cheap count comes first."""
    return len(text) <= code_points and graphemes(text) <= characters


def tidy_line(text: str) -> str:
    """One line: normalised, without control or direction marks, spaces single. Empty when nothing of it is visible."""
    line = _SPACES.sub(" ", _normal(_UNWANTED.sub(" ", text))).strip()
    return line if _VISIBLE.search(line) else ""


def tidy_text(text: str) -> str:
    """Several lines: like :func:`tidy_line`, but line breaks and spacing stay. Blank lines at both ends go."""
    if _is_plain(text):
        return text.rstrip()
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    tidied = _normal(_UNWANTED_BUT_LINES.sub("", unified)).strip("\n").rstrip()
    return tidied if _VISIBLE.search(tidied) else ""


def _is_plain(text: str) -> bool:
    """Letters, digits, signs and spaces of ASCII alone: most of what is written, and nothing in it to be tidied."""
    return text.isascii() and text.isprintable()


def _normal(text: str) -> str:
    # Once more afterwards: some marks fall apart into several.
    return _MARKS.sub(r"\1", unicodedata.normalize("NFC", _MARKS.sub(r"\1", text)))


def comparable(text: str) -> str:
    """Equal for texts that differ in nothing but case, width and what cannot be seen."""
    if text.isascii():
        return text.lower()
    visible = _IGNORABLE.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
