"""Pure rules of polls: what a question must have to be asked, what a vote may be, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.text import comparable, fits, tidy_line, tidy_text
from salon.polls.contract.shapes import Answer, Kind, Question

CHOOSES: frozenset[Kind] = frozenset({"single", "multiple", "ranking", "quiz"})
"""Kinds that have options."""
FREE: frozenset[Kind] = frozenset({"numeric", "words", "text"})
"""Kinds whose answers are not known beforehand."""
TITLE, OPTION, LABEL, TEXT = 300, 150, 40, 280
"""Characters at most, as people count them."""
MOST_WORDS = 10
WORDS = 3
"""Of one person, when the host says nothing else."""
KEY_LENGTH = 400
RIGHT_POINTS = 1000


@dataclass(frozen=True)
class Choice:
    """One thing that somebody chose: a row, or a number that goes up."""

    key: str
    rank: int = 0
    text: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Problem:
    """Why a question cannot be asked: where, and a sentence."""

    path: tuple[str | int, ...]
    message: str

    @property
    def field(self) -> str:
        return ".".join(str(part) for part in self.path)


def tidied(question: Question) -> Question:
    """The question as it is stored. Raises when a text is too long; it may still be unfinished."""
    texts = {name: _line(getattr(question, name), LABEL, name) for name in ("low_label", "high_label", "unit")}
    options = [
        each.model_copy(update={"text": _line(each.text, OPTION, f"options.{at}.text")})
        for at, each in enumerate(question.options)
    ]
    return question.model_copy(update={**texts, "title": _line(question.title, TITLE, "title"), "options": options})


def _line(text: str, characters: int, field: str) -> str:
    tidy = tidy_line(text)
    if not fits(tidy, characters, 4 * characters):
        raise Refused("poll_invalid", f"This has at most {characters} characters.", field=field)
    return tidy


def most_of(question: Question) -> int:
    """How many one chooses, ranks or writes at most."""
    if question.kind in {"single", "rating", "numeric", "text"}:
        return 1
    if question.kind == "words":
        return question.most or max(WORDS, question.least)
    if question.kind == "quiz":
        return question.most or max(1, question.least)
    return question.most or len(question.options)


def problem_of(question: Question) -> Problem | None:
    """What keeps a tidied question from being asked."""
    if not question.title:
        return Problem(("title",), "Write the question first.")
    if question.kind in CHOOSES:
        found = _problem_of_options(question)
    elif question.options:
        found = Problem(("options",), "A question of this kind has no options.")
    else:
        found = _problem_of_numbers(question)
    return found or _problem_of_terms(question)


def _problem_of_options(question: Question) -> Problem | None:
    options = question.options
    if len(options) < 2:
        return Problem(("options",), "A question has at least two options.")
    known: set[str] = set()
    for at, option in enumerate(options):
        if not option.text:
            return Problem(("options", at, "text"), "An option has a text.")
        if comparable(option.text) in known:
            return Problem(("options", at, "text"), "There is such an option already.")
        known.add(comparable(option.text))
    right = sum(option.right for option in options)
    if question.kind == "quiz" and right == 0:
        return Problem(("options",), "Say which options are right.")
    if question.kind != "quiz" and right:
        return Problem(("options",), "Only a quiz has right options.")
    if most_of(question) > len(options):
        return Problem(("most",), "Nobody can choose more options than there are.")
    if question.kind == "quiz" and most_of(question) > 1 and not question.least <= right <= most_of(question):
        return Problem(("most",), "As many options as are right must be chosen.")
    return None


def _problem_of_numbers(question: Question) -> Problem | None:
    if question.kind == "words" and most_of(question) > MOST_WORDS:
        return Problem(("most",), f"Nobody writes more than {MOST_WORDS} words.")
    if question.kind == "numeric" and question.low is not None and question.high is not None:
        if question.low >= question.high:
            return Problem(("low",), "The least number must be smaller than the largest.")
        if question.whole and int(question.high // 1) < -int(-question.low // 1):
            return Problem(("low",), "There is no whole number between the two.")
    return None


def _problem_of_terms(question: Question) -> Problem | None:
    if question.least > most_of(question):
        return Problem(("least",), "At least cannot be more than at most.")
    if question.anonymous and question.changeable:
        return Problem(("changeable",), "Anonymous votes cannot be changed: nobody knows whose they are.")
    if question.speed and (question.kind != "quiz" or question.anonymous or question.seconds is None):
        return Problem(("speed",), "Points for speed need a quiz with names and a time.")
    return None


def choices(question: Question, options: Sequence[str], answer: Answer) -> list[Choice]:
    """What the answer chooses. ``options`` are the ids of the question's options."""
    given = [name for name in Answer.model_fields if getattr(answer, name) is not None]
    wanted = _FIELD[question.kind]
    if given != [wanted]:
        raise Refused("invalid", f"A vote for this poll has `{wanted}` and nothing else.", field="choice")
    if question.kind in CHOOSES:
        return _of_options(question, options, answer.options or [])
    if question.kind == "words":
        return _of_words(question, answer.words or [])
    if question.kind == "text":
        return [_of_text(answer.text or "")]
    return [_of_value(question, answer.value or 0.0)]


_FIELD: dict[Kind, str] = {
    **dict.fromkeys(CHOOSES, "options"),
    "rating": "value",
    "numeric": "value",
    "words": "words",
    "text": "text",
}


def _of_options(question: Question, options: Sequence[str], chosen: list[str]) -> list[Choice]:
    if any(each not in options for each in chosen):
        raise Refused("option_unknown", field="choice.options")
    _check_number(question, len(chosen))
    if len(set(chosen)) != len(chosen):
        raise Refused("choices_wrong", "Each option is chosen once.", field="choice.options")
    if question.kind == "ranking":
        return [Choice(each, rank) for rank, each in enumerate(chosen, 1)]
    return [Choice(each) for each in options if each in chosen]


def _check_number(question: Question, number: int) -> None:
    least, most = question.least if question.kind != "single" else 1, most_of(question)
    if not least <= number <= most:
        how = str(least) if least == most else f"{least} to {most}"
        raise Refused("choices_wrong", f"Choose {how}: these are {number}.", field="choice")


def _of_words(question: Question, words: list[str]) -> list[Choice]:
    found: dict[str, Choice] = {}
    for word in words:
        tidy = tidy_line(word)
        key = comparable(tidy)
        if not tidy or not fits(tidy, LABEL, 4 * LABEL) or len(key) > KEY_LENGTH or not key.strip():
            raise Refused("answer_invalid", f"A word has 1 to {LABEL} characters.", field="choice.words")
        found.setdefault(key, Choice(key, text=tidy))
    _check_number(question, len(found))
    return sorted(found.values(), key=lambda each: each.key)


def _of_text(text: str) -> Choice:
    tidy = tidy_text(text)
    if not tidy or not fits(tidy, TEXT, 4 * TEXT):
        raise Refused("answer_invalid", f"Write 1 to {TEXT} characters.", field="choice.text")
    return Choice(new_id(), text=tidy)


def _of_value(question: Question, value: float) -> Choice:
    rating = question.kind == "rating"
    low = 1.0 if rating else question.low
    high = float(question.steps) if rating else question.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise Refused("value_out_of_range", field="choice.value")
    if (rating or question.whole) and not float(value).is_integer():
        raise Refused("value_out_of_range", "This must be a whole number.", field="choice.value")
    return Choice(number_key(value), value=float(value))


def number_key(value: float) -> str:
    """The same for the same number, however it was written; -0 is 0."""
    return f"{value + 0.0:.17g}"


def answer_of(question: Question, chosen: Sequence[Choice], options: Sequence[str]) -> Answer:
    """The answer that these choices came from."""
    if question.kind in CHOOSES:
        place = {option: at for at, option in enumerate(options)}
        return Answer(options=[each.key for each in sorted(chosen, key=lambda c: (c.rank, place.get(c.key, 0)))])
    if question.kind == "words":
        return Answer(words=[each.text for each in sorted(chosen, key=lambda c: c.key)])
    first = chosen[0] if chosen else Choice("")
    return Answer(text=first.text) if question.kind == "text" else Answer(value=first.value)


def is_right(question: Question, options: Sequence[str], chosen: Sequence[Choice]) -> bool:
    """One of the right options; where several are chosen, all of them and no other."""
    right = {each for each, option in zip(options, question.options, strict=True) if option.right}
    keys = {each.key for each in chosen}
    return keys <= right if most_of(question) == 1 else keys == right


def points(took: int, open_for: int | None, *, right: bool, speed: bool) -> int:
    """What an answer is worth after so many milliseconds of those that the poll is open."""
    if not right:
        return 0
    if not speed or not open_for:
        return RIGHT_POINTS
    late = min(1.0, max(0.0, took / open_for))
    return round(RIGHT_POINTS * (1 - late / 2))
