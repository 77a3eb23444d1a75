"""The contract as TypeScript: an interface for each model, and a map for each kind of word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from pydantic.json_schema import models_json_schema

from salon.core.contract import (
    CLIENT_SIGNALS,
    COMMANDS,
    EVENTS,
    QUERIES,
    SERVER_SIGNALS,
    Model,
    Role,
    StreamName,
)
from salon.core.refusals import CODES

HEADER = "// Generated from the Python contract by `make contract`. Do not edit.\n"


def type_name(model: type[Model]) -> str:
    """``salon.chat.contract.Send`` → ``ChatSend``: the feature and the class, said once when they are the same."""
    parts = model.__module__.split(".")
    feature = parts[1].capitalize() if len(parts) > 2 and parts[1] != "core" else ""
    return model.__name__ if model.__name__.startswith(feature) else feature + model.__name__


def schemas(models: Iterable[type[Model]]) -> dict[str, Any]:
    """Type name → JSON schema, for the models and all that they are made of; references are ``#/$defs/<type name>``."""
    wanted = list(dict.fromkeys(models))
    keys, bundle = models_json_schema([(model, "serialization") for model in wanted], ref_template="{model}")
    named = {key["$ref"]: type_name(cast("type[Model]", model)) for (model, _), key in keys.items()}
    every = _all_models(wanted)
    for reference in bundle.get("$defs", {}):
        if reference not in named:
            named[reference] = type_name(every[reference])
    return {named[key]: _renamed(value, named) for key, value in bundle.get("$defs", {}).items()}


def _all_models(models: Iterable[type[Model]]) -> dict[str, type[Model]]:
    """Every model within the models, under both names that Pydantic may give it in a schema."""
    found: dict[str, type[Model]] = {}

    def visit(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, Model):
            qualified = f"{annotation.__module__}.{annotation.__qualname__}".replace(".", "__")
            if qualified not in found:
                found[qualified] = annotation
                found.setdefault(annotation.__name__, annotation)
                for field in annotation.model_fields.values():
                    visit(field.annotation)
            return
        for inner in getattr(annotation, "__args__", ()):
            visit(inner)

    for model in models:
        visit(model)
    return found


def _renamed(value: Any, named: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        changed = {key: _renamed(inner, named) for key, inner in value.items()}
        if "$ref" in changed:
            changed["$ref"] = "#/$defs/" + named[changed["$ref"]]
        return changed
    if isinstance(value, list):
        return [_renamed(inner, named) for inner in value]
    return value


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(inner) for inner in schema["anyOf"])
    match schema.get("type"):
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean":
            return "boolean"
        case "null":
            return "null"
        case "array":
            inner = _type(schema["items"])
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case "object" if "additionalProperties" in schema and "properties" not in schema:
            return f"Record<string, {_type(schema['additionalProperties'])}>"
        case _:
            raise TypeError(f"no TypeScript for {schema}")


def _comment(text: str | None, indent: str) -> str:
    return f"{indent}/** {' '.join(text.split())} */\n" if text else ""


def _interface(name: str, schema: Mapping[str, Any], left_out: frozenset[str] = frozenset()) -> str:
    required = set(schema.get("required", ()))
    lines: list[str] = []
    for field, shape in schema.get("properties", {}).items():
        if field in left_out:
            continue
        # What the server sends is always whole; a field with a default may be left out of what a client sends.
        optional = "" if field in required else "?"
        lines.append(f"{_comment(shape.get('description'), '  ')}  {field}{optional}: {_type(shape)};\n")
    comment = _comment(schema.get("description"), "")
    if not lines:
        return f"{comment}export type {name} = Record<string, never>;\n"
    return f"{comment}export interface {name} {{\n{''.join(lines)}}}\n"


def _map(title: str, rows: Iterable[str]) -> str:
    return f"export interface {title} {{\n{''.join(f'  {row};{chr(10)}' for row in rows)}}}\n"


def document(snapshots: Mapping[str, type[Model]]) -> str:
    """The whole TypeScript file."""
    asked: list[type[Model]] = [*COMMANDS.values(), *QUERIES.values(), *CLIENT_SIGNALS.values()]
    answers = [word.answer for word in (*COMMANDS.values(), *QUERIES.values())]
    told: list[type[Model]] = [*EVENTS.values(), *SERVER_SIGNALS.values(), *snapshots.values()]
    bundle = schemas([*asked, *answers, *told])
    commands = {type_name(model) for model in COMMANDS.values()}
    parts = [
        HEADER,
        f"export type Role = {_alternatives(Role)};\n",
        f"export type StreamName = {_alternatives(StreamName)};\n",
        f"export type RefusalCode =\n{''.join(f'  | {chr(34)}{code}{chr(34)}{chr(10)}' for code in CODES)[:-1]};\n",
    ]
    for name, schema in sorted(bundle.items()):
        # The command id is added by the web core, so that no caller can forget or reuse one.
        parts.append(_interface(name, schema, frozenset({"id"}) if name in commands else frozenset()))
    pair = "{{ payload: {0}; answer: {1} }}"
    for title, table in (("Commands", COMMANDS), ("Queries", QUERIES)):
        rows = (f'"{n}": {pair.format(type_name(m), type_name(m.answer))}' for n, m in sorted(table.items()))
        parts.append(_map(title, rows))
    for title, words in (
        ("ClientSignals", CLIENT_SIGNALS),
        ("Events", EVENTS),
        ("ServerSignals", SERVER_SIGNALS),
    ):
        parts.append(_map(title, (f'"{n}": {type_name(m)}' for n, m in sorted(words.items()))))
    parts.append(_map("Snapshots", (f"{name}: {type_name(model)}" for name, model in sorted(snapshots.items()))))
    return "\n".join(parts)


def _alternatives(literal: Any) -> str:
    return " | ".join(f'"{value}"' for value in literal.__args__)
