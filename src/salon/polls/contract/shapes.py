"""The shapes of polls on the wire: questions, what is told of them, votes and totals."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Id, Millis, Model

Kind = Literal["single", "multiple", "rating", "numeric", "ranking", "words", "text", "quiz"]
Visibility = Literal["live", "voted", "closed", "hosts"]
"""Who sees totals: everyone at once, whoever has voted, everyone when it is closed, nobody until a host shows them."""

MOST_OPTIONS = 50
Title = Annotated[str, Field(max_length=4_000)]
"""Tidied and measured by ``rules``: at most 300 characters as people count them."""
OptionText = Annotated[str, Field(max_length=1_200)]
"""At most 150 characters."""
Label = Annotated[str, Field(max_length=320)]
"""At most 40 characters."""
Amount = Annotated[int, Field(ge=1, le=MOST_OPTIONS)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Seconds = Annotated[int, Field(ge=5, le=86_400)]


class Terms(Model):
    """What is asked, and how. Drafts may be unfinished; ``polls.open`` says what is missing."""

    kind: Kind
    title: Title = ""
    least: Amount = 1
    """How many options one chooses (``multiple``, ``quiz``) or ranks, or words one writes, at least."""
    most: Amount | None = None
    """And at most; null is all of them, of words three, of a quiz one."""
    steps: Annotated[int, Field(ge=2, le=10)] = 5
    """``rating``: from 1 to this."""
    low_label: Label = ""
    high_label: Label = ""
    low: Number | None = None
    """``numeric``: the least number that is taken."""
    high: Number | None = None
    whole: bool = False
    """``numeric``: only whole numbers."""
    unit: Label = ""
    seconds: Seconds | None = 60
    """How long it is open; null is until a host closes it."""
    changeable: bool = False
    """Whether a vote may be changed until the poll is closed."""
    visibility: Visibility = "live"
    anonymous: bool = False
    """Nothing that is stored links a person to a choice. Such votes are final, and a quiz gives no points for them."""
    audience: bool = True
    """Whether the audience votes, or only participants and hosts."""
    speed: bool = False
    """``quiz``: a right answer is worth 1,000 points at once, and half of that at the last moment."""


class Option(Model):
    text: OptionText
    right: bool = False
    """``quiz`` only."""


Options = Annotated[list[Option], Field(max_length=MOST_OPTIONS)]


class Question(Terms):
    """A question as hosts write it, and as it is imported and exported."""

    options: Options = Field(default_factory=list)


class ShownOption(Model):
    id: Id
    """New each time the poll is opened."""
    text: str


class ShownQuestion(Terms):
    """A question as everyone sees it: not which options are right."""

    options: list[ShownOption]


class Count(Model):
    key: str
    """An option's id, a step of a rating, a word in lower case, or the id of a text."""
    text: str
    """A word or text as it was written; empty for options and ratings."""
    count: int


class Ranked(Model):
    option: Id
    mean: float | None
    """The mean rank among those who ranked it, 1 being the best; null when nobody did."""
    counts: list[int]
    """How many put it first, second, and so on."""


class Bin(Model):
    low: float
    high: float
    """Within the bin, as is the lower end; what lies between belongs to one bin only."""
    count: int


class Tally(Model):
    """Totals. Lists that mean nothing for the kind of question are empty."""

    votes: int
    """How many people have voted: percentages are of this."""
    counts: list[Count]
    """Options in their order, steps of a rating from 1, words with the most frequent first, some texts in no order."""
    ranked: list[Ranked]
    """``ranking``: the best first."""
    bins: list[Bin]
    """``numeric``: a histogram."""
    mean: float | None
    median: float | None
    more: int
    """So many further words or texts; texts are to be had by ``polls.texts``."""


class Poll(Model):
    """A poll that was released, as everyone sees it."""

    id: Id
    place: float
    """Polls stand in the order of this number, drafts among them."""
    series: Id
    """The same for all rounds of a poll: the id of the first."""
    round: int
    question: ShownQuestion
    state: Literal["open", "closed"]
    opened_at: Millis
    closes_at: Millis | None
    """No vote counts from this moment on; null is when a host closes it."""
    closed_at: Millis | None
    shown: bool
    """Whether everyone may see the totals."""
    revealed: bool
    """Whether everyone may see which options are right."""
    projected: bool
    """Whether it is the one on the big screen."""
    tally: Tally | None
    """The final totals; null while it is open or they are not shown."""
    right: list[Id] | None
    """The right options of a quiz, once they are revealed."""


class HiddenWord(Model):
    key: str
    text: str


class HostPoll(Model):
    """A poll as hosts see it, drafts too."""

    id: Id
    place: float
    series: Id
    round: int
    revision: int
    """Counts the changes of the draft."""
    state: Literal["draft", "open", "closed"]
    question: Question
    right: list[Id]
    """The right options; empty for drafts, whose options have no ids yet."""
    tally: Tally | None
    """The final totals, whether shown or not."""
    hidden: list[HiddenWord]
    """Words and texts that a host has hidden; they are in no totals."""


class Answer(Model):
    """A vote: of these, the field that belongs to the kind of question."""

    options: Annotated[list[Id], Field(max_length=MOST_OPTIONS)] | None = None
    """``single``, ``multiple``, ``quiz``; ``ranking`` with the best first."""
    value: Number | None = None
    """``rating``, ``numeric``."""
    words: Annotated[list[Label], Field(max_length=MOST_OPTIONS)] | None = None
    text: Annotated[str, Field(max_length=4_000)] | None = None
    """At most 280 characters."""


class OwnVote(Model):
    poll: Id
    opened_at: Millis
    """Of the poll: a vote of before a reset is none of now."""
    choice: Answer | None
    """Null when the poll is anonymous: the server does not know it any more."""


class Live(Model):
    """How an open poll stands."""

    poll: Id
    votes: int
    tally: Tally | None
    """Null for those who may not see it."""


class HostsPart(Model):
    polls: list[HostPoll]


class PollsSnapshot(Model):
    polls: list[Poll]
    live: list[Live]
    """Open polls as they stood just now; signals tell what follows."""
    own: list[OwnVote]
    hosts: HostsPart | None
    """Only for hosts."""


class TextsPage(Model):
    texts: list[Count]
    more: bool


class Ballot(Model):
    person: Id
    name: str
    choice: Answer
    points: int | None
    """For a quiz."""


class BallotsPage(Model):
    ballots: list[Ballot]
    more: bool


class Leader(Model):
    rank: int
    """People with as many points have the same."""
    person: Id
    name: str
    points: int
    right: int
    """How many answers were right."""


class LeadersPage(Model):
    leaders: list[Leader]
    own: Leader | None
    """Oneself, wherever one stands; null for who has answered nothing that counts."""


class Template(Model):
    id: Id
    name: str
    questions: list[Question]


class TemplateList(Model):
    templates: list[Template]


class Made(Model):
    polls: list[Id]


class Saved(Model):
    revision: int
