"""Questions as JSON, out and in. What is wrong with a file is told with its line, its column and its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from salon.core.refusals import Refused
from salon.polls.contract.shapes import Question
from salon.polls.rules import problem_of, tidied

MOST = 100
DEPTH = 20
_QUESTIONS = TypeAdapter(list[Question])
_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[^\s,\]}]+")

Path = tuple[str | int, ...]


def dumped(questions: Sequence[Question]) -> str:
    return _QUESTIONS.dump_json(list(questions)).decode()


def loaded(text: str) -> list[Question]:
    return _QUESTIONS.validate_json(text)


def written(questions: Iterable[Question]) -> bytes:
    """The file that :func:`read` takes: what is as usual is left out."""
    polls = [question.model_dump(exclude_defaults=True) for question in questions]
    return orjson.dumps({"polls": polls}, option=orjson.OPT_INDENT_2) + b"\n"


def read(text: str) -> list[Question]:
    """The questions of a file, each ready to be asked: ``{"polls": [question, …]}``, or the list alone."""
    try:
        parsed = json.loads(text, parse_constant=_no_such_number)
    except json.JSONDecodeError as error:
        raise _wrong(text, error.pos, (), error.msg) from None
    except (ValueError, RecursionError):
        raise _wrong(text, 0, (), "This is no JSON that can be read") from None
    where = _positions(text)
    start: Path = ("polls",) if isinstance(parsed, dict) else ()
    if isinstance(parsed, dict) and set(parsed) != {"polls"}:
        raise _wrong(text, 0, (), 'A file of polls is {"polls": [...]}')
    polls = parsed["polls"] if isinstance(parsed, dict) else parsed
    if not isinstance(polls, list) or not 1 <= len(polls) <= MOST:
        raise _wrong(text, where.get(start, 0), start, f"A file has 1 to {MOST} polls")
    return [_question(text, where, (*start, at), each) for at, each in enumerate(polls)]


def _question(text: str, where: dict[Path, int], start: Path, data: Any) -> Question:
    try:
        question = tidied(Question.model_validate(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _wrong(text, _nearest(where, (*start, *first["loc"])), (*start, *first["loc"]), first["msg"]) from None
    except Refused as why:
        path = (*start, *(int(part) if part.isdigit() else part for part in (why.field or "").split(".")))
        raise _wrong(text, _nearest(where, path), path, why.message) from None
    problem = problem_of(question)
    if problem is not None:
        path = (*start, *problem.path)
        raise _wrong(text, _nearest(where, path), path, problem.message)
    return question


def _no_such_number(name: str) -> Any:
    raise ValueError(name)


def _wrong(text: str, at: int, path: Path, message: str) -> Refused:
    before = text[:at]
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    where = ".".join(str(part) for part in path)
    said = f"Line {line}, column {column}{f', {where}' if where else ''}: {message.rstrip('.')}."
    return Refused("import_invalid", said, field="text")


def _nearest(where: dict[Path, int], path: Path) -> int:
    """Where this is in the text; of what is missing, where it should be."""
    while path and path not in where:
        path = path[:-1]
    return where.get(path, 0)


def _positions(text: str) -> dict[Path, int]:
    """Path → where its value begins, of a text that is JSON."""
    found: dict[Path, int] = {}
    _walk(text, _SPACE.match(text, 0).end(), (), found)  # type: ignore[union-attr]
    return found


def _walk(text: str, at: int, path: Path, found: dict[Path, int]) -> int:
    """Note the value that begins here, and all in it. Returns where it ends."""
    found[path] = at
    if len(path) > DEPTH:
        raise _wrong(text, at, path[:2], "Nothing is nested so deep in a file of polls")
    if text[at] == '"':
        return int(scanstring(text, at + 1, True)[1])
    if text[at] not in "[{":
        match = _SCALAR.match(text, at)
        return match.end() if match else at + 1
    opened, at, number = text[at], _skip(text, at + 1), 0
    while text[at] not in "]}":
        key: str | int = number
        if opened == "{":
            key, at = scanstring(text, at + 1, True)
            at = _skip(text, _skip(text, at) + 1)
        at = _skip(text, _walk(text, at, (*path, key), found))
        if text[at] == ",":
            at = _skip(text, at + 1)
        number += 1
    return at + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
