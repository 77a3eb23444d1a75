"""The benchmark of calls judges right."""

from __future__ import annotations

from bench.calls import SALON, table
from bench.report import Results


def measured(**values: list[float]) -> Results:
    results = Results()
    for what, each in values.items():
        for value in each:
            results.note(SALON, what, value)
    return results


def test_the_middle_of_the_joins_and_the_longest_silence_count() -> None:
    results = measured(
        join=[0.4, 0.9, 3.0], fourth=[2.5], fourth_all=[2.75], silence=[20.0, 250.0, 30.0], directions=[55.0]
    )
    shown = table(results).markdown()
    assert "| calls in real browsers | Salon | goal | reached |" in shown
    assert "| 0.90 | ≤ 1 s | 0.90 s: yes |" in shown
    assert "| 2.50 | ≤ 2 s | 2.50 s: **no** |" in shown
    assert "| 250 | ≤ 200 ms | 250 ms: **no** |" in shown
    assert "| 55 | 56 | 55: **no** |" in shown


def test_without_eight_people_nothing_is_said_of_them() -> None:
    shown = table(measured(join=[0.4], fourth=[1.5], fourth_all=[1.6], silence=[20.0])).markdown()
    assert "eight" not in shown
