"""The Socket.IO side as an AsyncAPI 3.0 document, from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import salon
from salon.core.contract import CLIENT_SIGNALS, COMMANDS, EVENTS, QUERIES, SERVER_SIGNALS, Model, Need
from salon.core.refusals import CODES
from salon.core.typescript import schemas, type_name

CHANNEL = "#/channels/salon"


def document(snapshots: Mapping[str, type[Model]]) -> dict[str, Any]:
    """The whole document."""
    asked = {**COMMANDS, **QUERIES, **CLIENT_SIGNALS}
    answers = [word.answer for word in (*COMMANDS.values(), *QUERIES.values())]
    told = [*EVENTS.values(), *SERVER_SIGNALS.values(), *snapshots.values()]
    bundle = schemas([*asked.values(), *answers, *told])
    messages = {
        **{type_name(m): _message(n, m, needs=m.needs) for n, m in asked.items()},
        **{type_name(m.answer): _message("ack", m.answer) for m in (*COMMANDS.values(), *QUERIES.values())},
        **{type_name(m): _message(n, m) for n, m in EVENTS.items()},
        **{type_name(m): _message(n, m) for n, m in SERVER_SIGNALS.items()},
        "Snapshot": _snapshot(snapshots),
        "Refusal": {"name": "ack", "summary": "A request turned down.", "payload": _refusal()},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Salon",
            "version": salon.__version__,
            "description": "Socket.IO v5 at /socket.io. See docs/protocol.md for how the messages go together.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "salon": {
                "address": "/",
                "messages": {n: {"$ref": f"#/components/messages/{n}"} for n in messages},
            }
        },
        "operations": _operations(snapshots),
        "components": {"messages": messages, "schemas": _repointed(bundle)},
    }


def _operations(snapshots: Mapping[str, type[Model]]) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for name, word in {**COMMANDS, **QUERIES, **CLIENT_SIGNALS}.items():
        operation = _operation("receive", type_name(word))
        if name not in CLIENT_SIGNALS:
            replies = [type_name(word.answer), "Refusal"]
            operation["reply"] = {
                "channel": {"$ref": CHANNEL},
                "messages": [{"$ref": f"{CHANNEL}/messages/{reply}"} for reply in replies],
            }
        operations[f"{name}.ask"] = operation
    for name, told in {**EVENTS, **SERVER_SIGNALS}.items():
        operations[f"{name}.tell"] = _operation("send", type_name(told))
    operations["snapshot"] = _operation("send", "Snapshot")
    return operations


def _operation(action: str, message: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": CHANNEL},
        "messages": [{"$ref": f"{CHANNEL}/messages/{message}"}],
    }


def _message(name: str, model: type[Model], needs: Need | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"name": name, "payload": {"$ref": f"#/components/schemas/{type_name(model)}"}}
    if model.__doc__:
        message["summary"] = " ".join(model.__doc__.split())
    if needs is not None:
        message["x-needs"] = needs.name.lower()
    return message


def _snapshot(snapshots: Mapping[str, type[Model]]) -> dict[str, Any]:
    features = {name: {"$ref": f"#/components/schemas/{type_name(m)}"} for name, m in snapshots.items()}
    seqs = {"type": "object", "additionalProperties": {"type": "integer"}}
    return {
        "name": "snapshot",
        "summary": "The whole state as this person may see it, and the stream numbers that it includes.",
        "payload": {
            "type": "object",
            "required": ["features", "seqs", "now"],
            "properties": {
                "features": {"type": "object", "required": list(features), "properties": features},
                "seqs": seqs,
                "now": {"type": "integer"},
            },
        },
    }


def _refusal() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["ok", "code", "message"],
        "properties": {
            "ok": {"const": False},
            "code": {"enum": list(CODES)},
            "message": {"type": "string"},
            "field": {"type": "string"},
            "retry_after": {"type": "number", "description": "Seconds."},
        },
    }


def _repointed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: inner.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _repointed(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_repointed(inner) for inner in value]
    return value
