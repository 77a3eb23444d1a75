"""Tokens and their hashes, client networks, and limits on how often something may happen."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections import OrderedDict
from collections.abc import Hashable


def new_id() -> str:
    """An identifier of 96 random bits."""
    return secrets.token_urlsafe(12)


def new_token() -> str:
    """A secret of 128 random bits in 22 characters that are safe in addresses."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """What is stored of a token. SHA-256 is enough for a secret that cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def network_of(address: str) -> str:
    """The part of an address that one client can be held to: an IPv4 address, or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class TokenBuckets:
    """How often something may happen for each key: ``rate`` a second over time, ``burst`` at once.

    Kept in memory and only for the keys used of late; a full bucket and an unknown one are the same.
    """

    def __init__(self, rate: float, burst: float, keys: int = 10_000) -> None:
        self._rate = rate
        self._burst = burst
        self._keys = keys
        self._buckets: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def retune(self, rate: float, burst: float) -> None:
        """From now on so often. What was taken before is still taken."""
        if rate != self._rate or burst != self._burst:
            self._buckets = OrderedDict(
                (key, (max(0.0, burst - (self._burst - level)), then)) for key, (level, then) in self._buckets.items()
            )
            self._rate, self._burst = rate, burst

    def take(self, key: Hashable, now: int) -> float:
        """Take one token at ``now`` (milliseconds). Returns 0, or the seconds to wait when there is none."""
        level, then = self._buckets.get(key, (self._burst, now))
        level = min(self._burst, level + max(0, now - then) / 1000 * self._rate)
        wait = 0.0 if level >= 1 else (1 - level) / self._rate
        self._buckets[key] = (level if wait else level - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        return wait

    def give_back(self, key: Hashable) -> None:
        """What was taken is not to count after all."""
        if key in self._buckets:
            level, then = self._buckets[key]
            self._buckets[key] = (min(self._burst, level + 1), then)
