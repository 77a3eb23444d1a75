"""Polls for each standing to act on, and what each word of polls may say when its sender may say it at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.house import LocalClient

Payload = dict[str, Any]
Polls = dict[str, str]

OPTIONS = [{"text": "yes", "right": True}, {"text": "no"}]
QUESTION = {"kind": "quiz", "title": "Is it?", "options": OPTIONS, "seconds": 60}


async def polls(owner: LocalClient) -> Polls:
    """A draft, an open poll, one that has been closed, one of words; a template of the owner's."""
    await owner.must("rooms.activity", activity="polls", on=True)
    made: Polls = {}
    for name, question in (
        ("draft", QUESTION),
        ("open", {"kind": "rating", "title": "How?"}),
        ("closed", QUESTION),
        ("words", {"kind": "words", "title": "What?"}),
    ):
        made[name] = (await owner.must("polls.create", question=question))["polls"][0]
        if name != "draft":
            await owner.must("polls.open", poll=made[name])
    await owner.must("polls.vote", poll=made["words"], choice={"words": ["mine"]})
    await owner.must("polls.close", poll=made["closed"])
    return made


async def templates(owner: LocalClient, cohost: LocalClient, made: Polls) -> None:
    for who, client in (("owner", owner), ("cohost", cohost)):
        kept = await client.must("polls.keep_template", name="Usual", polls=[made["draft"]])
        made[f"template of {who}"] = kept["polls"][0]


SAMPLES: dict[str, Callable[[Polls, str], Payload]] = {
    "polls.create": lambda _p, _who: {"question": QUESTION},
    "polls.save": lambda p, _who: {"poll": p["draft"], "revision": 1, "question": {**QUESTION, "title": "Or is it?"}},
    "polls.move": lambda p, _who: {"poll": p["closed"], "after": None},
    "polls.duplicate": lambda p, _who: {"poll": p["open"]},
    "polls.import": lambda _p, _who: {"text": '[{"kind": "text", "title": "Why?"}]'},
    "polls.keep_template": lambda p, _who: {"name": "Mine", "polls": [p["draft"]]},
    "polls.use_template": lambda p, who: {"template": p.get(f"template of {who}", "none")},
    "polls.drop_template": lambda p, who: {"template": p.get(f"template of {who}", "none")},
    "polls.open": lambda p, _who: {"poll": p["draft"]},
    "polls.extend": lambda p, _who: {"poll": p["open"], "seconds": 30},
    "polls.close": lambda p, _who: {"poll": p["open"]},
    "polls.show": lambda p, _who: {"poll": p["closed"], "on": False},
    "polls.project": lambda p, _who: {"poll": p["closed"], "on": True},
    "polls.reveal": lambda p, _who: {"poll": p["closed"]},
    "polls.hide_word": lambda p, _who: {"poll": p["words"], "key": "mine", "on": True},
    "polls.again": lambda p, _who: {"poll": p["closed"]},
    "polls.reset": lambda p, _who: {"poll": p["closed"]},
    "polls.delete": lambda p, _who: {"poll": p["open"]},
    "polls.vote": lambda p, _who: {"poll": p["open"], "choice": {"value": 3}},
    "polls.results": lambda p, _who: {"poll": p["open"]},
    "polls.texts": lambda p, _who: {"poll": p["words"]},
    "polls.ballots": lambda p, _who: {"poll": p["words"]},
    "polls.leaders": lambda _p, _who: {},
    "polls.templates": lambda _p, _who: {},
}
