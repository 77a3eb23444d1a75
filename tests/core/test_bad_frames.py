"""Frames that no client library would send."""

from __future__ import annotations

import pytest

from tests.support.dump import changed, dump
from tests.support.raw import RawSocket
from tests.support.recorder import eventually
from tests.support.wire import Served

GOOD = '["chat.history",{}]'
HALF_PAIR = '["chat.send",{"id":"x","body":"\\ud800"}]'
DEEP = '["chat.send",{"id":"x","body":' + "[" * 5000 + "]" * 5000 + "}]"


async def joined(served: Served) -> RawSocket:
    token = await served.token()
    return await RawSocket.join(served, (await served.room(token))["link"], "Rawley")


NO_REQUESTS = [
    (HALF_PAIR, "invalid"),
    (DEEP, "invalid"),
    ('["chat.send",{"id":"x","body":"x"', "invalid"),
    ('["chat.send",{"id":"x","id":"y"}]', "invalid"),
    ('["chat.send",{"id":"x","body":NaN}]', "invalid"),
    ('["chat.send",{"id":"x","body":1e999}]', "invalid"),
    ('["chat.send",{"id":"x","body":123456789012345678901234567890}]', "invalid"),
    ('["chat.send",{"id":"x","body":"' + "x" * 66_000 + '"}]', "too_large"),
    ("[5,{}]", "invalid"),
    ("[null,{}]", "invalid"),
    ("[true]", "invalid"),
    ('[["chat.send"],{}]', "invalid"),
    ('[{"chat.send":1},{}]', "invalid"),
    ('["connect"]', "unknown_command"),
    ('["disconnect"]', "unknown_command"),
    ('["connect_error",{}]', "unknown_command"),
    ('["*",{}]', "unknown_command"),
]

NO_FRAMES: list[str | bytes] = [
    "42",
    "42{}",
    '42"x"',
    "42[]",
    "421",
    "4",
    "49",
    "4x",
    "7",
    "b",
    "b####",
    "43[]",
    "4399[{}]",
    "44{}",
    "4" + "2" * 200 + "[]",
    '42/admin,["chat.send",{}]',
    b"\x00\xff",
    '451-["chat.send",{"_placeholder":true,"num":0}]',
    '4599999-["chat.send",{"_placeholder":true,"num":0}]',
]


@pytest.mark.feature("C1")
async def test_requests_that_are_none_are_refused(served: Served) -> None:
    raw = await joined(served)
    before = await dump(served.house.storage)
    wrong = []
    for number, (event, code) in enumerate(NO_REQUESTS, 1):
        answer = await raw.ask(event, number)
        if (answer["ok"], answer.get("code")) != (False, code):
            wrong.append((event[:60], answer))
    assert wrong == []
    assert changed(before, await dump(served.house.storage)) == {}
    assert (await raw.ask(GOOD, 99))["ok"]


@pytest.mark.feature("C1")
async def test_frames_that_are_none_do_no_harm(served: Served) -> None:
    """There is nobody to answer to; the connection is as good as before."""
    raw = await joined(served)
    before = await dump(served.house.storage)
    for number, frame in enumerate(NO_FRAMES, 1):
        await raw.send(frame)
        if isinstance(frame, str) and frame.startswith("451-"):
            await raw.send(b"the attachment that was announced")
        assert (await raw.ask(GOOD, number))["ok"], frame
    assert changed(before, await dump(served.house.storage)) == {}


@pytest.mark.feature("C1")
async def test_a_frame_that_is_far_too_large_ends_the_connection(served: Served) -> None:
    raw = await joined(served)
    with pytest.raises((EOFError, ConnectionError)):
        await raw.ask('["chat.send",{"id":"x","body":"' + "x" * (2 << 20) + '"}]')


@pytest.mark.feature("R5", "P3")
async def test_a_second_connect_on_one_socket_changes_nothing(served: Served) -> None:
    """One socket is one connection: a further CONNECT must not leave a second one behind."""
    raw = await joined(served)
    token = await served.token()
    other_room = (await served.room(token))["link"]
    await raw.send(f'40{{"room":"{other_room}","token":"{token}"}}')
    assert (await raw.ask(GOOD, 2))["ok"]
    assert len(served.house.fanout.links) == 1
    await raw.close()
    await eventually(lambda: not served.house.fanout.links, "the end of the connection")


@pytest.mark.feature("R5")
async def test_nothing_is_heard_before_connecting(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    raw = await RawSocket.open(served)
    before = await dump(served.house.storage)
    await raw.send('421["people.join",{"id":"j1","name":"Nobody"}]')
    await raw.send('422["connect",{"HTTP_ORIGIN":"http://localhost"},{"room":"' + room + '"}]')
    await raw.send(f'40{{"room":"{room}","token":"{token}"}}')
    assert (await raw.receive()).startswith('40{"sid"'), "nothing was answered before"
    assert changed(before, await dump(served.house.storage)) == {}
    await raw.close()


@pytest.mark.feature("R5")
async def test_other_namespaces_are_refused(served: Served) -> None:
    raw = await RawSocket.open(served)
    await raw.send('40/admin,{"room":"x"}')
    assert (await raw.receive()).startswith("44/admin,")
    await raw.close()


@pytest.mark.feature("R5")
async def test_nobody_speaks_for_another_connection(served: Served) -> None:
    """Whatever is sent as an event's name or arguments, it is the sender's own connection that asks."""
    token = await served.token()
    room = (await served.room(token))["link"]
    olga = await served.come(room, "Olga", token)
    raw = await RawSocket.join(served, room, "Mallory")
    for sid in list(served.house.fanout.links):
        for name in ("*", "connect", "disconnect", "people.leave"):
            answer = await raw.ask(f'["{name}","{sid}","people.leave",{{"id":"x1"}}]')
            assert not answer["ok"]
    await olga.must("chat.send", body="still here")
    await raw.close()
