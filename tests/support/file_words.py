"""Texts for each standing to act on, and what each word of files may say when its sender may say it at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.house import LocalClient

Payload = dict[str, Any]
Files = dict[str, str]


async def files(clients: dict[str, LocalClient]) -> Files:
    """Who → a text of theirs; "to" and who: one that was sent to them, and not accepted yet."""
    owner = clients["owner"]
    await owner.must("rooms.activity", activity="files", on=True)
    made: Files = {}
    for name, client in clients.items():
        made[name] = (await client.must("files.text", text=f"from {name}"))["file"]
        sender = owner if client is not owner else clients["target"]
        made[f"to {name}"] = (await sender.must("files.text", text=f"to {name}", to=client.me))["file"]
    return made


SAMPLES: dict[str, Callable[[Files, str], Payload]] = {
    "files.settings": lambda _f, _who: {"expiry_minutes": 60},
    "files.text": lambda _f, _who: {"text": "hello"},
    "files.answer": lambda f, who: {"file": f.get(f"to {who}", f["to target"]), "accept": True},
    "files.delete": lambda f, who: {"files": [f.get(who, f["target"])]},
}
