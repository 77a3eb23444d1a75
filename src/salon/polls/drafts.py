"""What hosts do before a poll is released: drafts, their order, templates, questions from elsewhere."""

from __future__ import annotations

from sqlalchemy import func, select

from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.text import comparable
from salon.polls import contract
from salon.polls.contract.shapes import Made, Question, Saved
from salon.polls.desk import access_poll, add_drafts, asked, hold, polls_of, put, tell, tell_hosts
from salon.polls.exchange import dumped, loaded, read
from salon.polls.rules import TITLE, tidied
from salon.polls.tables import Poll, PollTemplate

ANY = ("draft", "open", "closed")
MOST_TEMPLATES = 50
LARGEST_TEMPLATE = 60_000
"""Characters, as much as a file that is taken in: its drafts are told to hosts in one event."""


@handles(contract.Create)
async def create(cmd: contract.Create, ctx: Context) -> Made:
    await hold(ctx)
    after = await access_poll(ctx, cmd.after, *ANY, field="after") if cmd.after is not None else None
    return Made(polls=await add_drafts(ctx, [cmd.question], after))


@handles(contract.Save)
async def save(cmd: contract.Save, ctx: Context) -> Saved:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, "draft")
    if poll.revision != cmd.revision:
        raise Refused("poll_changed", field="revision")
    question = tidied(cmd.question)
    written = question.model_dump_json()
    if written != poll.question:
        poll.question, poll.anonymous = written, question.anonymous
        poll.revision += 1
        await tell_hosts(ctx, [poll])
    return Saved(revision=poll.revision)


@handles(contract.Move)
async def move(cmd: contract.Move, ctx: Context) -> None:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, *ANY)
    if cmd.after == poll.id:
        raise Refused("invalid", "A poll does not stand behind itself.", field="after")
    after = await access_poll(ctx, cmd.after, *ANY, field="after") if cmd.after is not None else None
    line = await polls_of(ctx.session, ctx.room.id)
    others = [each for each in line if each.id != poll.id]
    at = others.index(after) + 1 if after is not None else 0
    if others[:at] == line[:at] and line[at : at + 1] == [poll]:
        return
    await tell(ctx, put(others, [poll], at))


@handles(contract.Duplicate)
async def duplicate(cmd: contract.Duplicate, ctx: Context) -> Made:
    await hold(ctx)
    poll = await access_poll(ctx, cmd.poll, *ANY)
    return Made(polls=await add_drafts(ctx, [asked(poll).question], poll))


@handles(contract.Import)
async def take_in(cmd: contract.Import, ctx: Context) -> Made:
    questions = read(cmd.text)
    await hold(ctx)
    return Made(polls=await add_drafts(ctx, questions))


@handles(contract.KeepTemplate)
async def keep_template(cmd: contract.KeepTemplate, ctx: Context) -> Made:
    name = _name(cmd.name)
    known = {poll.id: poll for poll in await polls_of(ctx.session, ctx.room.id)}
    missing = [each for each in cmd.polls if each not in known]
    if missing:
        raise Refused("poll_unknown", field="polls")
    whose = PollTemplate.identity_id == ctx.caller.identity
    counted = select(func.count()).select_from(PollTemplate).where(whose)
    if (await ctx.session.execute(counted)).scalar_one() >= MOST_TEMPLATES:
        raise Refused("templates_too_many")
    written = dumped([asked(known[each]).question for each in dict.fromkeys(cmd.polls)])
    if len(written) > LARGEST_TEMPLATE:
        raise Refused("poll_invalid", "That is too much for one template: take fewer polls.", field="polls")
    template = PollTemplate(id=new_id(), identity_id=ctx.caller.identity, name=name, questions=written)
    ctx.session.add(template)
    return Made(polls=[template.id])


def _name(name: str) -> str:
    tidy: str = tidied(Question(kind="single", title=name)).title
    if not comparable(tidy):
        raise Refused("poll_invalid", f"A template has a name of at most {TITLE} characters.", field="name")
    return tidy


async def _access_template(ctx: Context, template: str) -> PollTemplate:
    """One of one's own."""
    found = await ctx.session.get(PollTemplate, template, populate_existing=True)
    if found is None or found.identity_id != ctx.caller.identity:
        raise Refused("template_unknown", field="template")
    return found


@handles(contract.UseTemplate)
async def use_template(cmd: contract.UseTemplate, ctx: Context) -> Made:
    await hold(ctx)
    template = await _access_template(ctx, cmd.template)
    return Made(polls=await add_drafts(ctx, loaded(template.questions)))


@handles(contract.DropTemplate)
async def drop_template(cmd: contract.DropTemplate, ctx: Context) -> None:
    await ctx.session.delete(await _access_template(ctx, cmd.template))


def draft_again(poll: Poll) -> None:
    """It is a draft as before it was opened."""
    poll.state, poll.options, poll.final = "draft", "", None
    poll.opened_at = poll.closes_at = poll.closed_at = None
    poll.shown = poll.revealed = poll.projected = False
    poll.revision += 1
