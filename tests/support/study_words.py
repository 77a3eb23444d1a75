"""To-dos, lists and alarms for each standing to act on, and what each word of study may say when its sender may say it.

All but the settings is allowed to everybody who is here, of what is their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from salon.study.tables import StudyAlarm
from tests.support.house import LocalClient, Stage

Payload = dict[str, Any]


async def things(stage: Stage, clients: dict[str, LocalClient]) -> None:
    """Everybody has two to-dos, a list, and an alarm that rang."""
    await clients["owner"].must("rooms.activity", activity="study", on=True)
    for who, client in clients.items():
        for todo in (f"todo-{who}", f"other-{who}"):
            await client.must("study.add", todo=todo, list="mine", text=f"of {who}")
        await client.must("study.add_list", scope="mine", list=f"list-{who}", name=f"of {who}")
        await client.must("study.set_alarm", scope="mine", alarm=f"alarm-{who}", time="10:00", zone="UTC")
    rang = update(StudyAlarm).values(state="rang", rings_at=stage.clock.now())
    await stage.house.writer.run("", lambda work: work.session.execute(rang))


SAMPLES: dict[str, Callable[[str], Payload]] = {
    "study.settings": lambda _who: {"mood": "sea"},
    "study.timer": lambda _who: {"scope": "mine", "revision": 0, "act": "start"},
    "study.lengths": lambda _who: {"scope": "mine", "revision": 0, "focus_ms": 60_000},
    "study.add_list": lambda who: {"scope": "mine", "list": f"new-{who}", "name": "New"},
    "study.rename_list": lambda who: {"list": f"list-{who}", "name": "Another"},
    "study.delete_list": lambda who: {"list": f"list-{who}"},
    "study.add": lambda who: {"todo": f"new-{who}", "list": "mine", "text": "new"},
    "study.edit": lambda who: {"todo": f"todo-{who}", "text": "changed"},
    "study.tick": lambda who: {"todo": f"todo-{who}", "done": True},
    "study.delete": lambda who: {"todo": f"todo-{who}"},
    "study.move": lambda who: {"todo": f"other-{who}", "after": None},
    "study.clear": lambda _who: {"list": "mine", "all": True},
    "study.set_alarm": lambda who: {"scope": "mine", "alarm": f"new-{who}", "time": "10:00", "zone": "UTC"},
    "study.snooze": lambda who: {"alarm": f"alarm-{who}"},
    "study.drop_alarm": lambda who: {"alarm": f"alarm-{who}"},
    "study.take_part": lambda _who: {"on": True, "zone": "UTC"},
    "study.forget_records": lambda _who: {},
    "study.statistics": lambda _who: {},
    "study.board": lambda _who: {},
}
