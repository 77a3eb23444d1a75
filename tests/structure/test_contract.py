"""The contract refuses to be declared wrongly: at import, not when the first client meets the mistake."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from salon.core import contract, dispatch
from salon.core.contract import CLIENT_SIGNALS, COMMANDS, QUERIES, ClientSignal, Command, Event, Need, Query
from salon.core.settings import Settings


@pytest.fixture(autouse=True)
def tables_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests declare is forgotten again."""
    for name in ("COMMANDS", "QUERIES", "CLIENT_SIGNALS", "EVENTS", "SERVER_SIGNALS"):
        monkeypatch.setattr(contract, name, dict(getattr(contract, name)))


@pytest.mark.feature("R5")
@pytest.mark.parametrize("kind", [Command, Query, ClientSignal])
def test_a_word_without_a_permission_is_no_word(kind: type) -> None:
    with pytest.raises(TypeError, match="declares no permission"):
        type("Nameless", (kind,), {}, name="test.word")
    with pytest.raises(TypeError, match="declares no permission"):
        type("Nameless", (kind,), {}, name="test.word", needs=None)
    with pytest.raises(TypeError, match="declares no permission"):
        type("Nameless", (kind,), {}, name="test.word", needs=1)


@pytest.mark.feature("R5")
@pytest.mark.parametrize("needs", [need for need in Need if need is not Need.AUDIENCE])
def test_a_signal_cannot_ask_for_more_than_is_looked_up(needs: Need) -> None:
    with pytest.raises(TypeError, match="everyone who has joined"):
        type("Loud", (ClientSignal,), {}, name="test.loud", needs=needs)


def test_names_have_the_form_of_names() -> None:
    with pytest.raises(TypeError, match="not of the form"):
        type("Word", (Command,), {}, name="word", needs=Need.AUDIENCE)
    with pytest.raises(TypeError, match="not of the form"):
        type("Told", (Event,), {})


def test_two_words_do_not_share_a_name() -> None:
    with pytest.raises(TypeError, match="taken"):
        type("Word", (Command,), {}, name="chat.send", needs=Need.AUDIENCE)


def test_a_word_has_one_handler() -> None:
    with pytest.raises(TypeError, match="two handlers"):
        dispatch.handles(COMMANDS["chat.send"])(lambda *_: None)  # type: ignore[arg-type]


def test_every_word_that_clients_may_say_has_a_permission() -> None:
    for table in (COMMANDS, QUERIES, CLIENT_SIGNALS):
        for name, word in table.items():
            assert isinstance(word.needs, Need), name
    # Queries answer people who have joined, signals are heard from them.
    assert all(word.needs is not Need.LOBBY for word in (*QUERIES.values(), *CLIENT_SIGNALS.values()))


def test_only_joining_is_for_those_outside() -> None:
    assert [name for name, word in COMMANDS.items() if word.needs is Need.LOBBY] == ["people.join"]


def test_no_word_takes_a_room_or_an_identity() -> None:
    """Who asks and where comes from the connection."""
    for table in (COMMANDS, QUERIES, CLIENT_SIGNALS):
        for name, word in table.items():
            assert not {"room", "room_id", "identity", "me", "author", "role_of"} & set(word.model_fields), name


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 70_000},
        {"idle_minutes": 1},
        {"session_days": 0},
        {"pin_wrong_guesses_per_hour": 0},
        {"log_events": 5},
        {"presence_grace_seconds": -1},
        {"commands_per_second": 0},
        {"unknown_setting": 1},
    ],
)
def test_settings_that_make_no_sense(clean: None, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_the_environment_wins_over_the_file(clean: None, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    with open("salon.toml", "w") as file:
        file.write('port = 1234\nidle_minutes = 60\nallowed_origins = ["https://a.example"]\n')
    monkeypatch.setenv("SALON_PORT", "4321")
    settings = Settings()
    assert (settings.port, settings.idle_minutes, settings.allowed_origins) == (4321, 60, ["https://a.example"])
    assert Settings(port=1).port == 1
