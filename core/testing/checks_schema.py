"""Checks of coming and going: the schema is exact after install, uninstall and reinstall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.db import sync
from core.loader import Database, discover, install, plan, uninstall
from core.registry import Registry

from .house import prepare, settings_for

Shape = dict[str, tuple[Any, ...]]


def shape(engine: sa.Engine) -> Shape:
    """Return tables with their columns, indexes and foreign keys, comparable."""
    inspector = sa.inspect(engine)
    keys = inspector.get_foreign_keys
    return {
        table: (
            tuple((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)),
            tuple(sorted((str(i["name"]), tuple(map(str, i["column_names"]))) for i in inspector.get_indexes(table))),
            tuple(sorted((tuple(k["constrained_columns"]), k["referred_table"]) for k in keys(table))),
        )
        for table in inspector.get_table_names()
    }


class SchemaChecks:
    """Install, uninstall, reinstall; the plan says beforehand what happens."""

    addon: str

    def test_it_comes_and_goes_and_comes_again_exactly(
        self, empty_url: str, girih_paths: tuple[Path, ...], tmp_path: Path
    ) -> None:
        """Install, uninstall, install again, each time comparing every table."""
        settings = settings_for(empty_url, tmp_path, girih_paths)
        catalogue = discover(settings)
        depends = [found.name for found in catalogue.order([self.addon])][:-1]
        prepare(empty_url, tmp_path, [name for name in depends if name != "core"], girih_paths)
        database = Database("main", empty_url, settings, catalogue)
        before = shape(database.engine)
        foretold = plan(database, "install", [self.addon])
        assert foretold.blocked == ()
        assert shape(database.engine) == before, "a plan must change nothing"
        install(database, [self.addon])
        installed = shape(database.engine)
        schema = next(one.schema for one in foretold.addons if one.name == self.addon)
        assert schema is not None
        assert {table.name for table in schema.tables} == set(installed) - set(before)
        with database.connect() as connection:
            assert sync.plan(connection, self.addon).is_empty
        uninstall(database, [self.addon])
        assert shape(database.engine) == before
        install(database, [self.addon])
        assert shape(database.engine) == installed
        database.close()


def own_models(registry: Registry, addon: str) -> list[Any]:
    """Return the models an addon brings, extensions left out."""
    return [model for model in registry.models if model.__addon__ == addon and model.__of__ is None]
