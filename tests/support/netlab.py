"""Networks of a test's own on this machine: a public one, and homes behind routers that translate addresses.

    public (bridge, 11.0.0.1) ── router 1 (11.0.0.11 | 192.168.101.1) ── home 1 (192.168.101.2)
                              └─ router 2 (11.0.0.12 | 192.168.102.1) ── home 2 (192.168.102.2)

Each is a network namespace; nothing of it reaches, or can be reached from, the machine's real networks. The public
addresses look like ordinary ones, for a relay rightly leads nobody to those for special purposes. Needs root, ``ip``
and ``nft``.
"""

from __future__ import annotations

import itertools
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PUBLIC = "11.0.0.1"
"""Of the public network: where a server and a relay are."""

NAT = """
table ip home {{
  chain out {{
    type nat hook postrouting priority 100;
    oifname "wan" masquerade {ports}
  }}
  chain in {{
    type filter hook input priority 0;
    iifname "wan" ct state established,related accept
    iifname "wan" drop
  }}
  chain through {{
    type filter hook forward priority 0;
    iifname "wan" ct state established,related accept
    iifname "wan" drop
  }}
}}
"""
"""What nobody inside has asked for is dropped. With ``random`` ports, each destination sees another one: symmetric."""

_numbers = itertools.count()


def _run(*command: str, stdin: str = "") -> None:
    done = subprocess.run(command, input=stdin, text=True, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}: {done.stderr}"


def _inside(space: str, *command: str, stdin: str = "") -> None:
    _run("ip", "netns", "exec", space, *command, stdin=stdin)


@dataclass
class Home:
    """One household: what runs in ``space`` reaches the public network through its router only."""

    space: str
    router: str
    number: int
    """Of its addresses."""

    def cut(self, on: bool = True) -> None:
        """The cable between router and provider is out, or in again."""
        _inside(self.router, "ip", "link", "set", "wan", "down" if on else "up")

    def connect(self) -> None:
        """Give router and home their addresses."""
        lan = f"192.168.{100 + self.number}"
        _address(self.router, "wan", f"11.0.0.{10 + self.number}/24")
        _address(self.router, "lan", f"{lan}.1/24")
        _address(self.space, "eth", f"{lan}.2/24")
        _inside(self.space, "ip", "route", "add", "default", "via", f"{lan}.1")

    def move(self) -> None:
        """Into another network: other addresses, inside and outside, and nothing is known of what went on before."""
        for space, device in ((self.space, "eth"), (self.router, "lan"), (self.router, "wan")):
            _inside(space, "ip", "address", "flush", "dev", device)
        self.number += 50
        self.connect()


@dataclass
class Lab:
    public: str
    homes: list[Home] = field(default_factory=list)

    def home(self, *, symmetric: bool = False) -> Home:
        number = len(self.homes) + 1
        made = Home(f"{self.public}-h{number}", f"{self.public}-r{number}", number)
        self.homes.append(made)
        for space in (made.space, made.router):
            _run("ip", "netns", "add", space)
            _inside(space, "ip", "link", "set", "lo", "up")
        plug = f"p{number}"
        _inside(self.public, "ip", "link", "add", plug, "type", "veth", "peer", "name", "wan", "netns", made.router)
        _inside(self.public, "ip", "link", "set", plug, "master", "bridge", "up")
        _inside(made.router, "ip", "link", "add", "lan", "type", "veth", "peer", "name", "eth", "netns", made.space)
        made.connect()
        _inside(made.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        _inside(made.router, "nft", "-f", "-", stdin=NAT.format(ports="random" if symmetric else ""))
        return made


def _address(space: str, device: str, address: str) -> None:
    _inside(space, "ip", "address", "add", address, "dev", device)
    _inside(space, "ip", "link", "set", device, "up")


@contextmanager
def lab() -> Iterator[Lab]:
    made = Lab(f"salon{os.getpid()}-{next(_numbers)}")
    spaces = [made.public]
    try:
        _run("ip", "netns", "add", made.public)
        _inside(made.public, "ip", "link", "set", "lo", "up")
        _inside(made.public, "ip", "link", "add", "bridge", "type", "bridge")
        _address(made.public, "bridge", f"{PUBLIC}/24")
        yield made
    finally:
        spaces += [space for home in made.homes for space in (home.space, home.router)]
        for space in spaces:
            subprocess.run(["ip", "netns", "delete", space], capture_output=True, timeout=30, check=False)


def enter(space: str) -> tuple[str, ...]:
    """What is put before a command to run it there."""
    return ("ip", "netns", "exec", space)


def wrapper(folder: Path, space: str, program: str) -> Path:
    """A program that runs another one there, for who starts programs by their path alone."""
    file = folder / f"in-{space}"
    file.write_text(f'#!/bin/sh\nexec {shlex.join(enter(space))} {shlex.quote(program)} "$@"\n')
    file.chmod(0o700)
    return file
