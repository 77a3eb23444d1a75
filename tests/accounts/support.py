"""People with accounts: bots' tokens stand for browsers where the cookie is not what is tested."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp
from sqlalchemy import update

from salon.accounts.codes import STEP_MS
from salon.accounts.tables import Account
from tests.support.house import Stage

PASSWORD = "correct horse battery"
OTHER = "a different long one"


@dataclass
class Caller:
    """Somebody over HTTP, who follows the tokens they are given."""

    stage: Stage
    identity: str
    token: str
    address: str = "203.0.113.7"

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        async with self.stage.http(self.token, address=self.address) as http:
            answer = await http.request(method, "/api" + path, **({"json": body} if body is not None else {}), **more)
        said = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
        if isinstance(said, dict) and said.get("token"):
            self.token, self.identity = said["token"], said["account"]["identity"]
        return answer

    async def must(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = await self.ask(method, path, body, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def code(self, method: str, path: str, body: Any = None, **more: Any) -> str:
        """The code of the refusal, or "" when it was not refused."""
        answer = await self.ask(method, path, body, **more)
        return "" if answer.status_code < 400 else str(answer.json()["code"])

    async def sign_up(self, email: str = "ana@example.org", name: str = "Ana", password: str = PASSWORD) -> Any:
        return await self.must("POST", "/account", {"email": email, "password": password, "name": name})

    async def sign_in(self, email: str = "ana@example.org", password: str = PASSWORD) -> Any:
        return await self.must("POST", "/account/sign-in", {"email": email, "password": password})


async def caller(stage: Stage, address: str = "203.0.113.7") -> Caller:
    """A new guest."""
    identity, token = await stage.session()
    return Caller(stage, identity, token, address)


async def make_admin(stage: Stage, who: Caller) -> None:
    statement = update(Account).where(Account.identity_id == who.identity).values(is_admin=True)
    await stage.house.writer.run("", lambda work: work.session.execute(statement))


@dataclass
class App:
    """Somebody's authenticator app, and the recovery codes on a sheet of paper beside it."""

    stage: Stage
    key: str
    recovery: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """What it shows now, or did or will so many half minutes from now."""
        return pyotp.HOTP(self.key).at(self.stage.clock.now() // STEP_MS + steps)

    def next_code(self) -> str:
        """Half a minute later: a code that was not used yet."""
        self.stage.clock.advance(seconds=STEP_MS / 1000)
        return self.code()

    def wrong(self) -> str:
        near = {self.code(steps) for steps in (-1, 0, 1)}
        return next(each for each in ("000000", "111111", "222222", "333333") if each not in near)


async def set_up(who: Caller) -> App:
    """Switch the second factor on. The code of now is used by it."""
    app = App(who.stage, (await who.must("POST", "/account/second-factor/start"))["key"])
    app.recovery = (await who.must("POST", "/account/second-factor", {"code": app.code()}))["recovery_codes"]
    return app


async def half_in(who: Caller, email: str = "ana@example.org", password: str = PASSWORD) -> str:
    """The right password where a code is asked for too. Returns the ticket."""
    answer = await who.must("POST", "/account/sign-in", {"email": email, "password": password})
    assert set(answer) == {"second_step"}
    return str(answer["second_step"]["ticket"])
