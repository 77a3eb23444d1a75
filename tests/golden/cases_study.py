"""Golden cases of study: to-dos, timers, alarms and statistics, of the room and one's own."""

from __future__ import annotations

from tests.golden.play import Play, case

ALL = "owner cohost guest listener"
SHORT = {"focus_ms": 60_000, "short_ms": 30_000, "long_ms": 45_000, "cycles": 2}


async def ready(play: Play) -> None:
    await play.do(play.owner, "rooms.activity", activity="study", on=True)


async def add(play: Play, client: str, *todos: str, to: str = "room") -> None:
    for todo in todos:
        await play.do(getattr(play, client), "study.add", todo=todo, list=to, text=f"to do: {todo}")


@case("study.settings", "each", "S2 R9", "owner listener")
async def settings(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.cohost, "study.settings", control="hosts")
    await play.do(play.owner, "study.settings", mood="hearth", announce=False)


@case("study.timer", "the-rooms", "S2", ALL)
async def timer(play: Play) -> None:
    await ready(play)
    await play.begin()
    for revision, act in enumerate(("start", "add", "pause", "start", "skip", "reset", "restart")):
        await play.do(play.guest, "study.timer", scope="room", act=act, revision=revision)


@case("study.timer", "ones-own", "S2", "owner guest")
async def own_timer(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.guest, "study.timer", scope="mine", act="start", revision=0)
    await play.do(play.guest, "study.timer", scope="mine", act="pause", revision=1)


@case("study.timer", "rings-by-itself", "S2 S5", "owner guest listener")
async def rings(play: Play) -> None:
    await ready(play)
    await play.do(play.guest, "study.take_part", on=True, zone="Europe/Berlin")
    await play.do(play.owner, "study.lengths", scope="room", revision=0, **SHORT, auto_start=True)
    await play.do(play.owner, "study.timer", scope="room", act="start", revision=1)
    await play.begin()
    for _ in range(4):
        await play.stage.pass_time(30)


@case("study.lengths", "both", "S2", "owner guest")
async def lengths(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.owner, "study.lengths", scope="room", revision=0, **SHORT)
    await play.do(play.guest, "study.lengths", scope="mine", revision=0, breaks=False, focus_ms=90_000)


@case("study.add_list", "both", "S1", "owner guest")
async def add_list(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.guest, "study.add_list", scope="room", list="shop", name="To buy")
    await play.do(play.guest, "study.add_list", scope="mine", list="books", name="Books")
    await add(play, "guest", "milk", to="shop")


@case("study.rename_list", "both", "S1", "owner guest")
async def rename_list(play: Play) -> None:
    await ready(play)
    await play.do(play.guest, "study.add_list", scope="room", list="shop", name="To buy")
    await play.do(play.guest, "study.add_list", scope="mine", list="books", name="Books")
    await play.begin()
    await play.do(play.guest, "study.rename_list", list="shop", name="Groceries")
    await play.do(play.guest, "study.rename_list", list="books", name="Novels")


@case("study.delete_list", "with-todos", "S1", "owner guest")
async def delete_list(play: Play) -> None:
    await ready(play)
    await play.do(play.guest, "study.add_list", scope="room", list="shop", name="To buy")
    await play.do(play.guest, "study.add_list", scope="mine", list="books", name="Books")
    await add(play, "guest", "milk", to="shop")
    await add(play, "guest", "novel", to="books")
    await add(play, "guest", "stays")
    await play.begin()
    await play.do(play.guest, "study.delete_list", list="shop")
    await play.do(play.guest, "study.delete_list", list="books")


@case("study.add", "shared-and-own", "S1", ALL)
async def added(play: Play) -> None:
    await ready(play)
    await play.begin()
    await add(play, "guest", "one", "two")
    more = {"due": "2030-01-31", "assignee": play.owner.me, "after": "one"}
    await play.do(play.guest, "study.add", todo="between", list="room", text="with everything", **more)
    await add(play, "listener", "own", to="mine")


@case("study.add", "where-there-is-no-room-left", "S1", "owner guest")
async def no_room_left(play: Play) -> None:
    await ready(play)
    await add(play, "guest", "first", "last")
    for number in range(30):
        await play.do(play.guest, "study.add", todo=f"b{number}", list="room", text="between", after="first")
    await play.begin()
    for number in range(30, 34):
        await play.do(play.guest, "study.add", todo=f"b{number}", list="room", text="between", after="first")


@case("study.edit", "text-day-and-person", "S1", "owner guest")
async def edit(play: Play) -> None:
    await ready(play)
    await add(play, "guest", "one", "two")
    await add(play, "guest", "own", to="mine")
    await play.begin()
    await play.do(play.owner, "study.edit", todo="one", text="other", due="2030-01-31", assignee=play.guest.me)
    await play.do(play.owner, "study.edit", todo="one", due=None)
    await play.do(play.guest, "study.edit", todo="own", text="other")


@case("study.tick", "on-and-off", "S1 S5", "owner guest listener")
async def tick(play: Play) -> None:
    await ready(play)
    await add(play, "guest", "one", "two")
    await add(play, "guest", "own", to="mine")
    await play.begin()
    await play.do(play.owner, "study.tick", todo="one", done=True)
    await play.do(play.guest, "study.tick", todo="two", done=True)
    await play.do(play.guest, "study.tick", todo="two", done=False)
    await play.do(play.guest, "study.tick", todo="own", done=True)


@case("study.delete", "shared-and-own", "S1", "owner guest")
async def delete(play: Play) -> None:
    await ready(play)
    await add(play, "guest", "one", "two")
    await add(play, "guest", "own", "other", to="mine")
    await play.begin()
    await play.do(play.owner, "study.delete", todo="one")
    await play.do(play.guest, "study.delete", todo="own")


@case("study.move", "to-the-front-and-behind", "S1", "owner guest")
async def move(play: Play) -> None:
    await ready(play)
    await add(play, "guest", "a", "b", "c", "d")
    await add(play, "guest", "x", "y", to="mine")
    await play.begin()
    await play.do(play.owner, "study.move", todo="d", after=None)
    await play.do(play.guest, "study.move", todo="a", after="c")
    await play.do(play.guest, "study.move", todo="y", after=None)


@case("study.clear", "done-and-all", "S1", "owner guest")
async def clear(play: Play) -> None:
    await ready(play)
    await add(play, "guest", "a", "b", "c")
    await add(play, "guest", "x", "y", to="mine")
    await play.do(play.guest, "study.tick", todo="b", done=True)
    await play.begin()
    await play.do(play.owner, "study.clear", list="room")
    await play.do(play.guest, "study.clear", list="mine", all=True)


@case("study.set_alarm", "and-it-rings", "S3", "owner guest listener")
async def set_alarm(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.owner, "study.set_alarm", scope="room", alarm="lunch", time="22:14", zone="UTC", label="Lunch")
    await play.do(play.guest, "study.set_alarm", scope="mine", alarm="tea", time="23:15", zone="Europe/Berlin")
    await play.do(play.guest, "study.set_alarm", scope="mine", alarm="early", time="06:00", zone="UTC")
    await play.stage.pass_time(120)


@case("study.snooze", "shared-and-own", "S3", "owner guest")
async def snooze(play: Play) -> None:
    await ready(play)
    await play.do(play.owner, "study.set_alarm", scope="room", alarm="lunch", time="22:14", zone="UTC")
    await play.do(play.guest, "study.set_alarm", scope="mine", alarm="tea", time="22:14", zone="UTC")
    await play.stage.pass_time(120)
    await play.begin()
    await play.do(play.guest, "study.snooze", alarm="lunch")
    await play.do(play.guest, "study.snooze", alarm="tea", minutes=1)
    await play.stage.pass_time(61)


@case("study.drop_alarm", "one-of-two", "S3", "owner guest")
async def drop_alarm(play: Play) -> None:
    await ready(play)
    for alarm in ("lunch", "tea"):
        await play.do(play.guest, "study.set_alarm", scope="room", alarm=alarm, time="22:14", zone="UTC")
        await play.do(play.guest, "study.set_alarm", scope="mine", alarm=f"own-{alarm}", time="22:15", zone="UTC")
    await play.begin()
    await play.do(play.owner, "study.drop_alarm", alarm="lunch")
    await play.do(play.guest, "study.drop_alarm", alarm="own-tea")


@case("study.take_part", "and-not-any-more", "S5", "owner guest")
async def take_part(play: Play) -> None:
    await ready(play)
    await play.begin()
    await play.do(play.guest, "study.take_part", on=True, board=True, zone="Europe/Berlin")
    await play.do(play.guest, "study.take_part", on=False, zone="Europe/Berlin")


@case("study.forget_records", "all", "S5", "owner guest")
async def forget_records(play: Play) -> None:
    await ready(play)
    await play.do(play.guest, "study.take_part", on=True, zone="UTC")
    await play.do(play.guest, "study.lengths", scope="mine", revision=0, **SHORT)
    await play.do(play.guest, "study.timer", scope="mine", act="start", revision=1)
    await play.stage.pass_time(61)
    await play.begin()
    await play.do(play.guest, "study.forget_records")
