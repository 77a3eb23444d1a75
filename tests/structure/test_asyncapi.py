"""The AsyncAPI document says what the contract says, in the form that the standard asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from salon.core.contract import CLIENT_SIGNALS, COMMANDS, EVENTS, QUERIES, SERVER_SIGNALS, Need
from tests.structure.sources import ROOT

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
