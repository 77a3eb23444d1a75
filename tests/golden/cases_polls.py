"""Golden cases of polls: what hosts and everyone are told of drafts, votes and totals."""

from __future__ import annotations

from tests.golden.play import Play, case
from tests.polls.support import question
from tests.support.recorder import Json

ALL = "owner cohost guest listener"


async def ready(play: Play) -> None:
    await play.do(play.owner, "rooms.activity", activity="polls", on=True)


async def draft(play: Play, kind: str = "single", **more: object) -> str:
    made: Json = await play.do(play.owner, "polls.create", question=question(kind, **more))
    poll: str = made["polls"][0]
    return poll


async def opened(play: Play, kind: str = "single", **more: object) -> str:
    poll = await draft(play, kind, **more)
    await play.do(play.owner, "polls.open", poll=poll)
    return poll


async def vote(play: Play, who: str, poll: str, *places: int, **choice: object) -> None:
    client = getattr(play, who)
    if places:
        polls = (await client.look())["features"]["polls"]["polls"]
        known = next(each for each in polls if each["id"] == poll)["question"]["options"]
        choice["options"] = [known[at]["id"] for at in places]
    await play.do(client, "polls.vote", poll=poll, choice=choice)


@case("polls.create", "at-the-end-and-behind", "V1", ALL)
async def create(play: Play) -> None:
    await ready(play)
    first = await opened(play)
    await draft(play)
    await play.begin()
    await draft(play, "quiz")
    await play.do(play.cohost, "polls.create", question={"kind": "words"}, after=first)


@case("polls.save", "as-one-types", "V1", "owner cohost guest")
async def save(play: Play) -> None:
    await ready(play)
    poll = await draft(play)
    await play.begin()
    await play.do(play.owner, "polls.save", poll=poll, revision=1, question=question(title="W"))
    await play.do(play.cohost, "polls.save", poll=poll, revision=2, question=question(title="Wh"))


@case("polls.move", "drafts-and-released-ones", "V1", ALL)
async def move(play: Play) -> None:
    await ready(play)
    first, second, third = await opened(play), await draft(play), await opened(play)
    await play.begin()
    await play.do(play.owner, "polls.move", poll=third, after=None)
    await play.do(play.owner, "polls.move", poll=first, after=second)


@case("polls.duplicate", "of-an-open-one", "V1", "owner guest")
async def duplicate(play: Play) -> None:
    await ready(play)
    poll = await opened(play, "multiple")
    await play.begin()
    await play.do(play.owner, "polls.duplicate", poll=poll)


@case("polls.import", "two", "V1", "owner guest")
async def take_in(play: Play) -> None:
    await ready(play)
    await play.begin()
    text = '[{"kind": "text", "title": "Why?"}, {"kind": "rating", "title": "How?", "steps": 3}]'
    await play.do(play.owner, "polls.import", text=text)


@case("polls.keep_template", "nobody-is-told", "V1")
async def keep_template(play: Play) -> None:
    await ready(play)
    poll = await draft(play)
    await play.begin()
    await play.do(play.owner, "polls.keep_template", name="Usual", polls=[poll])


@case("polls.use_template", "as-drafts", "V1", "owner cohost guest")
async def use_template(play: Play) -> None:
    await ready(play)
    poll = await draft(play)
    kept = await play.do(play.owner, "polls.keep_template", name="Usual", polls=[poll])
    await play.begin()
    await play.do(play.owner, "polls.use_template", template=kept["polls"][0])


@case("polls.drop_template", "nobody-is-told", "V1")
async def drop_template(play: Play) -> None:
    await ready(play)
    kept = await play.do(play.owner, "polls.keep_template", name="Usual", polls=[await draft(play)])
    await play.begin()
    await play.do(play.owner, "polls.drop_template", template=kept["polls"][0])


@case("polls.open", "with-and-without-a-deadline", "V3", ALL)
async def release(play: Play) -> None:
    await ready(play)
    first, second = await draft(play, "quiz"), await draft(play, "ranking", seconds=None, visibility="hosts")
    await play.begin()
    await play.do(play.owner, "polls.open", poll=first)
    await play.do(play.cohost, "polls.open", poll=second)


@case("polls.extend", "by-half-a-minute", "V3", "owner guest")
async def extend(play: Play) -> None:
    await ready(play)
    poll = await opened(play)
    await play.begin()
    await play.do(play.owner, "polls.extend", poll=poll, seconds=30)


@case("polls.close", "totals-are-shown", "V3", ALL)
async def close(play: Play) -> None:
    await ready(play)
    poll = await opened(play, "multiple")
    await vote(play, "guest", poll, 0, 1)
    await vote(play, "listener", poll, 1)
    await play.begin()
    await play.do(play.owner, "polls.close", poll=poll)


@case("polls.close", "totals-are-for-hosts", "V4", ALL)
async def close_hidden(play: Play) -> None:
    await ready(play)
    poll = await opened(play, visibility="hosts")
    await vote(play, "guest", poll, 0)
    await play.begin()
    await play.do(play.owner, "polls.close", poll=poll)


@case("polls.close", "by-its-deadline", "V3", "owner guest")
async def deadline(play: Play) -> None:
    await ready(play)
    poll = await opened(play, "numeric", seconds=10)
    await vote(play, "guest", poll, value=2.5)
    await play.begin()
    await play.stage.pass_time(15)


@case("polls.show", "on-and-off", "V3", ALL)
async def show(play: Play) -> None:
    await ready(play)
    first, second = await opened(play, visibility="hosts"), await opened(play, "rating")
    await vote(play, "guest", first, 0)
    await play.do(play.owner, "polls.close", poll=first)
    await play.begin()
    await play.do(play.owner, "polls.show", poll=first, on=True)
    await play.do(play.owner, "polls.show", poll=second, on=False)


@case("polls.project", "one-after-the-other", "V3", ALL)
async def project(play: Play) -> None:
    await ready(play)
    first, second = await opened(play), await opened(play, "rating")
    await play.begin()
    await play.do(play.owner, "polls.project", poll=first, on=True)
    await play.do(play.owner, "polls.project", poll=first, on=True)
    await play.do(play.owner, "polls.project", poll=second, on=False)
    await play.do(play.owner, "polls.project", poll=first, on=False)


@case("polls.reveal", "a-quiz", "V2", ALL)
async def reveal(play: Play) -> None:
    await ready(play)
    poll = await opened(play, "quiz")
    await vote(play, "guest", poll, 1)
    await play.do(play.owner, "polls.close", poll=poll)
    await play.begin()
    await play.do(play.owner, "polls.reveal", poll=poll)


@case("polls.hide_word", "open-and-closed", "V2", ALL)
async def hide_word(play: Play) -> None:
    await ready(play)
    first, second = await opened(play, "words"), await opened(play, "words")
    for poll in (first, second):
        await vote(play, "guest", poll, words=["Ugly", "nice"])
    await play.do(play.owner, "polls.close", poll=second)
    await play.begin()
    await play.do(play.owner, "polls.hide_word", poll=first, key="ugly", on=True)
    await play.do(play.owner, "polls.hide_word", poll=second, key="ugly", on=True)
    await play.do(play.owner, "polls.hide_word", poll=first, key="ugly", on=False)


@case("polls.again", "a-second-round", "V6", "owner guest")
async def again(play: Play) -> None:
    await ready(play)
    poll = await opened(play)
    await vote(play, "guest", poll, 2)
    await play.do(play.owner, "polls.close", poll=poll)
    await play.begin()
    await play.do(play.owner, "polls.again", poll=poll)


@case("polls.reset", "and-opened-and-voted-once-more", "V6", ALL)
async def reset(play: Play) -> None:
    await ready(play)
    poll = await opened(play)
    await vote(play, "guest", poll, 2)
    await vote(play, "listener", poll, 1)
    await play.begin()
    await play.do(play.owner, "polls.reset", poll=poll)
    await play.do(play.owner, "polls.open", poll=poll)
    await vote(play, "guest", poll, 0)


@case("polls.delete", "draft-open-and-closed", "V6", ALL)
async def delete(play: Play) -> None:
    await ready(play)
    first, second, third = await draft(play), await opened(play), await opened(play)
    await vote(play, "guest", third, 2)
    await play.do(play.owner, "polls.close", poll=third)
    await play.begin()
    for poll in (first, second, third):
        await play.do(play.owner, "polls.delete", poll=poll)


@case("polls.vote", "of-each-kind", "V2", "owner guest listener")
async def votes(play: Play) -> None:
    await ready(play)
    kinds = ("single", "multiple", "rating", "numeric", "ranking", "words", "text", "quiz")
    polls = {kind: await opened(play, kind) for kind in kinds}
    await play.begin()
    await vote(play, "guest", polls["single"], 1)
    await vote(play, "guest", polls["multiple"], 2, 0)
    await vote(play, "guest", polls["rating"], value=4)
    await vote(play, "guest", polls["numeric"], value=-2.5)
    await vote(play, "guest", polls["ranking"], 2, 0, 1)
    await vote(play, "guest", polls["words"], words=["Zoo", "apple"])
    await vote(play, "guest", polls["text"], text="because")
    await vote(play, "listener", polls["quiz"], 1)


@case("polls.vote", "changed-and-anonymous", "V4", "owner guest listener")
async def changed(play: Play) -> None:
    await ready(play)
    first, second = await opened(play, changeable=True), await opened(play, anonymous=True, visibility="voted")
    await vote(play, "guest", first, 1)
    await play.begin()
    await vote(play, "guest", first, 2)
    await vote(play, "guest", second, 0)
    await vote(play, "listener", second, 0)
