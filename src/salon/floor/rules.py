"""Pure rules of the floor: what an item's text may be, who may ask when, and the order of the queue."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from salon.core.refusals import Refused
from salon.core.text import tidy_line
from salon.floor.contract import Order

LONGEST = 2_000
"""Characters of a text, whatever its words."""
QUEUE_LENGTH = 500
"""Open items of a room, those that wait for approval among them."""
STEP = 1024.0
"""Between the places of neighbours: fifty times halved, and there is still something between them."""

# Scripts that are written without spaces: each character counts.
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]|[^\s\p{Han}\p{Hiragana}\p{Katakana}]+")
_SPEAKS = regex.compile(r"[\p{L}\p{N}\p{S}]")


def count_words(text: str) -> int:
    """Runs between spaces that have a letter, a number or a symbol in them; of Chinese and Japanese each character.

    The page counts in the same way (``web/src/features/floor/words.ts``); both are tested with the same texts.
    """
    return sum(1 for word in _WORD.findall(text) if _SPEAKS.search(word))


def item_text(text: str, min_words: int, max_words: int) -> str:
    """The text as it is stored."""
    if len(text) > 4 * LONGEST:
        raise Refused("item_too_long", f"An item has at most {max_words} words.", field="body")
    tidy = tidy_line(text)
    words = count_words(tidy)
    if words == 0:
        raise Refused("item_empty", field="body")
    if words < min_words:
        raise Refused("item_too_short", f"Write at least {min_words} words: these are {words}.", field="body")
    if words > max_words:
        raise Refused("item_too_long", f"Write at most {max_words} words: these are {words}.", field="body")
    if len(tidy) > LONGEST:
        raise Refused("item_too_long", f"An item has at most {LONGEST:,} characters.", field="body")
    return tidy


@dataclass(frozen=True)
class Standing:
    """What decides where an item stands."""

    id: str
    number: int
    newcomer: bool
    votes: int
    pinned: int | None = None
    """Counts up with each pinning: the newest stands on top."""
    after: str | None = None
    """The item that a host put it behind; None together with ``moved`` is the front."""
    moved: int | None = None
    """Counts up with each move; None for one that nobody moved."""
    taken: int | None = None
    """Since when it is being answered."""

    @property
    def above(self) -> bool:
        """It stands before all that the order's rule is about."""
        return self.pinned is not None or self.taken is not None


def arrange(items: Iterable[Standing], order: Order) -> list[str]:
    """The ids in the order of the queue.

    First what is being answered, then the pinned ones, then what nobody moved by the order's rule, and each moved one
    behind the item that it was put behind, in the order of the moves: whoever was put there last stands next to it.
    """
    everyone = list(items)
    above = sorted((item for item in everyone if item.above), key=_on_top)
    usual = sorted((item for item in everyone if not item.above and item.moved is None), key=_KEYS[order])
    line = [item.id for item in (*above, *usual)]
    waiting = sorted(
        (item for item in everyone if not item.above and item.moved is not None), key=lambda item: item.moved or 0
    )
    anchors = _anchors(waiting, set(line) | {item.id for item in waiting}, {item.id for item in above})
    while waiting:
        # One that was put behind another moved one comes when that has its place.
        placed = set(line)
        ready = [item for item in waiting if anchors[item.id] is None or anchors[item.id] in placed]
        for item in ready:
            anchor = anchors[item.id]
            line.insert(len(above) if anchor is None else line.index(anchor) + 1, item.id)
        waiting = [item for item in waiting if item not in ready]
    return line


_KEYS: dict[Order, Callable[[Standing], tuple[float, ...]]] = {
    "came": lambda item: (item.number,),
    "first_timers": lambda item: (not item.newcomer, item.number),
    "upvoted": lambda item: (-item.votes, item.number),
}


def _on_top(item: Standing) -> tuple[float, ...]:
    """What is being answered by its time, then the pinned ones, the newest first."""
    return (0, item.taken, item.number) if item.taken is not None else (1, -(item.pinned or 0), item.number)


def _anchors(moved: Sequence[Standing], known: Collection[str], top: Collection[str]) -> dict[str, str | None]:
    """Behind whom each moved one stands; None is the front. Behind one of those on top is the front of the others.

    Of two that were put behind each other in turn the older move gives way.
    """
    found = {item.id: item.after if item.after in known and item.after not in top else None for item in moved}
    settled: set[str | None] = {None}
    for item in moved:
        way: list[str] = []
        at: str | None = item.id
        while at in found and at not in settled and at not in way:
            way.append(at)
            at = found[at]
        if at in way:
            found[min(way[way.index(at) :], key=list(found).index)] = None
        settled.update(way)
    return found


def without(items: Iterable[Standing], gone: str, order: Order) -> dict[str, str | None]:
    """Who was put behind an item that leaves, and what they stand behind from now on: the one before it."""
    everyone = list(items)
    followers = [item.id for item in everyone if item.moved is not None and item.after == gone]
    if not followers:
        return {}
    line = arrange(everyone, order)
    at = line.index(gone)
    top = {item.id for item in everyone if item.above}
    before = line[at - 1] if at > 0 and line[at - 1] not in top else None
    return dict.fromkeys(followers, before)


def places(line: Sequence[str], old: Mapping[str, float]) -> dict[str, float]:
    """Numbers for those whose number must change, so that all stand in this order. As few as possible change."""
    keep = _longest_rising([(at, old[each]) for at, each in enumerate(line) if each in old])
    kept = {line[at]: number for at, number in keep}
    found: dict[str, float] = {}
    at = 0
    while at < len(line):
        if line[at] in kept:
            at += 1
            continue
        end = at
        while end < len(line) and line[end] not in kept:
            end += 1
        before = kept.get(line[at - 1]) if at else None
        behind = kept.get(line[end]) if end < len(line) else None
        numbers = _between(before, behind, end - at)
        if numbers is None:
            anew = {each: STEP * (number + 1) for number, each in enumerate(line)}
            return {each: number for each, number in anew.items() if old.get(each) != number}
        found.update(zip(line[at:end], numbers, strict=True))
        at = end
    return found


def _between(before: float | None, behind: float | None, count: int) -> list[float] | None:
    """So many rising numbers between two; None when there is no space for them."""
    if before is None and behind is None:
        return [STEP * (each + 1) for each in range(count)]
    if behind is None:
        return [(before or 0.0) + STEP * (each + 1) for each in range(count)]
    if before is None:
        return [behind - STEP * (count - each) for each in range(count)]
    step = (behind - before) / (count + 1)
    numbers = [before + step * (each + 1) for each in range(count)]
    line = [before, *numbers, behind]
    return numbers if all(one < other for one, other in pairwise(line)) else None


def _longest_rising(pairs: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The longest part of it whose second numbers rise (patience sorting)."""
    tails: list[float] = []
    ends: list[int] = []
    previous: list[int | None] = []
    for index, (_, number) in enumerate(pairs):
        at = bisect_left(tails, number)
        previous.append(ends[at - 1] if at else None)
        if at == len(tails):
            tails.append(number)
            ends.append(index)
        else:
            tails[at], ends[at] = number, index
    found: list[tuple[int, float]] = []
    end = ends[-1] if ends else None
    while end is not None:
        found.append(pairs[end])
        end = previous[end]
    return found[::-1]
