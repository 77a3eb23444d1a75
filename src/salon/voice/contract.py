"""What voice says on the wire: a phone that is called up from the queue becomes the microphone of one host's screen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import ClientSignal, Command, Event, Id, Millis, Model, Need, ServerSignal

State = Literal["ringing", "live", "reconnecting"]
"""A request without a call is ``asked``; what happens between the states is a table in ``docs/voice.md``."""
Ended = Literal["answered", "declined", "missed", "called_off"]
Epoch = Annotated[int, Field(ge=0, le=2**31 - 1)]
Line = Annotated[str, Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""Random, made by a page for each call and told to nobody: by it the same page comes back into the call."""
Phones = Annotated[int, Field(ge=1, le=4)]
Said = Annotated[str, Field(max_length=16_384)]
Level = Annotated[int, Field(ge=0, le=100)]
"""How loud it is, from silence to full on a scale of decibels."""


class Call(Model):
    """Somebody who was called up. Everyone sees it."""

    id: Id
    item: Id
    """The request in the queue."""
    person: Id
    state: State
    screen: Id
    """Whose screen plays it."""
    phone_there: bool
    """The person's connection that has the call is there. False while it rings."""
    screen_there: bool
    epoch: Epoch
    """Rises whenever another connection takes an end of the call: both ends then begin anew."""
    muted: bool
    """By a host: the screen plays nothing of it."""
    auto: bool
    """Nobody called: it was the person's turn."""
    called_at: Millis
    live_at: Millis | None
    """When the person pressed Talk."""
    rings_until: Millis | None
    speaks_until: Millis | None
    """The end of the speaking time; null for no limit."""
    back_until: Millis | None
    """Until then whoever lost the connection may come back."""


class Settings(Model):
    phones: Phones
    """So many are called or live at the same time."""
    speak_seconds: int
    """How long one may speak, 0 for no limit."""


class Auto(Model):
    """The next in line is called without a host's doing."""

    person: Id
    """Whose screen it is called to."""
    there: bool
    """That screen is connected; without it nobody is called."""


class VoiceSnapshot(Model):
    settings: Settings
    calls: list[Call]
    """In the order of calling."""
    missed: list[Id]
    """Requests that rang in vain. Auto mode leaves them out until the person is ready."""
    auto: Auto | None


class Called(Model):
    call: Id


class CallUp(Command, name="voice.call", needs=Need.COHOST, answer=Called):
    """Let a person's phone ring. This very connection plays what they say."""

    item: Id
    line: Line


class Talk(Command, name="voice.talk", needs=Need.AUDIENCE):
    """Answer. This very connection speaks; one's other tabs and devices ring no more."""

    call: Id
    line: Line


class HangUp(Command, name="voice.hang_up", needs=Need.AUDIENCE):
    """End it: hosts, or the person. While it rings, a host calls it off and the person declines."""

    call: Id


class Mute(Command, name="voice.mute", needs=Need.COHOST):
    call: Id
    on: bool


class Resume(Command, name="voice.resume", needs=Need.AUDIENCE):
    """Take one's end of the call again, after a lost connection or a reload.

    The page that had it says the same line as before. Any other one of the person's (or of any host) takes the end only
    while nobody has it.
    """

    call: Id
    line: Line


class Ready(Command, name="voice.ready", needs=Need.AUDIENCE):
    """One who missed the call is here now."""

    item: Id


class SwitchAuto(Command, name="voice.auto", needs=Need.COHOST):
    """Call the next in line, whenever a line is free, to this very connection, in place of any other one.

    A page says the same line after a reload, and has its calls again by it.
    """

    on: bool
    line: Line


class ChangeSettings(Command, name="voice.settings", needs=Need.COHOST):
    """Fields that are left out stay as they are. A new limit holds for those who begin to speak after it."""

    phones: Phones | None = None
    speak_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None


class CallChanged(Event, name="voice.changed"):
    """The whole new state of a call."""

    call: Call


class CallEnded(Event, name="voice.ended"):
    call: Id
    item: Id
    outcome: Ended


class MissedNow(Event, name="voice.missed"):
    missed: list[Id]


class AutoSwitched(Event, name="voice.auto"):
    auto: Auto | None


class SettingsChanged(Event, name="voice.settings"):
    settings: Settings


class Say(ClientSignal, name="voice.line", needs=Need.AUDIENCE):
    """A word from one end of a call to the other one, and to nobody else.

    The phone offers, the screen answers and may ask for a new offer (``restart``); both send candidates.
    """

    call: Id
    epoch: Epoch
    kind: Literal["offer", "answer", "candidate", "restart"]
    said: Said = ""
    """The description (SDP, at most 16 KiB), or the candidate (at most 1 KiB)."""
    mid: Annotated[str, Field(max_length=32)] | None = None
    """Of a candidate."""


class Loud(ClientSignal, name="voice.level", needs=Need.AUDIENCE):
    """How loud somebody is, from the connection that plays them: ten times a second at most, and once at least while
    they speak. The page looks at the real sound; nobody else is heard.
    """

    call: Id
    level: Level
    speaking: bool
    """Whether these are words: the page waits a moment before it changes its mind."""


class LevelNow(ServerSignal, name="voice.level"):
    """The same, to the other pages of hosts; the big screen is one."""

    call: Id
    level: Level


class WhoSpeaks(ClientSignal, name="voice.speaking", needs=Need.AUDIENCE):
    """Asks who speaks just now: changes alone are told. The answer comes as the signal of the same name."""


class Speaking(ServerSignal, name="voice.speaking"):
    """Everybody who speaks just now, to everyone in the room when it changes."""

    people: list[Id]


class Heard(ServerSignal, name="voice.line"):
    """The same, to the one connection that it is for."""

    call: Id
    epoch: Epoch
    kind: Literal["offer", "answer", "candidate", "restart"]
    said: Said
    mid: str | None
