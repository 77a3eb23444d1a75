"""What holds for the whole house: who may import whom, and that what is written down is what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from salon.core import codegen
from salon.core.contract import CLIENT_SIGNALS, COMMANDS, EVENTS, QUERIES, SERVER_SIGNALS
from salon.core.refusals import CODES, Refused
from salon.core.settings import Settings
from salon.core.storage import Base
from tests.structure.sources import NAMES, ROOT, SOURCE, calls, imported, modules

KNOW_ALL = ("features", "app", "cli")
"""The registry and the application know all features; through them any could be reached."""
MAY_KNOW_ALL = {"core/codegen.py"}
"""Of core: what writes the contract of all features out for others."""
MAY_TALK = {"cli.py", "core/codegen.py"}
"""To people on a terminal."""


# Who imports whom


def test_features_know_only_the_contracts_of_others() -> None:
    wrong = []
    for path in modules():
        own = path.split("/")[0]
        for name in imported(path) if own in NAMES else ():
            house, *names = name.split(".")
            foreign = names[:1] != [own] and names[:1] != ["core"] and names[1:] != ["contract"]
            if house == "salon" and foreign:
                wrong.append(f"{path}: {name}")
    assert not wrong


def test_contracts_know_nothing_but_contracts() -> None:
    """A contract is a module, or a package of that name."""
    contracts = [path for path in modules() if re.match(r"\w+/contract[./]", path) and path.split("/")[0] in NAMES]
    assert len(contracts) > 10
    wrong = [
        f"{path}: {name}"
        for path in contracts
        for name in imported(path)
        if name.startswith("salon.") and name.split(".")[2] != "contract"
    ]
    assert not wrong


def test_core_knows_no_feature() -> None:
    known = {*NAMES, *KNOW_ALL}
    wrong = [
        f"{path}: {name}"
        for path in modules()
        if path.startswith("core/") and path not in MAY_KNOW_ALL
        for name in imported(path)
        if name.startswith("salon.") and name.split(".")[1] in known
    ]
    assert not wrong


def test_every_feature_is_in_the_registry() -> None:
    folders = {file.parent.name for file in SOURCE.glob("*/__init__.py")} - {"core", "migrations"}
    assert folders == NAMES


def test_every_word_belongs_to_a_feature() -> None:
    for table in (COMMANDS, QUERIES, CLIENT_SIGNALS, EVENTS, SERVER_SIGNALS):
        for name, word in table.items():
            feature = name.split(".")[0]
            assert feature in NAMES
            assert word.__module__ in {f"salon.{feature}.contract", "salon.core.contract"}, name


def test_only_the_writer_commits() -> None:
    """Tables are written in one place, so that what is told is what is stored."""
    wrong = [
        f"{path}:{call.lineno}: {call.func.attr}"
        for path, call in calls()
        if path not in {"core/writer.py", "core/storage.py"} and not path.startswith("core/database/")
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback", "transaction"}
    ]
    assert not wrong


# What is written down


def test_every_setting_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    table = manual.partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", table, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(Settings.model_fields)
    for name, written in rows:
        default = Settings.model_fields[name].default
        if isinstance(default, (int, float)):
            assert written == f"`{str(default).lower() if isinstance(default, bool) else f'{default:g}'}`", name


def test_every_refusal_has_a_code_and_every_code_a_refusal() -> None:
    """``Refused("…")`` with a code that is not in the list would break when it is raised."""
    used = {
        str(call.args[0].value)
        for _, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id == "Refused"
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert used <= set(CODES), "refused with a code that is not in the list"
    # "removed" and "banned" are what a member's status says: access_member refuses with it.
    assert "Refused(member.status)" in (SOURCE / "core" / "access.py").read_text()
    assert set(CODES) - used == {"removed", "banned"}, "codes with which nothing is refused"
    assert all(Refused(code).message for code in CODES)


def test_every_refusal_is_documented() -> None:
    texts = "".join((ROOT / "docs" / name).read_text() for name in ("protocol.md", "asyncapi.json"))
    assert [code for code in CODES if not re.search(rf"[\"`]{code}[\"`]", texts)] == []


def test_the_page_has_words_for_no_other_codes() -> None:
    generated = (ROOT / "web" / "src" / "contract.ts").read_text()
    assert all(f"'{code}'" in generated or f'"{code}"' in generated for code in CODES)


def test_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(SOURCE / "migrations"))
    with create_engine(f"sqlite:///{tmp_path}/new.db").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.fixture(scope="module")
def generated() -> dict[str, bytes]:
    return codegen.documents()


@pytest.mark.parametrize("path", ["web/src/contract.ts", "docs/asyncapi.json", "docs/openapi.json"])
def test_what_is_generated_is_up_to_date(generated: dict[str, bytes], path: str) -> None:
    assert len(generated) == 3
    assert (ROOT / path).read_bytes() == generated[path], "run `make contract`"


# What no file has

UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK|NotImplemented(?:Error)?)\b|(?i:coming soon|not implemented)"
    # A to-do is also a thing that people have here: in small letters it counts where a comment begins with it.
    r"|(?i:(?:#|//|/\*|<!--)\s*(?:todo|fixme|xxx|hack)\b)"
)


def test_nothing_is_unfinished() -> None:
    files = [file for file in SOURCE.rglob("*") if file.suffix in {".py", ".mako"}]
    files += [file for file in (ROOT / "web" / "src").rglob("*") if file.suffix in {".ts", ".vue", ".css", ".js"}]
    assert len(files) > 50
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found


def test_nothing_is_left_lying_about() -> None:
    found = [
        f"{path}:{call.lineno}: {call.func.id}"
        for path, call in calls()
        if path not in MAY_TALK
        if isinstance(call.func, ast.Name) and call.func.id in {"print", "breakpoint", "input"}
    ]
    assert not found


def test_every_module_says_what_it_is() -> None:
    silent = [path for path, module in modules().items() if module.body and not ast.get_docstring(module)]
    assert not silent, "a module without a docstring"


def test_fixtures_of_browser_tests_are_in_their_event_loop() -> None:
    """These tests share one for the whole session (tests/e2e/conftest.py). Another one would stand still meanwhile."""
    wrong = [
        f"{file.name}: {node.name}"
        for file in sorted((ROOT / "tests" / "e2e").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
        and any("pytest.fixture" in ast.unparse(each) for each in node.decorator_list)
    ]
    assert wrong == []


def test_what_browsers_are_asked_to_wait_for_is_a_function() -> None:
    """Expressions are read anew each time, which the policy of the pages' content forbids."""
    asked = re.compile(r"wait_for_function\(\s*(.{0,24})")
    wrong = [
        f"{file.name}: {first}"
        for file in (ROOT / "tests" / "e2e").rglob("*.py")
        for first in asked.findall(file.read_text())
        if not re.match(r'f?"+(async )?\(', first)
    ]
    assert not wrong
