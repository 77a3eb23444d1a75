"""Raced votes: the same people from several connections at the same moment, and at the deadline."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from salon.polls.tables import PollChoice, PollCount, PollVoter
from tests.polls.support import ids, poll_of, release
from tests.support.house import LocalClient, Stage

AT_ONCE = 400
"""Votes that are on their way together."""


@dataclass
class Race:
    """What was tried and what came of it."""

    tried: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    voted: set[tuple[str, str]] = field(default_factory=set)
    """Poll and name of those who were told that their vote counts."""


async def race(
    stages: list[Stage], host: LocalClient, people: list[LocalClient], rounds: int, devices: int, seed: int = 1
) -> Race:
    """So many polls, in each of which everybody votes from so many devices at once while its deadline passes.

    ``stages`` are servers on one database and one clock. Half of the people vote before the deadline; the others'
    votes are on their way while the clock passes it and the poll is closed.
    """
    chance = random.Random(seed)
    found = Race()
    everywhere = [
        [LocalClient(stages[at % len(stages)], each.place, each.identity, each.name) for at in range(devices)]
        for each in people
    ]
    for number in range(rounds):
        anonymous = number % 2 == 1
        poll = await release(host, seconds=5, anonymous=anonymous)
        known = await ids(host, poll)
        closes_at = (await poll_of(host, poll))["closes_at"]
        chance.shuffle(everywhere)
        half = len(everywhere) // 2
        early, rest = (
            [device for person in some for device in person] for some in (everywhere[:half], everywhere[half:])
        )
        for some in (early, rest):
            chance.shuffle(some)
        acked: Counter[str] = Counter()
        for start in range(0, len(early), AT_ONCE):
            await _send(found, acked, poll, known, early[start : start + AT_ONCE], chance)
        # Of these some are done before the clock passes the deadline, some after, and some while the poll is closed.
        cut = chance.randrange(len(rest))
        tasks: list[asyncio.Task[None]] = []
        for at, device in enumerate(rest):
            tasks.append(asyncio.create_task(_vote(found, acked, poll, chance.choice(known), device)))
            if at == cut:
                stages[0].clock.advance(seconds=max(0, closes_at - stages[0].clock.now()) / 1000)
                tasks += [asyncio.create_task(stage.house.sweep()) for stage in stages]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        late = [device for person in everywhere[:5] for device in person]
        before = Counter(acked)
        await _send(found, acked, poll, known, late, chance)
        if acked != before:
            found.faults.append(f"{poll}: counted after the deadline")
        await stages[0].house.sweep()
        await _judge(found, stages[0], host, poll, acked, anonymous=anonymous)
    return found


async def _send(
    found: Race, acked: Counter[str], poll: str, known: list[str], devices: list[LocalClient], chance: random.Random
) -> None:
    await asyncio.gather(*(_vote(found, acked, poll, chance.choice(known), device) for device in devices))


async def _vote(found: Race, acked: Counter[str], poll: str, option: str, device: LocalClient) -> None:
    found.tried += 1
    # Each server's clients count their commands: the same id at two of them would be the same command.
    answer = await device.ask("polls.vote", id=f"race{found.tried}", poll=poll, choice={"options": [option]})
    code = answer.get("code", "ok")
    found.codes[code] += 1
    if code == "ok":
        acked[option] += 1
        if (poll, device.name) in found.voted:
            found.faults.append(f"{poll}: {device.name} was told twice that the vote counts")
        found.voted.add((poll, device.name))
    elif code not in {"already_voted", "poll_over"}:
        found.faults.append(f"{poll}: {answer}")


async def _judge(
    found: Race, stage: Stage, host: LocalClient, poll: str, acked: Counter[str], *, anonymous: bool
) -> None:
    """Every acknowledged vote is in the database once, and nothing else; and that is what everybody was told."""
    shown = await poll_of(host, poll)
    if shown["state"] != "closed":
        found.faults.append(f"{poll}: not closed")
        return
    async with stage.house.storage.read() as session:
        voters = (
            await session.execute(select(func.count()).select_from(PollVoter).where(PollVoter.poll_id == poll))
        ).scalar_one()
        if anonymous:
            counted = select(PollCount.key, PollCount.count).where(PollCount.poll_id == poll, PollCount.key != "")
        else:
            counted = select(PollChoice.key, func.count()).where(PollChoice.poll_id == poll).group_by(PollChoice.key)
        stored = Counter({key: count for key, count in await session.execute(counted) if count})
    told = Counter({each["key"]: each["count"] for each in shown["tally"]["counts"] if each["count"]})
    if not (stored == acked == told and voters == sum(acked.values()) == shown["tally"]["votes"]):
        found.faults.append(f"{poll}: acknowledged {acked}, stored {stored}, told {told}, voters {voters}")
