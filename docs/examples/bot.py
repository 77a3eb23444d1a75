"""A bot that joins a room and answers "ping" with "pong". A stock python-socketio client, nothing of Salon's own.

Install it with ``pip install "python-socketio[asyncio_client]"``, then run
``python bot.py http://127.0.0.1:8000 <PIN or link> [name]``.
"""

import asyncio
import contextlib
import sys
import uuid

import aiohttp
import socketio


async def post(http: aiohttp.ClientSession, path: str, body: dict, token: str | None = None) -> dict:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(path, json=body, headers=headers) as response:
        answer = await response.json()
        if not response.ok:
            raise SystemExit(f"{answer['code']}: {answer['message']}")
        return answer


async def main(server: str, where: str, name: str = "Bot") -> None:
    async with aiohttp.ClientSession(server) as http:
        token = (await post(http, "/api/session", {"bearer": True}))["token"]
        if where.isdigit():
            found = await post(http, "/api/pin", {"pin": where}, token)
            if found["outcome"] == "knock":
                raise SystemExit("Too many wrong PINs were tried: use the link.")
            link = found["link"]
        else:
            link = where.rsplit("/", 1)[-1]

    seen: dict[str, int] = {}
    me = ""
    client = socketio.AsyncClient()

    async def command(event: str, **payload: object) -> dict:
        # The id makes a repeat harmless: send the same again when no answer came.
        return await client.call(event, {"id": uuid.uuid4().hex, **payload})

    @client.on("lobby")
    async def lobby(_data: dict) -> None:
        print("join:", await command("people.join", name=name, about="I answer ping."), flush=True)

    @client.on("snapshot")
    async def snapshot(data: dict) -> None:
        nonlocal me
        me = data["features"]["people"]["me"]
        seen.update(data["seqs"])
        print("in the room", flush=True)

    @client.on("event")
    async def event(data: dict) -> None:
        seen[data["stream"]] = data["seq"]
        message = data["data"].get("message")
        if data["type"] == "chat.sent" and message["author"] != me:
            print(f"{message['name']}: {message['body']}", flush=True)
            if message["body"].strip().lower() == "ping":
                await command("chat.send", body="pong", reply_to=message["id"], peer=data["data"]["peer"])

    def auth() -> dict:
        # After a cut, everything that was missed comes first, in order and once.
        return {"room": link, "token": token, **({"since": seen} if seen else {})}

    await client.connect(server, auth=auth, transports=["websocket"])
    await client.wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))
