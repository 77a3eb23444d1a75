"""A client of TURN that says what a test wants to hear refused, and a relay of a test's own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import os
import socket
import struct
from dataclasses import dataclass, field

COOKIE = 0x2112A442
ALLOCATE, CREATE_PERMISSION, SEND, DATA = 0x0003, 0x0008, 0x0016, 0x0017
USERNAME, INTEGRITY, ERROR, PEER, PAYLOAD, REALM, NONCE = 0x0006, 0x0008, 0x0009, 0x0012, 0x0013, 0x0014, 0x0015
RELAYED, FAMILY, TRANSPORT = 0x0016, 0x0017, 0x0019


def free_port() -> int:
    """A port that is free for UDP and TCP."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        port: int = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        return port


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def xored(address: str, port: int, transaction: bytes) -> bytes:
    """XOR-PEER-ADDRESS."""
    parsed = ipaddress.ip_address(address)
    mask = struct.pack("!I", COOKIE) + transaction
    packed = bytes(a ^ b for a, b in zip(parsed.packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if parsed.version == 4 else 2, port ^ (COOKIE >> 16)) + packed


@dataclass
class TurnClient(asyncio.DatagramProtocol):
    """One allocation, or the attempt at one."""

    username: str
    password: str
    realm: bytes = b""
    nonce: bytes = b""
    relayed: tuple[str, int] | None = None
    data: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    _waiting: dict[bytes, asyncio.Future[tuple[int, dict[int, bytes]]]] = field(default_factory=dict)

    async def connect(self, port: int, host: str = "127.0.0.1") -> TurnClient:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=(host, port))
        return self

    def close(self) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        kind, _, _ = struct.unpack("!HHI", data[:8])
        found: dict[int, bytes] = {}
        at = 20
        while at + 4 <= len(data):
            name, size = struct.unpack("!HH", data[at : at + 4])
            found.setdefault(name, data[at + 4 : at + 4 + size])
            at += 4 + size + (-size % 4)
        if kind == DATA:
            self.data.put_nowait(found[PAYLOAD])
        elif (waiting := self._waiting.pop(data[8:20], None)) is not None and not waiting.done():
            waiting.set_result((kind, found))

    def _send(self, kind: int, attributes: bytes, transaction: bytes, *, signed: bool) -> None:
        if signed:
            attributes += attribute(USERNAME, self.username.encode())
            attributes += attribute(REALM, self.realm) + attribute(NONCE, self.nonce)
            head = struct.pack("!HHI", kind, len(attributes) + 24, COOKIE) + transaction
            key = hashlib.md5(b":".join((self.username.encode(), self.realm, self.password.encode()))).digest()  # noqa: S324
            attributes += attribute(INTEGRITY, hmac.new(key, head + attributes, hashlib.sha1).digest())
        self._transport.sendto(struct.pack("!HHI", kind, len(attributes), COOKIE) + transaction + attributes)

    async def _ask(self, kind: int, attributes: bytes, transaction: bytes, *, signed: bool) -> int:
        """The code of the refusal, or 0."""
        answer = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        # UDP may lose it, and the relay may not listen yet.
        for _ in range(30):
            self._send(kind, attributes, transaction, signed=signed)
            done, _ = await asyncio.wait({answer}, timeout=0.5)
            if done:
                break
        code, found = await asyncio.wait_for(answer, 1)
        self.realm, self.nonce = found.get(REALM, self.realm), found.get(NONCE, self.nonce)
        if code & 0x0110 == 0x0110:
            return int(found[ERROR][2] * 100 + found[ERROR][3])
        if RELAYED in found:
            self.relayed = _plain(found[RELAYED], transaction)
        return 0

    async def allocate(self, family: int = 4) -> int:
        wanted = attribute(TRANSPORT, bytes((17, 0, 0, 0)))
        if family == 6:
            wanted += attribute(FAMILY, bytes((2, 0, 0, 0)))
        await self._ask(ALLOCATE, wanted, os.urandom(12), signed=False)
        return await self._ask(ALLOCATE, wanted, os.urandom(12), signed=True)

    async def permit(self, address: str, port: int = 9) -> int:
        transaction = os.urandom(12)
        return await self._ask(
            CREATE_PERMISSION, attribute(PEER, xored(address, port, transaction)), transaction, signed=True
        )

    def send(self, address: str, port: int, payload: bytes) -> None:
        transaction = os.urandom(12)
        peer = attribute(PEER, xored(address, port, transaction))
        self._send(SEND, peer + attribute(PAYLOAD, payload), transaction, signed=False)


def _plain(value: bytes, transaction: bytes) -> tuple[str, int]:
    mask = struct.pack("!I", COOKIE) + transaction
    packed = bytes(a ^ b for a, b in zip(value[4:], mask, strict=False))
    return str(ipaddress.ip_address(packed)), struct.unpack("!H", value[2:4])[0] ^ (COOKIE >> 16)
