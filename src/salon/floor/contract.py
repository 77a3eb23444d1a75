"""What the floor says on the wire: a queue of written items and of requests to speak, in an order that hosts decide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import LARGEST_NUMBER, Command, Event, Id, Millis, Model, Need, Query

Kind = Literal["text", "voice"]
Order = Literal["came", "first_timers", "upvoted"]
Outcome = Literal["answered", "withdrawn", "deleted"]

Words = Annotated[int, Field(ge=1, le=200)]
Body = Annotated[str, Field(max_length=20_000)]
"""Measured by ``rules.item_text``: as many words as the settings say, at most 2,000 characters."""
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


class Item(Model):
    """Something in the queue that everyone sees."""

    id: Id
    number: Number
    """In the order of asking; never used again in this room."""
    kind: Kind
    body: str
    """Of a request to speak: what it is about, or empty."""
    person: Id
    name: str
    """As it was when it was asked."""
    at: Millis
    votes: int
    pinned: bool
    taken_at: Millis | None
    """Since when it is being answered; null while it stands in the queue. Such an item comes before all others."""
    newcomer: bool
    """Nothing of this person was answered here before. Told only of what stands in the queue."""
    place: float
    """Items stand in the order of this number. It changes when somebody moves them."""


class PastItem(Model):
    """Something that was answered."""

    id: Id
    number: Number
    kind: Kind
    body: str
    person: Id
    name: str
    votes: int
    at: Millis
    """When it was answered."""


class Settings(Model):
    min_words: Words
    max_words: Words
    open_items: int
    """So many items one person may have in the queue."""
    cooldown_seconds: int
    """Between two items of one person."""
    order: Order
    upvotes: bool
    """Whether people may vote for items."""
    approval: bool
    """Whether a host looks at items before they are shown."""
    text: bool
    """Whether written items are taken."""
    voice: bool
    """Whether requests to speak are taken."""


class Own(Model):
    """What only the person sees."""

    waiting: list[Item]
    """Own items that a host has not approved yet."""
    voted: list[Id]
    """Items, also answered ones, that the person has voted for."""
    asked_at: Millis
    """When the person last asked, 0 for never. After the settings' cool-down they may ask again; hosts at any time."""


class HostsPart(Model):
    waiting: list[Item]
    """Items to be approved, in the order of asking."""


class FloorSnapshot(Model):
    settings: Settings
    items: list[Item]
    past: list[PastItem]
    """What was answered last, newest first; what was before by ``floor.history``."""
    own: Own
    hosts: HostsPart | None
    """Only for hosts."""


class Asked(Model):
    item: Id
    number: Number
    waiting: bool
    """A host must approve it first."""


class PastPage(Model):
    past: list[PastItem]
    """Newest first."""
    more: bool


class Ask(Command, name="floor.ask", needs=Need.AUDIENCE, answer=Asked):
    """Put something into the queue: a text, or the wish to speak."""

    kind: Kind
    body: Body = ""


class Withdraw(Command, name="floor.withdraw", needs=Need.AUDIENCE):
    """Take one's own item back."""

    item: Id


class Upvote(Command, name="floor.upvote", needs=Need.AUDIENCE):
    """Vote for somebody else's item, or take the vote back."""

    item: Id
    on: bool


class Approve(Command, name="floor.approve", needs=Need.COHOST):
    """Show a waiting item to everyone."""

    item: Id


class Move(Command, name="floor.move", needs=Need.COHOST):
    """Put an item right behind another one, or to the front. What was being answered stands in the queue again.

    Pinned items stay on top: they change places among themselves, and are no longer pinned when they are put behind one
    that is not. The front of all others is behind them.
    """

    item: Id
    after: Id | None


class Pin(Command, name="floor.pin", needs=Need.COHOST):
    """Keep an item at the top, above others that are pinned, or let it take its usual place again."""

    item: Id
    on: bool


class Take(Command, name="floor.take", needs=Need.COHOST):
    """Answer an item now, in front of everyone. What was being answered before is marked as answered.

    With ``on`` false it goes back to the front of the queue.
    """

    item: Id
    on: bool


class Answer(Command, name="floor.answer", needs=Need.COHOST):
    """Mark an item as answered: it leaves the queue and stands in the history."""

    item: Id


class Reopen(Command, name="floor.reopen", needs=Need.COHOST):
    """Put an answered item back into the queue, under its old number."""

    item: Id


class Delete(Command, name="floor.delete", needs=Need.COHOST):
    """Delete an item, whether it waits, stands in the queue or was answered."""

    item: Id


class Clear(Command, name="floor.clear", needs=Need.COHOST):
    """Delete all items of the queue, waiting ones too; with ``past``, the history instead."""

    past: bool = False


class ChangeSettings(Command, name="floor.settings", needs=Need.COHOST):
    """Fields that are left out stay as they are."""

    min_words: Words | None = None
    max_words: Words | None = None
    open_items: Annotated[int, Field(ge=1, le=20)] | None = None
    cooldown_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    order: Order | None = None
    upvotes: bool | None = None
    approval: bool | None = None
    text: bool | None = None
    voice: bool | None = None


class History(Query, name="floor.history", needs=Need.AUDIENCE, answer=PastPage):
    """What was answered before this one."""

    before: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class ItemsChanged(Event, name="floor.changed"):
    """Whole new states of items in the queue; those that were not there before are new in it."""

    items: list[Item]


class ItemsGone(Event, name="floor.gone"):
    """They are no longer in the queue."""

    items: list[Id]
    outcome: Outcome
    past: list[PastItem]
    """Those that stand in the history now."""


class PastChanged(Event, name="floor.past"):
    """Some are no longer in the history: this is what a snapshot shows of it now."""

    past: list[PastItem]
    deleted: list[Id]
    """Those that are not back in the queue."""


class ItemsWaiting(Event, name="floor.waiting"):
    """Hosts and authors: these wait for approval."""

    items: list[Item]


class WaitingGone(Event, name="floor.waiting_gone"):
    """Hosts and authors: these wait no longer."""

    items: list[Id]


class AskedAt(Event, name="floor.asked_at"):
    """Own stream: one has asked just now, and the cool-down begins."""

    at: Millis


class Voted(Event, name="floor.voted"):
    """Own stream."""

    item: Id
    on: bool


class SettingsChanged(Event, name="floor.settings"):
    settings: Settings
