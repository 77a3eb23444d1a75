"""What calls say on the wire: a room's one call, in which people see and hear each other.

Somebody takes part with one connection. Media goes from browser to browser; the server says who takes part, what each
of them may send, and carries the words by which two browsers find the way to each other.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import ClientSignal, Command, Event, Id, Millis, Model, Need, ServerSignal

What = Literal["microphone", "camera", "screen"]
Why = Literal["left", "lost", "sent_out", "gone", "ended"]
"""Of own will; the connection was lost; by a host; no longer in the room; there is no call any more."""
Pictures = Literal["auto", "high", "low", "smallest"]
"""How large cameras are sent. ``auto``: as each receiver needs. ``smallest``: 160x90 at 8 pictures a second."""
Those = Literal["everyone", "hosts"]
Epoch = Annotated[int, Field(ge=0, le=2**31 - 1)]
Line = Annotated[str, Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""Random, made by a page and told to nobody: by it the same page comes back to its own place, after a reload too."""
Most = Annotated[int, Field(ge=2, le=8)]
Sdp = Annotated[str, Field(max_length=32_768)]
Emoji = Literal["👍", "👏", "❤️", "😂", "🎉", "😮", "🤔", "👎"]


class Participant(Model):
    """Somebody who is in the call. Everyone in the room sees it.

    What is false here is not to be seen or heard: receivers drop such a track even if it comes. So who is held is off
    for everyone, whatever their own page does. What is true is meant to come; whether it does, each receiver measures.
    """

    id: Id
    """New for each joining; stays through a reload, a cut and another device of theirs."""
    person: Id
    there: bool
    """Their connection is here. While it is lost they are waited for, and media may go on."""
    epoch: Epoch
    """Rises when their media begins anew: the page was loaded again, or another one took over. Others then close what
    they had with them and wait for, or make, a new connection."""
    joined_at: Millis
    microphone: bool
    camera: bool
    screen: bool
    screen_sound: bool
    """The sound of what they share, a track of its own."""
    held: list[What]
    """What they may not send now: a host holds it, they are muted or of the audience, screens are for hosts."""
    hand_at: Millis | None
    """Since when the hand is up."""


class Holds(Model):
    """What hosts hold of somebody, whether they are in the call or not: leaving and joining again changes nothing."""

    person: Id
    what: list[What]


class Settings(Model):
    share: Those
    """Who may share a screen."""
    record: Those
    """Who may record."""
    join_muted: bool
    """Whoever joins begins with the microphone off. They may switch it on."""
    pictures: Pictures
    most: Most
    """So many may be in the call."""


class RecordingMark(Model):
    """Somebody records. Everyone is told while it goes on."""

    id: Id
    person: Id
    file: Id
    """What the upload will be among the room's files."""
    since: Millis


class CallSnapshot(Model):
    settings: Settings
    participants: list[Participant]
    """In the order of joining (``joined_at``, then ``id``)."""
    holds: list[Holds]
    """In the order of ids; nobody of whom nothing is held."""
    recordings: list[RecordingMark]
    """In the order of their beginning (``since``, then ``id``)."""


class Joined(Model):
    participant: Participant
    """As it is now: what they may not send, and what newcomers begin without, is off."""


class Join(Command, name="call.join", needs=Need.AUDIENCE, answer=Joined):
    """Come into the call with this very connection, or back into it.

    The page that was in it says the same line, and has its place again with hand and order. Another page of the same
    person takes over what nobody has; what a page has that is there, only with ``take`` (else ``call_elsewhere``).
    The audience sees and hears, and sends nothing.
    """

    line: Line
    anew: bool = True
    """This page has no media connections from before. Without, a page that comes back after a cut goes on with them."""
    take: bool = False
    microphone: bool = False
    camera: bool = False
    screen: bool = False
    screen_sound: bool = False


class Leave(Command, name="call.leave", needs=Need.AUDIENCE):
    """Go. Only the connection that is in the call; for others nothing happens."""


class ChangeMedia(Command, name="call.media", needs=Need.AUDIENCE):
    """Say what this page sends from now on. Fields that are left out stay as they are. Refused with ``held`` when
    something that may not be sent is switched on.
    """

    microphone: bool | None = None
    camera: bool | None = None
    screen: bool | None = None
    screen_sound: bool | None = None


class RaiseHand(Command, name="call.hand", needs=Need.AUDIENCE):
    """Raise one's own hand, or lower it."""

    up: bool


class LowerHand(Command, name="call.lower_hand", needs=Need.COHOST):
    person: Id


class LowerHands(Command, name="call.lower_hands", needs=Need.COHOST):
    """All of them."""


class Hold(Command, name="call.hold", needs=Need.COHOST):
    """Switch something off for somebody of lower standing and keep it off, or let them have it again."""

    person: Id | None = None
    """Left out: for everybody of lower standing who is in the call; letting go, for everybody of whom it is held."""
    what: What
    on: bool


class SendOut(Command, name="call.send_out", needs=Need.COHOST):
    """End the call for somebody of lower standing. They stay in the room, and may join again."""

    person: Id


class ChangeSettings(Command, name="call.settings", needs=Need.COHOST):
    """Fields that are left out stay as they are. Fewer places send nobody out."""

    share: Those | None = None
    record: Those | None = None
    join_muted: bool | None = None
    pictures: Pictures | None = None
    most: Most | None = None


class Recorded(Model):
    recording: RecordingMark


class Record(Command, name="call.record", needs=Need.AUDIENCE, answer=Recorded):
    """Record the call on this page, as the settings allow: everyone is told before the first picture is taken.

    Over the connection that is in the call. It ends when they leave; when their place was lost, or their media begins
    anew, unless the same is said again over the connection that is in the call then.
    """

    file: Id
    """An upload without a length that this person has begun; it is ended with the recording."""


class StopRecording(Command, name="call.stop_recording", needs=Need.AUDIENCE):
    """One's own; hosts any."""

    recording: Id


class ParticipantsChanged(Event, name="call.changed"):
    """The whole new states of participants, new ones among them."""

    participants: list[Participant]


class ParticipantLeft(Event, name="call.left"):
    participant: Id
    person: Id
    why: Why


class HoldsChanged(Event, name="call.held"):
    """The whole new state for these people; with nothing in ``what`` nothing is held of them any more."""

    holds: list[Holds]


class SettingsChanged(Event, name="call.settings"):
    settings: Settings


class RecordingBegun(Event, name="call.recording"):
    recording: RecordingMark


class RecordingEnded(Event, name="call.recording_ended"):
    """What was recorded until now may still be sent within half a minute; then it is a file."""

    recording: Id
    person: Id
    file: Id
    by: Id | None
    """Who has ended it; null: it was over by itself, as when they left the call, or may not record any more."""


class Candidate(Model):
    """A way to a browser (``RTCIceCandidate``); an empty one is the end of them."""

    candidate: Annotated[str, Field(max_length=1_024)]
    mid: Annotated[str, Field(max_length=32)] | None = None
    line: Annotated[int, Field(ge=0, le=255)] | None = None
    """``sdpMLineIndex``."""
    ufrag: Annotated[str, Field(max_length=256)] | None = None


class Say(ClientSignal, name="call.say", needs=Need.AUDIENCE):
    """A word to one participant's one connection, and to nobody else: either a description or candidates, or neither to
    ask for an offer with new ways (``restart``).
    """

    to: Id
    """The participant."""
    epoch: Epoch
    """Theirs, as this page knows it: a word for what has begun anew since is refused with ``call_begins_anew``."""
    link: Epoch = 0
    """Which of the connections between the two, one after the other: a higher one takes the place of a lower one."""
    kind: Literal["offer", "answer", "candidates", "restart"]
    sdp: Sdp | None = None
    """Of an offer or answer."""
    candidates: Annotated[list[Candidate], Field(max_length=16)] | None = None
    """What was found within some tens of milliseconds goes together: words are counted, candidates are not."""


class Said(ServerSignal, name="call.said"):
    """The same, to the one connection that it is for."""

    participant: Id
    """Who says it."""
    epoch: Epoch
    """Theirs: a higher one than is known begins anew, a lower one is late."""
    link: Epoch
    kind: Literal["offer", "answer", "candidates", "restart"]
    sdp: str | None
    candidates: list[Candidate] | None


class React(ClientSignal, name="call.react", needs=Need.AUDIENCE):
    """For who is in the call."""

    emoji: Emoji


class Reacted(ServerSignal, name="call.reacted"):
    """To everyone in the room."""

    person: Id
    emoji: Emoji


class Speak(ClientSignal, name="call.speak", needs=Need.AUDIENCE):
    """This page's own person begins to speak or stops; said again every two seconds at least while they speak."""

    speaking: bool


class Speaking(ServerSignal, name="call.speaking"):
    """Everybody who speaks in the call just now: to everyone in the room when it changes, and to who has just come."""

    people: list[Id]
