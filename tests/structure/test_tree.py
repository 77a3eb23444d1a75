"""What the code promises about itself."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from salon.core import codegen
from salon.core.contract import CLIENT_SIGNALS, COMMANDS, EVENTS, QUERIES, SERVER_SIGNALS
from salon.core.refusals import CODES
from salon.core.settings import Settings
from salon.core.storage import Base
from salon.features import FEATURES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "salon"
FEATURE_NAMES = {feature.name for feature in FEATURES}
FILES = sorted(SOURCE.rglob("*.py"))


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """The modules of Salon that a file imports: ``from salon.core import log`` is ``salon.core.log``."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = (SOURCE.parent / Path(*whole.split("."))).with_suffix(".py").exists()
                yield (whole if is_module else node.module), node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_features_know_only_each_others_contracts(file: Path) -> None:
    part = file.relative_to(SOURCE).parts[0]
    for module, line in imports(file):
        names = module.split(".")
        if names[0] != "salon" or len(names) < 2 or names[1] not in FEATURE_NAMES:
            continue
        where = f"{file.relative_to(ROOT)}:{line} imports {module}"
        assert part != "core", f"{where}: the core knows no feature"
        if part in FEATURE_NAMES and part != names[1]:
            assert names[2:] == ["contract"], f"{where}: features know only each other's contracts"


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.name == "contract.py"], ids=lambda file: file.parent.name
)
def test_contracts_stand_on_the_core_contract_alone(file: Path) -> None:
    for module, line in imports(file):
        if module.startswith("salon."):
            assert module.endswith(".contract"), f"{file.relative_to(ROOT)}:{line} imports {module}"


def test_every_word_belongs_to_a_feature() -> None:
    for table in (COMMANDS, QUERIES, CLIENT_SIGNALS, EVENTS, SERVER_SIGNALS):
        for name, word in table.items():
            feature = name.split(".")[0]
            assert feature in FEATURE_NAMES
            assert word.__module__ in {f"salon.{feature}.contract", "salon.core.contract"}, name


def test_nobody_commits_but_the_writer() -> None:
    """Tables are written in one place, so that what is told is what is stored."""
    for file in FILES:
        path = file.relative_to(SOURCE).as_posix()
        if path in {"core/storage.py", "core/writer.py"} or path.startswith("core/database/"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in {"commit", "rollback", "transaction"}, f"{file}:{node.lineno}"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    rows = (ROOT / "docs" / "operations.md").read_text()
    found = re.search(rf"^\| `{name}` \| (.+?) \| (.+) \|$", rows, re.MULTILINE)
    assert found, f"docs/operations.md has no row for the setting {name}"
    default = Settings.model_fields[name].default
    if isinstance(default, int | float) and not isinstance(default, bool):
        assert f"`{default:g}`" == found[1] or f"`{default}`" == found[1], f"{name} is {default} by default"


def test_no_setting_is_documented_that_is_none() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert set(rows) <= set(Settings.model_fields)


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_documented(code: str) -> None:
    texts = [(ROOT / "docs" / name).read_text() for name in ("protocol.md", "asyncapi.json")]
    assert any(re.search(rf"[\"`]{code}[\"`]", text) for text in texts), f"nothing tells of the code {code}"


def test_every_refusal_that_is_raised_has_a_code() -> None:
    """``Refused("…")`` with a code that is not in the list would break when it is raised."""
    raised = set()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    raised.add(first.value)
    assert raised <= set(CODES)
    assert set(CODES) - raised <= {"removed", "banned"}, "codes that nothing raises"


def test_the_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", "salon:migrations")
    with create_engine(f"sqlite:///{tmp_path / 'new.db'}").begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, "head")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("path", codegen.documents())
def test_generated_files_are_up_to_date(path: str) -> None:
    assert (ROOT / path).read_bytes() == codegen.documents()[path], "run `make contract`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_nothing_is_left_lying_about(file: Path) -> None:
    text = file.read_text()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in {tokenize.COMMENT, tokenize.STRING}:
            assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", token.string), f"{file}:{token.start[0]}"
    if file.relative_to(SOURCE).as_posix() in {"cli.py", "core/codegen.py"}:
        return  # they talk to people on a terminal
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "breakpoint", "input"}, f"{file}:{node.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_every_module_says_what_it_is(file: Path) -> None:
    tree = ast.parse(file.read_text())
    assert not tree.body or ast.get_docstring(tree), "a module without a docstring"
