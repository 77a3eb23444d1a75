"""How long PINs are, and that guessing them finds next to nothing."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.core.pins import SHORTEST_PIN, pin_length

HITS_AN_HOUR = 0.001
guesses = st.integers(min_value=1, max_value=10_000_000)
rooms = st.dictionaries(st.integers(min_value=SHORTEST_PIN, max_value=12), st.integers(min_value=0, max_value=10**6))


def expected_hits(open_by_length: dict[int, int], guesses_per_hour: int) -> float:
    """Rooms an hour that the best guesser finds: all guesses at the length where rooms are densest."""
    return guesses_per_hour * max((count / 10**digits for digits, count in open_by_length.items()), default=0.0)


def opened(count: int, guesses_per_hour: int) -> dict[int, int]:
    """So many rooms opened one after the other."""
    by_length: dict[int, int] = {}
    for _ in range(count):
        digits = pin_length(by_length, guesses_per_hour)
        by_length[digits] = by_length.get(digits, 0) + 1
    return by_length


@pytest.mark.feature("R3")
@given(st.integers(min_value=1, max_value=3000), guesses)
def test_the_best_guesser_finds_less_than_a_room_in_a_thousand_hours(count: int, guesses_per_hour: int) -> None:
    assert expected_hits(opened(count, guesses_per_hour), guesses_per_hour) < HITS_AN_HOUR


@pytest.mark.feature("R3")
@given(rooms, guesses)
def test_one_more_room_keeps_its_length_safe(by_length: dict[int, int], guesses_per_hour: int) -> None:
    """Whatever is open: the length that is chosen is safe with the new room, and no shorter one would be."""
    digits = pin_length(by_length, guesses_per_hour)
    assert guesses_per_hour * (by_length.get(digits, 0) + 1) / 10**digits < HITS_AN_HOUR
    for shorter in range(SHORTEST_PIN, digits):
        assert guesses_per_hour * (by_length.get(shorter, 0) + 1) / 10**shorter >= HITS_AN_HOUR


@pytest.mark.feature("R3")
@given(rooms, guesses, st.lists(st.floats(min_value=0.001, max_value=1.0), min_size=1, max_size=9))
def test_spreading_guesses_over_lengths_gains_nothing(
    by_length: dict[int, int], guesses_per_hour: int, shares: list[float]
) -> None:
    """The docstring's claim: no mixture of lengths beats the densest one."""
    total = math.fsum(shares)
    spread = sum(
        guesses_per_hour * share / total * by_length.get(SHORTEST_PIN + each, 0) / 10 ** (SHORTEST_PIN + each)
        for each, share in enumerate(shares)
    )
    assert spread <= expected_hits(by_length, guesses_per_hour) * (1 + 1e-9)


@pytest.mark.feature("R3")
def test_lengths_with_the_default_limit() -> None:
    """The numbers of the docstring."""
    assert opened(1, 600) == {6: 1}
    assert opened(1 + 16 + 166 + 1666, 600) == {6: 1, 7: 16, 8: 166, 9: 1666}
    assert pin_length({6: 1, 7: 16, 8: 166, 9: 1666}, 600) == 10


@pytest.mark.feature("R3")
def test_a_simulated_guesser() -> None:
    """Thousands of hours at the full permitted rate against many rooms.

    The number of hits is a Poisson variable with a mean below ``hours * 0.001``. The bound is the mean and five
    standard deviations: one run in a million would be above it, and the seed is fixed.
    """
    source = random.Random("guesser")
    per_hour, hours, hits = 600, 3000, 0
    by_length = opened(1500, per_hour)
    pins = {digits: set(source.sample(range(10**digits), count)) for digits, count in by_length.items()}
    densest = max(by_length, key=lambda digits: by_length[digits] / 10**digits)
    for _ in range(hours):
        # As many guesses as are answered in an hour, all different, at the length that pays best.
        hits += len(pins[densest].intersection(source.sample(range(10**densest), per_hour)))
    mean = hours * HITS_AN_HOUR
    assert hits <= mean + 5 * math.sqrt(mean)


@pytest.mark.feature("R3")
def test_a_simulated_guesser_would_find_shorter_ones() -> None:
    """The simulation sees what it should: against PINs of four digits the same guesser finds something every hour."""
    source = random.Random("guesser")
    pins = set(source.sample(range(10_000), 100))
    hits = sum(len(pins.intersection(source.sample(range(10_000), 600))) for _ in range(100))
    assert hits / 100 == pytest.approx(6, rel=0.2)
