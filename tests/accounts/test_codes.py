"""Codes of apps and recovery codes, by themselves."""

from __future__ import annotations

import pytest

from salon.accounts import codes


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, as far as six digits show it."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert codes.step_of(secret, "287082", 59_000) == 1
    for seconds, digits in ((1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        step = seconds // 30
        assert codes.step_of(secret, digits, seconds * 1000) == step
        for away, found in ((-2, None), (-1, step), (1, step), (2, None)):
            assert codes.step_of(secret, digits, (step + away) * 30_000) == found


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("１２３４５６", "123456"),
        ("12345", None),
        ("1234567", None),
        ("12345x", None),
        ("", None),
    ],
)
def test_digits_are_read_however_they_are_typed(typed: str, read: str | None) -> None:
    assert codes.digits_of(typed) == read


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    made = codes.new_recovery_codes()
    assert len({each[:4] for each in made}) == 10, "each begins differently"
    for each in made:
        plain = each.replace("-", "")
        for typed in (each, plain, each.lower(), f"\t{plain}\n", each.replace("-", " "), each.replace("0", "O")):
            assert codes.recovery_of(typed) == plain
    for wrong in ("", "ABCD-EFGH", "ABCD-EFGH-JKMNP", "ABCD-EFGH-JKMU", "é" * 12):
        assert codes.recovery_of(wrong) is None
