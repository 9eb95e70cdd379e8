"""Rows on their way into tables: many at once, each extension and link table apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.context import Context
from core.registry import FieldInfo

from .change import Values

MANY = 20
"""From this many rows on it is quicker to take the ids first, and on PostgreSQL to COPY."""


def split(ctx: Context, model: Any, row: Values) -> tuple[Values, dict[Any, Values], dict[str, tuple[int, ...]]]:
    """Return the columns of the model's own table, those of each extension, and the ids of each many2many."""
    fields = ctx.registry.fields(model)
    own: Values = {}
    custom: Values = {}
    extensions: dict[Any, Values] = {}
    links: dict[str, tuple[int, ...]] = {}
    for name, value in row.items():
        field = fields[name]
        if field.is_many:
            links[name] = value
        elif field.custom is not None:
            custom[field.custom] = value
        elif field.extension is not None:
            extensions.setdefault(field.extension, {})[field.key] = value
        else:
            own[field.key] = value
    if custom:
        own["custom"] = custom
    return own, extensions, links


def insert(ctx: Context, model: Any, rows: Sequence[Mapping[str, Any]], *, with_ids: bool = True) -> list[int]:
    """Insert rows of columns and return their ids in order; without `with_ids` the rows bring their own or need none.

    Columns that a row leaves out take their default in Python or the database.
    """
    if not rows:
        return []
    with ctx.session.unguarded() as connection:
        if ctx.session.on_postgresql and len(rows) > MANY:
            return _copy(connection, model.__table__, rows, with_ids)
        if with_ids and len(rows) > MANY:
            return _numbered(connection, model.__table__, rows)
        if not with_ids:
            connection.execute(sa.insert(model.__table__), list(rows))
            return []
        statement = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
        return list(ctx.session.scalars(statement, list(rows)))


def _numbered(connection: Any, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """INSERT with ids after the highest one: on SQLite nobody else writes before this transaction ends."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    first = (connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0) + 1
    ids = list(range(first, first + len(rows)))
    numbered = [{"id": one, **{name: row.get(name) for name in names}} for one, row in zip(ids, rows, strict=True)]
    connection.execute(sa.insert(table), numbered)
    return ids


def _copy(connection: Any, table: sa.Table, rows: Sequence[Mapping[str, Any]], with_ids: bool) -> list[int]:
    """COPY into a table, with ids taken from its sequence beforehand."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    defaults = {c.key: c.default for c in table.columns if c.default is not None and c.key not in names}
    columns = [table.c[name] for name in (*names, *defaults)]
    convert = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns]
    cursor = connection.connection.cursor()
    try:
        ids = _new_ids(cursor, table, len(rows)) if with_ids else []
        quote = connection.dialect.identifier_preparer.quote
        listed = ", ".join([*(["id"] if with_ids else []), *(quote(column.name) for column in columns)])
        with cursor.copy(f"COPY {quote(table.name)} ({listed}) FROM STDIN") as copy:
            for place, row in enumerate(rows):
                given = [row.get(name) for name in names] + [_default(one) for one in defaults.values()]
                values = [
                    process(value) if process is not None and value is not None else value
                    for process, value in zip(convert, given, strict=True)
                ]
                copy.write_row([ids[place], *values] if with_ids else values)
    except connection.dialect.loaded_dbapi.Error as error:
        # what goes past SQLAlchemy is told as its own errors are: the writer explains them to people
        base = connection.dialect.loaded_dbapi.Error
        raise sa.exc.DBAPIError.instance(f"COPY {table.name}", None, error, base, dialect=connection.dialect) from error
    finally:
        cursor.close()
    return ids


def _new_ids(cursor: Any, table: sa.Table, count: int) -> list[int]:
    sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    cursor.execute(sequence, (table.name, count))
    return [row[0] for row in cursor.fetchall()]


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


def write_extension(ctx: Context, extension: Any, ids: Iterable[int], values: Values) -> None:
    """Write an extension's columns for these records; rows that are not there yet are made."""
    wanted = list(ids)
    table = extension.__table__
    with ctx.session.unguarded() as connection:
        statement = sa.update(table).where(table.c.id.in_(wanted)).values(**values).returning(table.c.id)
        there = set(connection.execute(statement).scalars())
    insert(ctx, extension, [{"id": one, **values} for one in wanted if one not in there], with_ids=False)


def set_links(ctx: Context, field: FieldInfo, wanted: Mapping[int, Sequence[int]], *, fresh: bool = False) -> None:
    """Make the link table hold just these targets for each record; `fresh` records have none yet."""
    table = field.attr.property.secondary
    rows = [
        {"record_id": record, "other_id": other} for record, others in wanted.items() for other in dict.fromkeys(others)
    ]
    with ctx.session.unguarded() as connection:
        if not fresh:
            connection.execute(sa.delete(table).where(table.c.record_id.in_(list(wanted))))
        if rows:
            connection.execute(sa.insert(table), rows)


def links_of(ctx: Context, field: FieldInfo, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the targets of a many2many for each record, all of them, whoever may see them."""
    table = field.attr.property.secondary
    found: dict[int, list[int]] = {one: [] for one in ids}
    with ctx.session.unguarded() as connection:
        query = sa.select(table.c.record_id, table.c.other_id).where(table.c.record_id.in_(list(ids)))
        for record, other in connection.execute(query.order_by(table.c.other_id)):
            found[record].append(other)
    return {record: tuple(others) for record, others in found.items()}
