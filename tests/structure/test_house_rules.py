"""What holds for the whole house: who may import whom, and that what is written down is what is there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from salon.core.contract import CLIENT_SIGNALS, COMMANDS, EVENTS, QUERIES, SERVER_SIGNALS, Need
from salon.core.refusals import CODES, Refused
from salon.core.settings import Settings
from salon.core.storage import Base
from salon.features import FEATURES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "salon"
NAMES = {feature.name for feature in FEATURES}
MAY_KNOW_ALL = {"core/codegen.py"}
"""Of core: what writes the contract of all features out for others."""


def modules(folder: Path = SOURCE) -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(SOURCE).as_posix(), ast.parse(file.read_text())


def imported(module: ast.Module, path: str) -> Iterator[str]:
    """The full names of all that a module imports, wherever it does."""
    package = ["salon", *path.split("/")[:-1]]
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


# Who imports whom


def test_features_know_only_the_contracts_of_others() -> None:
    wrong = []
    for path, module in modules():
        own = path.split("/")[0]
        if own not in NAMES:
            continue
        for name in imported(module, path):
            parts = name.split(".")
            foreign = parts[0] == "salon" and len(parts) > 1 and parts[1] in NAMES - {own}
            if foreign and parts[2:3] != ["contract"]:
                wrong.append(f"{path}: {name}")
            # The registry and the application know all features; through them any could be reached.
            if parts[:2] in (["salon", "features"], ["salon", "app"], ["salon", "cli"]):
                wrong.append(f"{path}: {name}")
    assert not wrong


def test_contracts_know_nothing_but_contracts() -> None:
    wrong = [
        f"{path}: {name}"
        for path, module in modules()
        if path.split("/")[0] in NAMES and path.endswith("/contract.py")
        for name in imported(module, path)
        if name.startswith("salon.") and name.split(".")[2] != "contract"
    ]
    assert not wrong


def test_core_knows_no_feature() -> None:
    known = {*NAMES, "features", "app", "cli"}
    wrong = [
        f"{path}: {name}"
        for path, module in modules(SOURCE / "core")
        if path not in MAY_KNOW_ALL
        for name in imported(module, path)
        if name.startswith("salon.") and name.split(".")[1] in known
    ]
    assert not wrong


def test_every_feature_is_in_the_registry() -> None:
    folders = {file.parent.name for file in SOURCE.glob("*/__init__.py")} - {"core", "migrations"}
    assert folders == NAMES


def test_only_the_writer_commits() -> None:
    wrong = [
        f"{path}: {node.func.attr}"
        for path, module in modules()
        if path not in {"core/writer.py", "core/storage.py"} and not path.startswith("core/database/")
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"commit", "transaction"}
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


def codes_in_calls(of: str) -> Iterator[tuple[str, str]]:
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == of and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield path, str(first.value)


def test_every_refusal_has_a_code_and_every_code_a_refusal() -> None:
    used = {code: path for path, code in codes_in_calls("Refused")}
    assert set(used) <= set(CODES), "refused with a code that is not in the list"
    # "removed" and "banned" are what a member's status says: access_member refuses with it.
    assert "Refused(member.status)" in (SOURCE / "core" / "access.py").read_text()
    assert set(CODES) - set(used) == {"removed", "banned"}, "codes with which nothing is refused"
    assert all(Refused(code).message for code in CODES)


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


def test_what_is_generated_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "salon.core.codegen", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


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


# The AsyncAPI document

Node = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Node:
    loaded: Node = orjson.loads((ROOT / "docs" / "asyncapi.json").read_bytes())
    return loaded


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def resolve(document: Node, reference: str) -> Node:
    assert reference.startswith("#/"), f"{reference} is not within the document"
    found: Any = document
    for part in reference[2:].split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    assert isinstance(found, dict), reference
    return found


def test_the_document_is_of_asyncapi_3(document: Node) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert document["info"]["title"]
    assert document["info"]["version"]
    known = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"}
    assert set(document) <= known
    kinds = {"schemas", "messages", "servers", "channels", "operations", "replies", "parameters", "correlationIds"}
    assert set(document["components"]) <= kinds
    for kind in document["components"].values():
        assert all(re.fullmatch(r"[a-zA-Z0-9.\-_]+", name) for name in kind)


def test_every_reference_leads_somewhere(document: Node) -> None:
    found = list(references(document))
    assert len(found) > 100
    for reference in found:
        resolve(document, reference)


def test_operations_channels_and_messages_belong_together(document: Node) -> None:
    message_fields = {"name", "title", "summary", "description", "payload", "headers", "contentType"}
    for channel in document["channels"].values():
        for reference in references(channel["messages"]):
            message = resolve(document, reference)
            assert {each for each in message if not each.startswith("x-")} <= message_fields
            assert message["payload"]
    used = set()
    for name, operation in document["operations"].items():
        assert set(operation) <= {"action", "channel", "messages", "reply", "summary", "description"}, name
        assert operation["action"] in {"send", "receive"}
        parts = [operation, *([operation["reply"]] if "reply" in operation else [])]
        for part in parts:
            channel = resolve(document, part["channel"]["$ref"])
            for each in part["messages"]:
                # By the standard, an operation names messages through its channel.
                assert each["$ref"].startswith(part["channel"]["$ref"] + "/messages/"), name
                used.add(each["$ref"].rpartition("/")[2])
            assert channel["messages"]
    assert used == set(document["components"]["messages"]), "messages that no operation carries"


def carried(document: Node, operation: str) -> Node:
    (message,) = document["operations"][operation]["messages"]
    return resolve(document, resolve(document, message["$ref"])["$ref"])


def test_the_document_says_who_may_say_what(document: Node) -> None:
    asked = {**COMMANDS, **QUERIES, **CLIENT_SIGNALS}
    for name, word in asked.items():
        message = carried(document, f"{name}.ask")
        assert message["name"] == name
        assert message["x-needs"] == word.needs.name.lower()
        assert message["x-needs"] in {need.name.lower() for need in Need}
        schema = resolve(document, message["payload"]["$ref"])
        assert set(schema.get("properties", {})) == set(word.model_fields)
        assert schema["additionalProperties"] is False, "unknown fields are refused"
        assert ("reply" in document["operations"][f"{name}.ask"]) == (name not in CLIENT_SIGNALS)
    for name in {**EVENTS, **SERVER_SIGNALS}:
        message = carried(document, f"{name}.tell")
        assert message["name"] == name
        assert "x-needs" not in message
    wanted = {
        *(f"{name}.ask" for name in asked),
        *(f"{name}.tell" for name in {**EVENTS, **SERVER_SIGNALS}),
        "snapshot",
    }
    assert set(document["operations"]) == wanted


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
