"""Socket.IO packets: what is read, and that python-socketio reads and writes the same."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio import packet as theirs

from salon.core.engine import frames, packets
from salon.core.engine.packets import BadPacket, Packet

pytestmark = pytest.mark.feature("C1")

LIMIT = 64 * 1024

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.text(min_size=1, max_size=20)
NAMESPACES = st.just("/") | st.text("abc/-_.é", max_size=20).map(lambda name: "/a" + name)
IDS = st.none() | st.integers(0, 10**15 - 1)


def same(left: object, right: object) -> bool:
    """As JSON: ``orjson`` writes a float as shortly as it can."""
    return orjson.dumps(left) == orjson.dumps(right)


@pytest.mark.parametrize(
    ("text", "kind", "namespace", "number", "data"),
    [
        ("0", packets.CONNECT, "/", None, None),
        ('0{"room":"x"}', packets.CONNECT, "/", None, {"room": "x"}),
        ("0/admin", packets.CONNECT, "/admin", None, None),
        ("0/admin,", packets.CONNECT, "/admin", None, None),
        ('0/admin,{"a":1}', packets.CONNECT, "/admin", None, {"a": 1}),
        ("1", packets.DISCONNECT, "/", None, None),
        ("1/admin,", packets.DISCONNECT, "/admin", None, None),
        ('2["a",{"b":1}]', packets.EVENT, "/", None, ["a", {"b": 1}]),
        ('27["a"]', packets.EVENT, "/", 7, ["a"]),
        ('20["a"]', packets.EVENT, "/", 0, ["a"]),
        ('2/admin,456["a"]', packets.EVENT, "/admin", 456, ["a"]),
        ("3456[]", packets.ACK, "/", 456, []),
        ("2", packets.EVENT, "/", None, None),
        ("27", packets.EVENT, "/", 7, None),
        ('51-["a",{"num":0}]', packets.BINARY_EVENT, "/", None, ["a", {"num": 0}]),
        ('52-/admin,9["a"]', packets.BINARY_EVENT, "/admin", 9, ["a"]),
        ("61-3[]", packets.BINARY_ACK, "/", 3, []),
        ('2["a",{"b":"1-2,/x"}]', packets.EVENT, "/", None, ["a", {"b": "1-2,/x"}]),
    ],
)  # fmt: skip
def test_what_is_read(text: str, kind: int, namespace: str, number: int | None, data: object) -> None:
    assert packets.decode(text, LIMIT) == Packet(kind, namespace, number, data)


@pytest.mark.parametrize("text", ["", "7", "9", "x", "[]", " 2[]", "-", "٢[]", "5[]", "6[]", "21-[]", "01-", "31-7[]"])
def test_what_is_no_packet(text: str) -> None:
    with pytest.raises(BadPacket):
        packets.decode(text, LIMIT)


@pytest.mark.parametrize(
    "text",
    [
        '2["a"',
        '2["a"]x',
        '2["a",{"b":NaN}]',
        '2["\ud800"]',
        "2" + "[" * 5000 + "]" * 5000,
        "2" + "9" * 40 + "[]",
        "2٣[]",
        "2/" + "n" * 300 + ",[]",
        "2-1[]",
        "2\x00",
    ],
)
def test_what_can_be_answered_but_not_read(text: str) -> None:
    assert packets.decode(text, LIMIT).data is packets.MALFORMED


def test_the_limit_comes_before_parsing() -> None:
    at_the_limit = '["' + "x" * (LIMIT - 4) + '"]'
    assert packets.decode("27" + at_the_limit, LIMIT).data == ["x" * (LIMIT - 4)]
    # Not even JSON: nobody has looked.
    beyond = packets.decode("27" + "[" * (LIMIT + 1), LIMIT)
    assert beyond == Packet(packets.EVENT, "/", 7, packets.TOO_LARGE)


@given(st.text(max_size=60) | st.text('0123456789-/,[]{}"ab', max_size=40))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    try:
        packet = packets.decode(text, LIMIT)
    except BadPacket:
        return
    assert 0 <= packet.type <= 6
    assert packet.namespace.startswith("/")
    assert packet.id is None or 0 <= packet.id < 10**15


@given(NAMES, JSON, NAMESPACES, IDS)
def test_their_events_are_read(name: str, payload: Any, namespace: str, number: int | None) -> None:
    sent = theirs.Packet(theirs.EVENT, data=[name, payload], namespace=namespace, id=number, binary=False)
    packet = packets.decode(sent.encode(), LIMIT)
    assert (packet.type, packet.namespace, packet.id) == (packets.EVENT, namespace, number)
    assert same(packet.data, [name, payload])


@given(st.none() | st.dictionaries(TEXTS, JSON, max_size=3), NAMESPACES)
def test_their_connects_and_disconnects_are_read(auth: Any, namespace: str) -> None:
    connect = theirs.Packet(theirs.CONNECT, data=auth, namespace=namespace)
    packet = packets.decode(connect.encode(), LIMIT)
    assert (packet.type, packet.namespace, packet.id) == (packets.CONNECT, namespace, None)
    assert same(packet.data, auth)
    leaving = theirs.Packet(theirs.DISCONNECT, namespace=namespace)
    assert packets.decode(leaving.encode(), LIMIT) == Packet(packets.DISCONNECT, namespace, None, None)


@given(NAMES, st.binary(max_size=9), NAMESPACES, IDS)
def test_their_attachments_are_seen(name: str, attached: bytes, namespace: str, number: int | None) -> None:
    sent = theirs.Packet(theirs.EVENT, data=[name, {"x": attached}], namespace=namespace, id=number, binary=True)
    head, *_attachments = sent.encode()
    packet = packets.decode(head, LIMIT)
    assert (packet.type, packet.namespace, packet.id) == (packets.BINARY_EVENT, namespace, number)


def read_by_them(framed: bytes) -> theirs.Packet:
    (payload,) = frames.payloads(framed)
    assert payload[:1] == b"4", "a message of Engine.IO"
    return theirs.Packet(encoded_packet=payload[1:].decode())


@given(NAMES, JSON, st.integers(0, 10**15 - 1))
def test_they_read_ours(name: str, payload: Any, number: int) -> None:
    event = read_by_them(packets.event(name, payload))
    assert (event.packet_type, event.namespace, event.id) == (theirs.EVENT, None, None)
    assert same(event.data, [name, payload])
    answer = read_by_them(packets.ack(number, payload))
    assert (answer.packet_type, answer.namespace, answer.id) == (theirs.ACK, None, number)
    assert same(answer.data, [payload])


@given(TEXTS, JSON, NAMESPACES)
def test_they_read_how_we_connect(message: str, data: Any, namespace: str) -> None:
    let_in = read_by_them(packets.connected("the-sid"))
    assert (let_in.packet_type, let_in.data) == (theirs.CONNECT, {"sid": "the-sid"})
    refused = read_by_them(packets.connect_error(message, data, namespace))
    assert refused.packet_type == theirs.CONNECT_ERROR
    assert (refused.namespace or "/") == namespace
    assert same(refused.data, {"message": message} if data is None else {"message": message, "data": data})
    assert read_by_them(packets.DISCONNECTED).packet_type == theirs.DISCONNECT


def test_what_was_encoded_before_is_not_encoded_again() -> None:
    prepared = orjson.Fragment(b'{"a":1}')
    assert frames.payloads(packets.event("event", {"x": prepared})) == [b'42["event",{"x":{"a":1}}]']
