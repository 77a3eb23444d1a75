"""What files say on the wire: what lies in the room, what was dropped to one person, how uploads get on.

The bytes themselves come and go over HTTP (``docs/files.md``). What everyone has is told to the room; what is for one
person only is told to that person and to whoever sent it, on their own streams. How far uploads have got is told by
signals (:class:`ProgressNow`), at most ten times a second.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import (
    LARGEST_NUMBER,
    ClientSignal,
    Command,
    Device,
    Event,
    Id,
    Millis,
    Model,
    Need,
    ServerSignal,
)

Uploaders = Literal["owner", "hosts", "everyone"]
"""Who may put files into the room, and send them to others. Anyone in the room may download."""
Kind = Literal["image", "audio", "video", "pdf", "text", "other"]
"""What its content proves a file to be. Only ``other`` has no preview."""
Bytes = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
ExpiryMinutes = Annotated[int, Field(ge=5, le=60 * 24 * 365)]

TEXT_LENGTH = 10_000
"""Code points in a text that is dropped."""


class Settings(Model):
    uploads: Uploaders
    expiry_minutes: int | None
    """A file is deleted so long after it came; null is never, before the room closes."""


class Limits(Model):
    """In bytes. What is beyond is refused before a byte is written."""

    file: Bytes
    room: Bytes


class File(Model):
    """A file or a text that was dropped."""

    id: Id
    author: Id
    name: str
    """Of the file, cleaned; two files may have the same."""
    folder: str
    """Where it lay in a folder that was dropped, with ``/`` between; empty for a file on its own."""
    person: str
    """The author's name when it came."""
    size: Bytes
    """Zero while it comes and its length is not known."""
    type: str
    """The media type that its content proves, or ``application/octet-stream``."""
    kind: Kind
    sha256: str | None
    """Of the whole content, in hexadecimal; null while it is coming."""
    text: str | None
    """A dropped text. It has no bytes beside, and can be downloaded all the same. Empty for the one it is offered to,
    who sees it, its name and its hash when they have accepted it."""
    chat: bool
    """Dropped into the chat: it is shown there, by its time, among the messages."""
    to: Id | None
    """Only for this person and the author; null is for everyone."""
    device: Id | None
    """Of the devices of that person, the one that it was sent to."""
    accepted: bool | None
    """Whether that person has taken it; null is for everyone."""
    ready: bool
    """Its bytes are all here. Only what is for one person is told before."""
    thumbnail: bool
    """``/api/files/<link>/<id>/thumbnail`` has a small picture of it."""
    width: int | None
    """Of an image as it is shown, upright, in pixels: pages keep its place free. Null for everything else."""
    height: int | None
    at: Millis
    """When it was here for everyone; of what is for one person, when it began to come."""
    expires_at: Millis | None


class FilesSnapshot(Model):
    settings: Settings
    limits: Limits
    files: list[File]
    """For everyone, by ``at`` and ``id``."""
    direct: list[File]
    """To and from oneself alone, by ``at`` and ``id``."""


class Made(Model):
    file: Id


class Change(Command, name="files.settings", needs=Need.COHOST):
    """What is left out stays as it is. Expiry counts for what comes from now on. Who may upload the owner decides."""

    uploads: Uploaders | None = None
    expiry_minutes: ExpiryMinutes | None = None


class DropText(Command, name="files.text", needs=Need.AUDIENCE, answer=Made):
    """Drop a text, as from the clipboard: for everyone, or for one person."""

    text: Annotated[str, Field(max_length=60_000)]
    """Measured after tidying: 1 to 10,000 code points."""
    to: Id | None = None
    device: Id | None = None


class Answer(Command, name="files.answer", needs=Need.AUDIENCE):
    """Accept or decline what somebody sent to oneself. What is declined is deleted, and an upload of it stops."""

    file: Id
    accept: bool


class Delete(Command, name="files.delete", needs=Need.AUDIENCE):
    """Delete one's own, also while it is coming; hosts any that is for everyone. The bytes go from disk."""

    files: Annotated[list[Id], Field(min_length=1, max_length=500)]


class NameDevice(ClientSignal, name="files.device", needs=Need.AUDIENCE):
    """What this connection's device is called, for others to choose it by. Every page tells it when it is welcomed."""

    name: Annotated[str, Field(max_length=400)]
    """Tidied and cut to 40 characters; empty takes the device off the list."""


class FilesChanged(Event, name="files.changed"):
    """Whole new states of files for everyone."""

    files: list[File]


class FilesGone(Event, name="files.gone"):
    files: list[Id]


class DirectChanged(Event, name="files.direct_changed"):
    """Own stream: whole new states of what is only for oneself, or from oneself to one other."""

    files: list[File]


class DirectGone(Event, name="files.direct_gone"):
    """Own stream."""

    files: list[Id]
    declined: bool
    """The other person did not want it; otherwise it was deleted or has expired."""


class SettingsChanged(Event, name="files.settings_changed"):
    settings: Settings


class Upload(Model):
    """A file that is coming."""

    id: Id
    """Of the file that it will be."""
    author: Id
    name: str
    folder: str
    size: Bytes | None
    """Null: nobody knows yet. It is something that is being made, as a recording."""
    offset: Bytes
    """So many bytes are here."""
    chat: bool
    to: Id | None
    moving: bool
    """Bytes are coming just now; otherwise it waits to be taken up again."""


class ProgressNow(ServerSignal, name="files.progress"):
    """How uploads get on. What comes within a tenth of a second is told together. Who comes in is told at once of all
    that are under way, also of those that wait, and once more when the connection says its device's name."""

    uploads: list[Upload]
    over: list[Id]
    """They are complete, which an event tells, or given up."""


class NamedDevice(Model):
    id: Id
    """As long as the connection lasts."""
    person: Id
    name: str
    kind: Device


class DevicesNow(ServerSignal, name="files.devices"):
    """All devices in the room that have a name. One's own are among them. Told at once to who comes in."""

    me: Id | None
    """Which of them this very connection is; null as long as it has no name."""
    devices: list[NamedDevice]
