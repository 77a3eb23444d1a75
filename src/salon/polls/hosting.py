"""What hosts do with a poll: open, extend, close, show, reveal; again, reset, delete; hide a word."""

from __future__ import annotations

from sqlalchemy import select

from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.polls import contract, counting
from salon.polls.contract.shapes import Made
from salon.polls.desk import access_poll, add_drafts, asked, delete_votes, hold, project, tell, tell_hosts
from salon.polls.drafts import ANY, draft_again
from salon.polls.live import Live
from salon.polls.rules import problem_of
from salon.polls.tables import Poll, PollHidden


@handles(contract.Open)
async def open_poll(cmd: contract.Open, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "draft")
    question = asked(poll).question
    problem = problem_of(question)
    if problem is not None:
        raise Refused("poll_invalid", problem.message, field=problem.field)
    poll.state, poll.opened_at = "open", ctx.now
    poll.closes_at = ctx.now + question.seconds * 1000 if question.seconds is not None else None
    poll.options = " ".join(new_id() for _ in question.options)
    poll.shown = question.visibility == "live"
    poll.revision += 1
    await counting.prepare(ctx, poll)
    await tell(ctx, await project(ctx, poll))
    Live.timed(ctx)
    Live.turned(ctx, poll.id)


async def _running(ctx: Context, name: str) -> Poll:
    """An open poll whose deadline has not passed."""
    poll = await access_poll(ctx, name, "open")
    if poll.closes_at is not None and ctx.now >= poll.closes_at:
        raise Refused("poll_over", field="poll")
    return poll


@handles(contract.Extend)
async def extend(cmd: contract.Extend, ctx: Context) -> None:
    await hold(ctx)
    poll = await _running(ctx, cmd.poll)
    if poll.closes_at is None:
        raise Refused("poll_state", "The poll is open until a host closes it.", field="poll")
    poll.closes_at += cmd.seconds * 1000
    await tell(ctx, [poll])
    Live.timed(ctx)


@handles(contract.Close)
async def close(cmd: contract.Close, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "open")
    await counting.close(ctx, poll)
    Live.turned(ctx, poll.id)


@handles(contract.Show)
async def show(cmd: contract.Show, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "open", "closed")
    if poll.shown != cmd.on:
        poll.shown = cmd.on
        await tell(ctx, [poll])
        Live.turned(ctx, poll.id)
        if not cmd.on:
            # Whoever was away is not told afterwards what was shown meanwhile.
            ctx.forget_events()


@handles(contract.Reveal)
async def reveal(cmd: contract.Reveal, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "closed")
    if asked(poll).question.kind != "quiz":
        raise Refused("poll_state", "Only a quiz has right answers.", field="poll")
    if not poll.revealed:
        poll.revealed = True
        await tell(ctx, [poll])


@handles(contract.Project)
async def put_on_screen(cmd: contract.Project, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "open", "closed")
    if cmd.on:
        await tell(ctx, await project(ctx, poll))
    elif poll.projected:
        poll.projected = False
        await tell(ctx, [poll])


@handles(contract.HideWord)
async def hide_word(cmd: contract.HideWord, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "open", "closed")
    if asked(poll).question.kind not in {"words", "text"}:
        raise Refused("poll_state", "Only words and texts can be hidden.", field="poll")
    hidden = await ctx.session.get(PollHidden, (poll.id, cmd.key), populate_existing=True)
    if (hidden is not None) == cmd.on:
        return
    if hidden is not None:
        await ctx.session.delete(hidden)
    else:
        inner = counting.grouped(poll).subquery()
        found = (await ctx.session.execute(select(inner.c[2]).where(inner.c[0] == cmd.key).limit(1))).scalar()
        if found is None:
            raise Refused("word_unknown", field="key")
        ctx.session.add(PollHidden(poll_id=poll.id, key=cmd.key, text=found))
        # It stands in what was told before, too.
        ctx.forget_events()
    await ctx.session.flush()
    if poll.state == "closed":
        await counting.count_again(ctx, poll)
        await tell(ctx, [poll])
    else:
        await tell_hosts(ctx, [poll])
    Live.turned(ctx, poll.id)


@handles(contract.Again)
async def again(cmd: contract.Again, ctx: Context) -> Made:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "closed")
    return Made(polls=await add_drafts(ctx, [asked(poll).question], poll, again=poll))


@handles(contract.Reset)
async def reset(cmd: contract.Reset, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "open", "closed")
    draft_again(poll)
    await delete_votes(ctx.session, [poll.id])
    ctx.forget_events()
    ctx.to_room(contract.PollsGone(polls=[poll.id]))
    await tell_hosts(ctx, [poll])
    Live.turned(ctx, poll.id)


@handles(contract.Delete)
async def delete(cmd: contract.Delete, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, *ANY)
    await delete_votes(ctx.session, [poll.id])
    await ctx.session.delete(poll)
    ctx.forget_events()
    if poll.state != "draft":
        ctx.to_room(contract.PollsGone(polls=[poll.id]))
    ctx.to_hosts(contract.HostPollsGone(polls=[poll.id]))
    Live.turned(ctx, poll.id)
