"""The checker finds what is planted, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.planted import PLANTED, Play
from tests.faults.pretend import ROOM, Pretend
from tests.faults.records import Tag


def test_a_faultless_run() -> None:
    play = Play()
    play.order(play.ann, play.bob)  # of two people either may come first
    play.on.role(play.ann, play.bob, "cohost")
    play.on.remove(play.ann, play.cid)
    play.on.role(play.ann, play.bob, "participant")
    play.on.send(play.bob)
    assert play.wrong() == []


@pytest.mark.parametrize(("plant", "found"), PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_what_is_planted_is_found(plant: Callable[[Play], None], found: str) -> None:
    play = Play()
    plant(play)
    wrong = play.wrong()
    assert any(found in text for text in wrong), wrong


def test_a_fold_that_differs_is_found() -> None:
    on = Pretend(fold=True)
    ann = on.come("Ann", "owner")
    row = on.send(ann)
    on.show(ann)
    assert "'read': 1" in on.history.faults.pop(), "the pretended server keeps no read marks"
    assert ann.compared == 1
    on.show(ann)
    assert on.history.faults == []
    row["body"] = Tag("x", ROOM, "Ann", "*").body("changed behind everyone's back")
    on.show(ann)
    assert "folded chat to" in on.history.faults[0]


def test_what_is_uncertain_is_no_fault() -> None:
    """A removal that was not answered yet, and words that overlap: either outcome is right."""
    play = Play()
    removal = play.on.command(play.ann, "people.remove", person=play.cid.id)
    play.on.send(play.bob)
    play.on.member("Cid")["status"] = "removed"
    play.on.done(removal)
    first, second = (
        play.on.command(play.ann, "people.role", person=play.bob.id, role=role) for role in ("cohost", "audience")
    )
    play.on.done(second)
    play.on.done(first)
    play.on.member("Bob")["role"] = "audience"
    play.on.send(play.ann, acked=False)
    assert play.wrong() == []


def test_what_a_lost_database_put_off_unheard_is_no_fault() -> None:
    """It was refused for the moment, a cut swallowed the answer, and it was sent again after a later one was done."""
    play = Play()
    first, second = (play.on.command(play.ann, "chat.send", body=play.tag(play.ann)) for _ in range(2))
    play.on.carry_out(second)
    play.ann.sends(first)
    play.on.carry_out(first)
    assert any("was sent before" in text for text in play.wrong())
    play.on.history.database_lost.append(first.sent[0])
    assert play.wrong() == []
