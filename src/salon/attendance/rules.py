"""Pure rules of attendance: what several stays of one person come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """One stay, as it counts."""

    person: str
    name: str
    devices: tuple[str, ...]
    joined_at: int
    ends_at: int
    """When it ended, or how far it counts so far."""
    left_at: int | None
    """Null while it goes on."""
    lost: bool


@dataclass(frozen=True)
class Total:
    """All stays of one person."""

    person: str
    name: str
    devices: list[str]
    stays: int
    first_joined: int
    last_left: int | None
    since: int | None
    lost: bool
    total_ms: int


def covered(spans: Iterable[tuple[int, int]]) -> int:
    """How much time the spans cover together; what overlaps counts once."""
    total, reached = 0, 0
    for begin, end in sorted(spans):
        begin = max(begin, reached)
        if end > begin:
            total += end - begin
            reached = end
    return total


def totals(spans: Sequence[Span]) -> list[Total]:
    """One for each person, in the order in which they first came. ``spans`` are in the order of joining."""
    people: dict[str, list[Span]] = {}
    for span in spans:
        people.setdefault(span.person, []).append(span)
    return [_total(each) for each in people.values()]


def _total(spans: list[Span]) -> Total:
    here = [span for span in spans if span.left_at is None]
    return Total(
        person=spans[0].person,
        name=spans[-1].name,
        devices=sorted({device for span in spans for device in span.devices}),
        stays=len(spans),
        first_joined=spans[0].joined_at,
        last_left=None if here else max(span.ends_at for span in spans),
        since=min(span.joined_at for span in here) if here else None,
        lost=bool(here) and all(span.lost for span in here),
        total_ms=covered((span.joined_at, span.ends_at) for span in spans),
    )
