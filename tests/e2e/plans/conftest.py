"""Planned rooms send mail: each test has a mailbox for it."""

from __future__ import annotations

import pytest

from tests.support.mailbox import Mailbox


@pytest.fixture(autouse=True)
def with_mail(mailbox: Mailbox) -> None:
    """The test's own server sends to the mailbox."""
