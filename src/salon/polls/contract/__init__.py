"""What polls say on the wire: questions that hosts prepare, release one by one, and show; votes; totals.

What everyone may know of a poll is told to the room, what only hosts may know to the hosts' stream: drafts, right
answers, and totals that are not shown. While a poll is open its totals are told by signals (:class:`TallyNow`), at most
ten times a second, and asked for by ``polls.results``; the final ones stand in the event that says that it is closed.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from salon.core.contract import Command, Event, Id, Millis, Need, Query, ServerSignal
from salon.polls.contract.shapes import (
    Answer,
    BallotsPage,
    HostPoll,
    LeadersPage,
    Live,
    Made,
    OwnVote,
    Poll,
    Question,
    Saved,
    Seconds,
    TemplateList,
    TextsPage,
    Title,
)


class Create(Command, name="polls.create", needs=Need.COHOST, answer=Made):
    """Begin a draft, behind another poll or at the end."""

    question: Question
    after: Id | None = None


class Save(Command, name="polls.save", needs=Need.COHOST, answer=Saved):
    """Change a draft. Refused when somebody else has changed it since that revision."""

    poll: Id
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    question: Question


class Move(Command, name="polls.move", needs=Need.COHOST):
    """Put a poll right behind another one, or to the front."""

    poll: Id
    after: Id | None


class Duplicate(Command, name="polls.duplicate", needs=Need.COHOST, answer=Made):
    """A new draft with the same question, right behind it."""

    poll: Id


class Import(Command, name="polls.import", needs=Need.COHOST, answer=Made):
    """Drafts from JSON as ``polls.json`` of the room's files has it. What is wrong is said with its line and column."""

    text: Annotated[str, Field(max_length=60_000)]


class KeepTemplate(Command, name="polls.keep_template", needs=Need.COHOST, answer=Made):
    """Keep the questions of these polls under a name, for any room of one's own. The answer holds the template's id."""

    name: Title
    polls: Annotated[list[Id], Field(min_length=1, max_length=100)]


class UseTemplate(Command, name="polls.use_template", needs=Need.COHOST, answer=Made):
    """Drafts from a template of one's own."""

    template: Id


class DropTemplate(Command, name="polls.drop_template", needs=Need.COHOST):
    template: Id


class Open(Command, name="polls.open", needs=Need.COHOST):
    """Release a draft: from now on people vote. Its question does not change any more."""

    poll: Id


class Extend(Command, name="polls.extend", needs=Need.COHOST):
    """Move the deadline of an open poll."""

    poll: Id
    seconds: Seconds


class Close(Command, name="polls.close", needs=Need.COHOST):
    """Stop an open poll now."""

    poll: Id


class Show(Command, name="polls.show", needs=Need.COHOST):
    """Let everyone see the totals, or not any more."""

    poll: Id
    on: bool


class Reveal(Command, name="polls.reveal", needs=Need.COHOST):
    """Let everyone see which options of a closed quiz are right. From then on it counts on the leaderboard."""

    poll: Id


class Project(Command, name="polls.project", needs=Need.COHOST):
    """Put a released poll on the big screen in place of another one, or take it off. Opening one puts it there."""

    poll: Id
    on: bool


class HideWord(Command, name="polls.hide_word", needs=Need.COHOST):
    """Leave a word or a text out of all totals, or count it again. ``key`` is that of the totals."""

    poll: Id
    key: Annotated[str, Field(min_length=1, max_length=400)]
    on: bool


class Again(Command, name="polls.again", needs=Need.COHOST, answer=Made):
    """A new round of a closed poll, as a draft. The old one is kept."""

    poll: Id


class Reset(Command, name="polls.reset", needs=Need.COHOST):
    """Throw all votes away: the poll is a draft again."""

    poll: Id


class Delete(Command, name="polls.delete", needs=Need.COHOST):
    poll: Id


class Vote(Command, name="polls.vote", needs=Need.AUDIENCE):
    """Vote, once; where votes may be changed, the newest counts."""

    poll: Id
    choice: Answer
    opened_at: Millis | None = None
    """Of the poll as it was seen: for a vote that is sent later. Opened anew since, the poll does not take it."""


class Results(Query, name="polls.results", needs=Need.AUDIENCE, answer=Live):
    """How a poll stands, with the totals for those who may see them now."""

    poll: Id


class Texts(Query, name="polls.texts", needs=Need.AUDIENCE, answer=TextsPage):
    """Words and texts of a poll whose totals one may see, in no order that means anything: those after this key."""

    poll: Id
    after: Annotated[str, Field(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class Ballots(Query, name="polls.ballots", needs=Need.COHOST, answer=BallotsPage):
    """Who voted how, of a poll that is not anonymous: those after this person."""

    poll: Id
    after: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class Leaders(Query, name="polls.leaders", needs=Need.AUDIENCE, answer=LeadersPage):
    """The leaderboard of quizzes whose answers are revealed: of these, or of all in the room."""

    polls: Annotated[list[Id], Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class Templates(Query, name="polls.templates", needs=Need.COHOST, answer=TemplateList):
    """One's own templates, by name."""


class PollsChanged(Event, name="polls.changed"):
    """Whole new states of polls that everyone sees."""

    polls: list[Poll]


class PollsGone(Event, name="polls.gone"):
    """They were deleted, or are drafts again."""

    polls: list[Id]


class HostPollsChanged(Event, name="polls.hosts_changed"):
    """Hosts only."""

    polls: list[HostPoll]


class HostPollsGone(Event, name="polls.hosts_gone"):
    """Hosts only: they were deleted."""

    polls: list[Id]


class Voted(Event, name="polls.voted"):
    """Own stream."""

    vote: OwnVote


class TallyNow(ServerSignal, name="polls.tally"):
    """An open poll stands so now. What comes within a tenth of a second is told together."""

    live: Live
