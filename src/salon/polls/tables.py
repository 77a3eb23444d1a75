"""Polls, who has voted, and what was chosen.

Of a named poll, ``poll_choices`` has a row for each person and chosen thing, and totals are counted from these rows.

Of an anonymous poll nothing says who chose what. ``poll_voters`` says who has voted, and no more; what was chosen is
a number in ``poll_counts`` that goes up by one. Nothing else joins the two:

- There is no time in either, and no id but the poll's. Numbers of what can be chosen beforehand are there from the
  opening on.
- With SQLite both tables are WITHOUT ROWID: rows lie in the order of their keys, and have no number that tells when
  they came.
- PostgreSQL keeps for each row the transaction that wrote it (``xmin``) and its place (``ctid``). Each vote writes
  all numbers of a poll anew, so that they do not say which of them went up; closing writes both tables anew, in the
  order of their keys. One gap stays: while such a poll is open and its answers are free (words, texts, numbers),
  somebody who reads these hidden columns can pair an answer that nobody else gave with its voter.
- Totals of an open poll are signals, which nobody stores: the log, which has times, never says how they went up.
  Neither the event that tells a voter's own devices nor the answer to the command holds the choice.

What this cannot hide: somebody who watches the files of the database, its write-ahead log or backups made between two
votes sees what each transaction changed. And whoever sees live totals while a single person votes can tell what that
was.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Poll(Base):
    __tablename__ = "polls"
    __table_args__ = (Index("polls_due", "state", "closes_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    place: Mapped[float] = mapped_column(Float(53))
    series: Mapped[str] = mapped_column(String(32))
    round: Mapped[int]
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    """``draft``, ``open`` or ``closed``."""
    anonymous: Mapped[bool]
    question: Mapped[str] = mapped_column(Text)
    """The question as JSON."""
    options: Mapped[str] = mapped_column(Text)
    """The ids of its options, in their order, with spaces between them; empty for drafts."""
    opened_at: Mapped[int | None] = mapped_column(BigInteger)
    closes_at: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[int | None] = mapped_column(BigInteger)
    shown: Mapped[bool]
    revealed: Mapped[bool]
    projected: Mapped[bool]
    """Whether it is on the big screen; at most one of a room is."""
    final: Mapped[str | None] = mapped_column(Text)
    """The totals as JSON, once it is closed: they follow from the rows, and are counted anew when those change."""


class PollVoter(Base):
    """Somebody has voted."""

    __tablename__ = "poll_voters"
    __table_args__ = WITHOUT_ROWID

    poll_id: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    took: Mapped[int | None] = mapped_column(BigInteger)
    """Milliseconds since the opening. This and what follows only for a quiz that is not anonymous."""
    points: Mapped[int | None]
    correct: Mapped[bool | None]


class PollChoice(Base):
    """What somebody chose in a poll that is not anonymous."""

    __tablename__ = "poll_choices"
    __table_args__ = WITHOUT_ROWID

    poll_id: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    """An option's id, a number, a word as it is compared, or the id of a text."""
    rank: Mapped[int]
    """From 1 in a ranking; 0 elsewhere."""
    text: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None] = mapped_column(Float(53))


class PollCount(Base):
    """How often something was chosen in an anonymous poll. The key "" counts the people who have voted."""

    __tablename__ = "poll_counts"
    __table_args__ = WITHOUT_ROWID

    poll_id: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None] = mapped_column(Float(53))
    count: Mapped[int]


class PollHidden(Base):
    """A word or text that a host has taken out of the totals."""

    __tablename__ = "poll_hidden"

    poll_id: Mapped[str] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class PollTemplate(Base):
    """Questions that somebody keeps for their rooms."""

    __tablename__ = "poll_templates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    name: Mapped[str] = mapped_column(String(1200))
    questions: Mapped[str] = mapped_column(Text)
