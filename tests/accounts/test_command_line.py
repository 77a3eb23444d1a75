"""``salon user``, as it is called."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from salon.cli import app
from tests.accounts.support import OTHER, PASSWORD, caller, half_in, make_admin, set_up
from tests.support.dump import places_of
from tests.support.house import open_stage


def settings(folder: Path) -> dict[str, str]:
    return {"SALON_DATA_DIR": str(folder), "SALON_PUBLIC_URL": "https://salon.example"}


def by_itself(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """The command as a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SALON_")}
    done = subprocess.run(
        [sys.executable, "-m", "salon.cli", "user", *words],
        cwd=folder,
        env={**environment, **settings(folder)},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


async def user(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """The same in a thread with a loop and connections of its own, which takes less long."""
    done = await asyncio.to_thread(CliRunner().invoke, app, ["user", *words], input=typed, env=settings(folder))
    return done.exit_code, done.output.strip()


@pytest.mark.feature("P6", "P2")
async def test_the_command_line(tmp_path: Path, at_once: None) -> None:
    added = by_itself(tmp_path, "add", "ana@example.org", "--name", "Ana", "--admin", typed=PASSWORD + "\n")
    assert added == (0, "ana@example.org can sign in now.")
    assert (await user(tmp_path, "add", "ana@example.org", "--name", "Eve", typed=OTHER + "\n"))[0] == 1
    assert (await user(tmp_path, "add", "eve@example.org", "--name", "Eve", typed="short\n"))[0] == 1
    await user(tmp_path, "add", "ben@example.org", "--name", "Ben", typed=PASSWORD + "\n")
    assert (await user(tmp_path, "admin", "ana@example.org", "--off"))[0] == 1, "the only one"
    assert await user(tmp_path, "groups", "ben@example.org", "choir", "staff") == (
        0,
        "ben@example.org is in choir, staff.",
    )
    listed = (await user(tmp_path, "list"))[1].splitlines()
    assert [line.split("\t")[0] for line in listed] == ["ana@example.org", "ben@example.org"]
    assert listed[0].endswith("administrator")
    assert listed[1].endswith("choir, staff")
    link = (await user(tmp_path, "reset", "ben@example.org"))[1]
    assert link.startswith("https://salon.example/account/reset#")
    async with open_stage(tmp_path) as stage:
        ben, ana = await caller(stage), await caller(stage)
        await ben.must("POST", "/account/new-password", {"token": link.partition("#")[2], "password": OTHER})
        place = await stage.room()
        client = await stage.come(place, "Ben", identity=ben.identity)
        # While the server runs.
        assert await user(tmp_path, "disable", "ben@example.org") == (0, "ben@example.org is disabled.")
        await stage.pass_time(1)
        assert client.link is None
        assert await ben.code("GET", "/account/sessions") == "session_required"
        assert (await user(tmp_path, "enable", "ben@example.org"))[0] == 0
        await ben_again(stage)
        assert (await user(tmp_path, "delete", "ben@example.org", "--yes"))[0] == 0
        assert await places_of(stage.house.storage, "ben@example.org") == []
        assert await places_of(stage.house.storage, ben.identity) == []
        await ana.sign_in()
        lines = (await ana.must("GET", "/admin/audit", params={"action": "user."}))["lines"]
        assert [each["action"] for each in lines][:3] == ["user.delete", "user.enable", "user.disable"]
    assert await user(tmp_path, "disable", "nobody@example.org") == (1, "There is no such account.")


async def ben_again(stage) -> None:
    await (await caller(stage)).sign_in("ben@example.org", OTHER)


@pytest.mark.feature("P2", "P6")
async def test_the_command_line_switches_a_second_factor_off(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path) as stage:
        ana = await caller(stage)
        await ana.sign_up()
        assert (await user(tmp_path, "no-second-factor", "ana@example.org"))[0] == 1, "there is none"
        await set_up(ana)
        assert (await user(tmp_path, "list"))[1].endswith("second factor")
        await half_in(await caller(stage))
        said = await user(tmp_path, "no-second-factor", "ana@example.org")
        assert said == (0, "ana@example.org signs in with the password alone.")
        assert await ana.code("GET", "/account/sessions") == "session_required"
        ana = await caller(stage)
        await ana.sign_in()
        await make_admin(stage, ana)
        lines = (await ana.must("GET", "/admin/audit", params={"action": "user."}))["lines"]
        assert [(each["action"], each["subject_name"]) for each in lines] == [("user.second_factor_off", "Ana")]
