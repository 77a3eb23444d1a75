"""Statements of the hot path: said in SQLAlchemy's language, compiled once, executed by the driver itself.

What SQLAlchemy does at each execution (finding the compiled form, making a context and a result, loading objects) costs
130 µs, SQLite's own work on a small statement 5 µs. A :class:`Statement` pays the first once. It takes its values by
the names of its ``bindparam``s, an insert by those of its columns, and its rows are plain tuples.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar, TypeVarTuple, overload

from sqlalchemy import JSON, Dialect, Select, Table, bindparam, column, func, inspect
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate, UpdateBase
from sqlalchemy.sql.visitors import iterate

Ts = TypeVarTuple("Ts")
E = TypeVar("E", bound=DeclarativeBase)
Change = Callable[[Any], Any]
"""From what Python has to what the driver takes, or back."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement in the words of one database."""

    text: str
    take: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    fixed: dict[str, Any]
    binders: tuple[tuple[int, Change], ...]
    readers: tuple[tuple[int, Change], ...]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        taken = self.take({**self.fixed, **values} if self.fixed else values)
        return _changed(taken, self.binders) if self.binders else taken

    def rows(self, raw: list[Any]) -> list[Any]:
        return [_changed(row, self.readers) for row in raw] if self.readers else raw


def _changed(row: Sequence[Any], changes: Iterable[tuple[int, Change]]) -> tuple[Any, ...]:
    values = list(row)
    for at, change in changes:
        values[at] = change(values[at])
    return tuple(values)


class Statement(Generic[*Ts]):
    """A SELECT, INSERT, UPDATE or DELETE that is compiled once for each kind of database.

    Where they do not understand the same, it is given as a function of "sqlite" or "postgresql".
    """

    @overload
    def __init__(self, said: Select[*Ts] | ReturningInsert[*Ts] | ReturningUpdate[*Ts]) -> None: ...

    @overload
    def __init__(self: Statement[()], said: UpdateBase) -> None: ...

    @overload
    def __init__(self, said: Callable[[str], Any]) -> None: ...

    def __init__(self, said: Any) -> None:
        self._said = said if callable(said) else lambda _database: said
        self._compiled: dict[str, Compiled] = {}
        example = self._said("sqlite")
        self.writes = isinstance(example, UpdateBase)
        self.tables = frozenset(each.name for each in iterate(example) if isinstance(each, Table))

    def on(self, dialect: Dialect) -> Compiled:
        """The statement in the words of this database."""
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = self._compile(dialect)
        return known

    def _compile(self, dialect: Dialect) -> Compiled:
        said = self._said(dialect.name)
        compiled = said.compile(dialect=dialect)
        if compiled.post_compile_params:
            raise TypeError(f"a list has not always the same length, and this is compiled once: {compiled}")
        names: list[str] = compiled.positiontup
        binds = {name: compiled.binds[name] for name in names}
        changes = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
        fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        return Compiled(
            text=str(compiled),
            take=_taker(names),
            fixed={name: _changed_by(changes.pop(name), value) for name, value in fixed.items()},
            binders=_changes(changes.get(name) for name in names),
            readers=_changes(
                column.type.dialect_impl(dialect).result_processor(dialect, None) for column in said.exported_columns
            ),
        )


def insert_into(database: str, table: type[DeclarativeBase]) -> Any:
    """An INSERT that knows ON CONFLICT."""
    return (sqlite_insert if database == "sqlite" else postgres_insert)(table)


class Upsert(Statement[*Ts]):
    """An INSERT of all columns, or where there is such a row already, an UPDATE.

    ``changes`` gets the row that was to be inserted, and says the columns' new values.
    """

    def __init__(self, table: type[DeclarativeBase], changes: Callable[[Any], dict[str, Any]], *returning: Any) -> None:
        def said(database: str) -> Any:
            insert = insert_into(database, table)
            keys = [column.name for column in inspect(table).primary_key]
            upsert = insert.on_conflict_do_update(index_elements=keys, set_=changes(insert.excluded))
            return upsert.returning(*returning) if returning else upsert

        super().__init__(said)


def listed(database: str, name: str) -> Any:
    """The rows of a list of lists, which is one parameter: ``row[0].as_string()`` is the first value of each row."""
    each = func.json_each if database == "sqlite" else func.json_array_elements
    return each(bindparam(name, type_=JSON)).table_valued(column("value", JSON), name=name).c.value


def _taker(names: list[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if not names:
        return lambda _values: ()
    take = itemgetter(*names)
    return take if len(names) > 1 else lambda values: (take(values),)


def _changed_by(change: Change | None, value: Any) -> Any:
    return value if change is None else change(value)


def _changes(processors: Iterable[Change | None]) -> tuple[tuple[int, Change], ...]:
    return tuple((at, change) for at, change in enumerate(processors) if change is not None)


def columns_of(entity: type[DeclarativeBase]) -> list[Any]:
    """All columns, in the order in which :func:`as_loaded` takes their values."""
    return [getattr(entity, key) for key in _shape_of(entity)[1]]


def as_loaded(entity: type[E], row: Sequence[Any]) -> E:
    """An object as a query would have loaded it, at a tenth of the cost. It belongs to no session before it is lent to
    one by :func:`attach`; what is changed before that is not forgotten."""
    manager, keys = _shape_of(entity)
    thing: E = manager.new_instance()
    thing.__dict__.update(zip(keys, row, strict=True))
    return thing


@functools.cache
def _shape_of(entity: type[DeclarativeBase]) -> tuple[Any, list[str]]:
    mapper = inspect(entity)
    return mapper.class_manager, [attribute.key for attribute in mapper.column_attrs]


def is_changed(thing: DeclarativeBase) -> bool:
    return instance_state(thing).modified


def attach(session: AsyncSession, thing: DeclarativeBase) -> None:
    """Let the session know the object, which is a row of the database, and write its changes at the next flush."""
    state = instance_state(thing)
    state.key = state.mapper.identity_key_from_instance(thing)
    session.add(thing)
