"""Faults for the checker to find, each planted into a history that is faultless otherwise."""

from __future__ import annotations

import copy
from collections.abc import Callable

from tests.faults.history import Witness
from tests.faults.pretend import ROOM, Pretend, last
from tests.faults.records import Stream, Tag
from tests.faults.verdict import judge

IN_THE_ROOM = Stream("room", ROOM)


class Play:
    """Ann owns the room, Bob and Cid are in it, and all have said something."""

    def __init__(self) -> None:
        self.on = Pretend()
        self.ann = self.on.come("Ann", "owner")
        self.bob = self.on.come("Bob")
        self.cid = self.on.come("Cid")
        for each in (self.ann, self.bob, self.cid):
            self.on.send(each)
        self.on.send(self.bob, to=self.ann)

    def wrong(self) -> list[str]:
        return judge(self.on.history, self.on.ledger())

    def order(self, first: Witness, second: Witness) -> None:
        """Both ask before either is answered, and the second one's is done first."""
        asked = [self.on.command(each, "chat.send", body=self.tag(each)) for each in (first, second)]
        for command in reversed(asked):
            self.on.carry_out(command)

    def tag(self, witness: Witness) -> str:
        return Tag(f"{witness.name}-{len(witness.commands)}", ROOM, witness.person, "*").body()

    def again(self, witness: Witness) -> None:
        """The newest event of the room reaches somebody a second time."""
        witness.event(last(self.on.history, IN_THE_ROOM))

    def hear(self, witness: Witness, body: str, stream: str = "room") -> None:
        """Somebody is sent a text that was not sent to them."""
        message = {"id": "m", "body": body, "key": Tag.of(body).command}
        data = {"peer": None if stream == "room" else "p-Ann", "message": message}
        wire = {"stream": stream, "seq": witness.seqs[stream] + 1, "at": 9, "type": "chat.sent", "data": data}
        witness.event(wire)


def number_twice(play: Play) -> None:
    play.again(play.bob)


def gap(play: Play) -> None:
    play.on.send(play.ann, but=[play.bob])
    play.on.send(play.ann)


def event_never_comes(play: Play) -> None:
    """Not even a gap shows it; the database does."""
    row = play.on.send(play.ann, but=[play.ann, play.bob, play.cid])
    play.on.rows["events"] = [each for each in play.on.rows["events"] if row["key"] not in each["data"]]


def reordered(play: Play) -> None:
    first = play.on.send(play.ann, but=[play.bob])
    play.on.send(play.ann, but=[play.bob])
    events = play.on.history.events[IN_THE_ROOM]
    numbers = sorted(events)[-2:]
    assert events[numbers[0]]["data"]["message"]["id"] == first["id"]
    for number in reversed(numbers):
        play.bob.event(events[number])


def different_events(play: Play) -> None:
    wire = play.on.send(play.ann, but=[play.bob]) and last(play.on.history, IN_THE_ROOM)
    changed = copy.deepcopy(wire)
    changed["data"]["message"]["id"] = "another"
    play.bob.event(changed)


def snapshot_goes_back(play: Play) -> None:
    play.on.show(play.bob, seqs={"room": 1, "me": 0})


def resumed_with_less(play: Play) -> None:
    play.bob.connects(play.bob.seqs)
    play.bob.resumed({"room": 1, "me": 1})


def lost_after_ack(play: Play) -> None:
    play.on.send(play.bob, stored=False)


def another_answer(play: Play) -> None:
    play.on.rows["receipts"][-1]["answer"] = '{"message":"m-other","n":1}'


def done_twice(play: Play) -> None:
    command = play.bob.commands[0]
    play.bob.sends(command)
    row = {**play.on.rows["messages"][-1], "id": "m-twice", "key": command.id, "conversation_id": "r", "n": 4}
    play.on.rows["messages"].append(row)
    play.on.rows["conversations"][0]["last_n"] = 4


def told_twice(play: Play) -> None:
    play.on.tell("room:r", "chat.sent", last(play.on.history, IN_THE_ROOM)["data"])


def told_and_not_done(play: Play) -> None:
    """The server told others, and then did not commit."""
    play.on.send(play.bob, stored=False, acked=False)
    play.on.rows["messages"].pop()
    play.on.rows["conversations"][0]["last_n"] -= 1


def refused_and_done(play: Play) -> None:
    play.on.send(play.bob, acked=False)
    command = play.bob.commands[-1]
    play.bob.answered(command, {"ok": False, "code": "muted"})


def refused_when_repeated(play: Play) -> None:
    command = play.bob.commands[0]
    play.bob.sends(command)
    play.bob.answered(command, {"ok": False, "code": "message_unknown"})


def own_order(play: Play) -> None:
    play.order(play.bob, play.bob)


def answered_before(play: Play) -> None:
    """Two people, but the second began when the first had been answered."""
    play.on.send(play.ann)
    play.on.send(play.bob)
    events = play.on.history.events[IN_THE_ROOM]
    events[4], events[5] = {**events[5], "seq": 4}, {**events[4], "seq": 5}
    play.on.rows["events"].clear()


def number_missing(play: Play) -> None:
    play.on.rows["messages"][0]["n"] = 7


def beyond_the_end(play: Play) -> None:
    """What somebody saw is not there any more: it was told before it was safe."""
    play.on.seqs["room:r"] -= 1
    play.on.rows["events"].clear()


def of_another_room(play: Play) -> None:
    play.hear(play.bob, Tag("x-1", "elsewhere", "Ann", "*").body())


def direct_of_others(play: Play) -> None:
    play.hear(play.cid, Tag("Bob0-1", ROOM, "Bob", "Ann").body(), stream="me")


def direct_in_the_room(play: Play) -> None:
    play.hear(play.cid, Tag("Bob0-1", ROOM, "Bob", "Ann").body())


def hosts_stream_for_a_guest(play: Play) -> None:
    wire = play.on.tell("hosts:r", "people.readmitted", {"person": "somebody"})
    play.bob.event(wire)


def hosts_in_a_guests_snapshot(play: Play) -> None:
    play.on.show(play.bob, seqs={"room": 3, "me": 1, "hosts": 0})


def after_removal(play: Play) -> None:
    play.on.remove(play.ann, play.cid)
    play.on.send(play.bob)
    play.cid.event(last(play.on.history, IN_THE_ROOM))


def snapshot_after_removal(play: Play) -> None:
    play.on.remove(play.ann, play.cid)
    play.cid.connects(play.cid.seqs)
    play.on.show(play.cid)


def hosts_after_demotion(play: Play) -> None:
    play.on.role(play.ann, play.bob, "cohost")
    follows = dict(play.bob.seqs)
    play.on.role(play.ann, play.bob, "participant")
    play.bob.seqs = {**play.bob.seqs, "hosts": follows["hosts"]}
    play.on.remove(play.ann, play.cid)


def behind_the_removal(play: Play) -> None:
    """Not answered yet, but the same client sent it first. That Cid had tried to join a second time does not matter."""
    join = play.on.command(play.cid, "people.join")
    play.cid.answered(join, {"ok": False, "code": "already_joined"})
    removal = play.on.command(play.ann, "people.remove", person=play.cid.id)
    play.on.send(play.ann)
    play.on.member("Cid")["status"] = "removed"
    play.on.done(removal)


def deleted_text(play: Play) -> None:
    """Somebody comes back, and is sent a message that was deleted meanwhile."""
    play.on.send(play.bob, but=[play.cid])
    deletion = play.on.command(play.bob, "chat.delete", message=play.on.rows["messages"][-1]["id"])
    play.on.rows["messages"][-1]["body"] = None
    play.on.done(deletion)
    play.cid.connects(play.cid.seqs)
    play.cid.resumed(play.cid.seqs)
    play.again(play.cid)


def edit_lost(play: Play) -> None:
    body = play.tag(play.bob)
    command = play.on.command(play.bob, "chat.edit", message="m-Bob0-0", body=body)
    play.on.tell("room:r", "chat.edited", {"peer": None, "message": "m-Bob0-0", "body": body})
    play.on.done(command)


def deletion_lost(play: Play) -> None:
    play.on.done(play.on.command(play.bob, "chat.delete", message="m-Bob0-0"))


def reaction_lost(play: Play) -> None:
    play.on.done(play.on.command(play.bob, "chat.react", message="m-Ann0-0", emoji="👍", on=True))


def role_lost(play: Play) -> None:
    play.on.role(play.ann, play.bob, "cohost")
    play.on.member("Bob")["role"] = "participant"


def removal_lost(play: Play) -> None:
    play.on.remove(play.ann, play.cid)
    play.on.member("Cid")["status"] = "in"


def two_owners(play: Play) -> None:
    play.on.member("Bob")["role"] = "owner"


PLANTED: list[tuple[Callable[[Play], None], str]] = [
    (number_twice, "again or late"),
    (gap, "1 are missing"),
    (event_never_comes, "keeps the numbers"),
    (reordered, "again or late"),
    (different_events, "somebody else was told"),
    (snapshot_goes_back, "a snapshot of room 1 after"),
    (resumed_with_less, "resumed room 1 after"),
    (lost_after_ack, "was acknowledged and did not happen"),
    (another_answer, "is what was done"),
    (done_twice, "is 2 messages"),
    (told_twice, "was told twice"),
    (told_and_not_done, "which did not happen"),
    (refused_and_done, "was refused and happened all the same"),
    (refused_when_repeated, "sent again it was refused"),
    (own_order, "was sent before Bob0-3 and took effect after it"),
    (answered_before, "was answered before Bob0-2 was sent"),
    (number_missing, "have the numbers"),
    (beyond_the_end, "ends with 2, and somebody was told"),
    (of_another_room, "and was shown x-1|elsewhere"),
    (direct_of_others, "is Cid and was shown"),
    (direct_in_the_room, "a text in the wrong conversation"),
    (hosts_stream_for_a_guest, "which it does not follow"),
    (hosts_in_a_guests_snapshot, "is participant and a snapshot gives the streams"),
    (after_removal, "which began after Ann0-1 (people.remove)"),
    (snapshot_after_removal, "got a snapshot with ['me', 'room'] after Ann0-1"),
    (hosts_after_demotion, "which began after Ann0-2 (people.role)"),
    (behind_the_removal, "which began after Ann0-1 (people.remove)"),
    (deleted_text, "was sent what had been deleted with Bob0-3"),
    (edit_lost, "and should read one of"),
    (deletion_lost, "was deleted and is still there"),
    (reaction_lost, "is not there in the end"),
    (role_lost, "is participant in the end"),
    (removal_lost, "Cid is 'in' in the end"),
    (two_owners, "has 2 owners"),
]
