"""Golden cases of files."""

from __future__ import annotations

from salon.core.writer import Work
from tests.files.support import BODY, TUS, metadata
from tests.golden.play import Play, case
from tests.support.house import LocalClient


async def files_on(play: Play) -> None:
    await play.do(play.owner, "rooms.activity", activity="files", on=True)


async def text(play: Play, client: LocalClient, body: str, **more: str) -> str:
    file: str = (await play.do(client, "files.text", text=body, **more))["file"]
    return file


async def upload(play: Play, client: LocalClient, content: bytes, name: str, **more: str) -> str:
    """Somebody's browser sends a file."""

    async def begin(work: Work) -> str:
        return play.stage.house.sessions.begin(work, client.identity, bearer=True).token

    play.stage.clock.advance(seconds=1)
    async with play.stage.http(await play.stage.house.writer.run("", begin)) as http:
        headers = {
            **TUS,
            **BODY,
            "Upload-Length": str(len(content)),
            "Upload-Metadata": metadata(filename=name, **more),
        }
        made = await http.post(f"/api/files/{play.place.link}/uploads", headers=headers, content=content)
        assert made.status_code == 201, made.text
    await play.stage.settle()
    file: str = made.headers["location"].rpartition("/")[2]
    return file


@case("files.settings", "each-and-both", "D1 D7", "owner cohost listener")
async def settings(play: Play) -> None:
    await files_on(play)
    await play.begin()
    await play.do(play.cohost, "files.settings", expiry_minutes=60)
    await text(play, play.guest, "goes in an hour")
    await play.do(play.owner, "files.settings", uploads="hosts", expiry_minutes=None)
    await text(play, play.cohost, "stays")


@case("files.text", "for-everyone", "D5 D8", "owner guest listener")
async def for_everyone(play: Play) -> None:
    await files_on(play)
    await text(play, play.owner, "before")
    await play.begin()
    await text(play, play.guest, "https://salon.example/a?b=c\nwith a second line")
    await text(play, play.listener, "and another")


@case("files.text", "for-one-person", "D8", "owner guest listener")
async def for_one_person(play: Play) -> None:
    await files_on(play)
    await play.begin()
    await text(play, play.guest, "psst", to=play.listener.me)


@case("files.answer", "accepted-and-declined", "D8", "owner guest listener")
async def answers(play: Play) -> None:
    await files_on(play)
    first = await text(play, play.guest, "take this", to=play.listener.me)
    second = await text(play, play.guest, "and this", to=play.listener.me)
    await play.begin()
    await play.do(play.listener, "files.answer", file=first, accept=True)
    await play.do(play.listener, "files.answer", file=second, accept=False)


@case("files.delete", "own-by-host-and-direct", "D5 D8", "owner guest listener")
async def deletes(play: Play) -> None:
    await files_on(play)
    own = await text(play, play.guest, "mine")
    other = await text(play, play.listener, "somebody's")
    await text(play, play.listener, "stays")
    direct = await text(play, play.guest, "psst", to=play.listener.me)
    await play.begin()
    await play.do(play.guest, "files.delete", files=[own, direct])
    await play.do(play.cohost, "files.delete", files=[other])


@case("files.changed", "uploads-for-everyone-and-one", "D2 D3 D5", "owner guest listener")
async def uploads(play: Play) -> None:
    await files_on(play)
    await upload(play, play.owner, b"before", "same.txt")
    await play.begin()
    await upload(play, play.guest, b"\x00\x01\x02", "same.txt", folder="docs/deep")
    await upload(play, play.guest, b"plain text", "notes.txt", chat="1")
    await upload(play, play.listener, b"\x00", "secret.bin", to=play.guest.me)


@case("files.gone", "by-their-time", "D7", "owner guest")
async def expired(play: Play) -> None:
    await files_on(play)
    await text(play, play.owner, "stays")
    await play.do(play.owner, "files.settings", expiry_minutes=5)
    await text(play, play.guest, "goes")
    await text(play, play.guest, "goes too", to=play.owner.me)
    await play.begin()
    await play.stage.pass_time(301)
