"""People at a room's door, as tests bring them there: by HTTP, by socket, with accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from salon.core.accounts import Account
from tests.support.house import LocalClient, Place, Stage
from tests.support.recorder import Json


class Visitor:
    """Somebody outside, with a session of their own. ``heard`` is every byte that the server has ever sent them."""

    def __init__(self, stage: Stage, place: Place, identity: str, token: str, address: str) -> None:
        self.stage = stage
        self.place = place
        self.identity = identity
        self.token = token
        self.address = address
        self.heard: list[str] = []
        self._clients: list[LocalClient] = []

    @classmethod
    async def come(cls, stage: Stage, place: Place, *, address: str = "198.51.100.7") -> Visitor:
        identity, token = await stage.session()
        return cls(stage, place, identity, token, address)

    @property
    def everything(self) -> str:
        """All that this person was told, by whatever way."""
        return "\n".join(self.heard + [str(each) for client in self._clients for each in client.got])

    async def call(self, method: str, path: str, payload: Json | None = None) -> tuple[int, Any]:
        async with self.stage.http(self.token, address=self.address) as http:
            answer = await http.request(method, path, json=payload)
        self.heard.append(f"{answer.headers}\n{answer.text}")
        kind = answer.headers.get("content-type", "")
        return answer.status_code, answer.json() if kind.startswith("application/json") else answer.text

    async def card(self) -> Json:
        _, card = await self.call("GET", f"/api/rooms/{self.place.link}")
        told: Json = card
        return told

    async def way(self) -> str:
        way: str = (await self.card())["way"]
        return way

    async def password(self, text: str) -> Json:
        _, answer = await self.call("POST", f"/api/rooms/{self.place.link}/password", {"password": text})
        told: Json = answer
        return told

    async def knock(self, name: str = "Kim") -> Json:
        """Knock by link. The ticket, or the refusal."""
        _, answer = await self.call("POST", f"/api/rooms/{self.place.link}/knock", {"name": name})
        told: Json = answer
        return told

    async def must_knock(self, name: str = "Kim") -> str:
        ticket: str = (await self.knock(name))["ticket"]
        return ticket

    async def wait(self, ticket: str) -> Json:
        _, answer = await self.call("GET", f"/api/knocks/{ticket}")
        told: Json = answer
        return told

    async def wait_no_longer(self, ticket: str) -> Json:
        """What is to be said of a knock now."""
        _, answer = await self.call("GET", f"/api/knocks/{ticket}?now=true")
        told: Json = answer
        return told

    async def connect(self, name: str = "Kim") -> LocalClient:
        """By socket, without asking whether one may come in."""
        client = LocalClient(self.stage, self.place, self.identity, name)
        self._clients.append(client)
        return await client.connect()

    async def try_to_join(self, name: str = "Kim") -> str | None:
        """By socket and by hand. The code of the refusal, or None when the door was open."""
        client = await self.connect(name)
        answer = await client.ask("people.join", name=name)
        self.heard.append(str(answer))
        await self.stage.settle()
        if answer["ok"]:
            return None
        client.lose()
        code: str = answer["code"]
        return code

    async def join(self, name: str = "Kim") -> LocalClient:
        assert await self.try_to_join(name) is None
        client = self._clients[-1]
        await client.has("snapshot")
        return client

    async def sign_up(self, email: str, *, proven: bool = True, groups: tuple[str, ...] = ()) -> None:
        """Get an account; where the address counts, as if its mail had been answered."""
        payload = {"email": email, "password": "correct horse battery", "name": "Kim"}
        status, answer = await self.call("POST", "/api/account", payload)
        assert status == 200, answer
        self.token = answer["token"]

        async def prove(work: Any) -> None:
            values: dict[str, Any] = {"groups": list(groups)}
            if proven:
                values["verified_at"] = work.now
            await work.session.execute(update(Account).where(Account.identity_id == self.identity).values(**values))

        await self.stage.house.writer.run("", prove)
