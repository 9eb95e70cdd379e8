"""The schema follows the declarations: additions are made, everything else waits for a migration, faults undo all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.db import naming, sync
from core.db.engine import check_foreign_keys, make_engine, without_foreign_keys, writing
from core.db.types import BigId, Exact, Json, Moment

ADDON = "probe"


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    yield
    naming.forget(ADDON)


def declare(name: str, *parts: Any) -> sa.Table:
    key = sa.Column("id", BigId, primary_key=True)
    return sa.Table(f"probe_{name}", naming.metadata, key, *parts, info={"addon": ADDON})


def declare_first() -> None:
    declare("shelf", sa.Column("name", sa.String(80), nullable=False))
    declare(
        "book",
        sa.Column("title", sa.String(80), nullable=False, index=True),
        sa.Column("isbn", sa.String(13), unique=True, index=True),
        sa.Column("price", Exact(20, 2)),
        sa.Column("lent_at", Moment(), server_default=sa.func.now()),
        sa.Column("custom", Json),
        sa.Column("shelf_id", BigId, sa.ForeignKey("probe_shelf.id", ondelete="CASCADE"), index=True),
        sa.UniqueConstraint("title", "isbn"),
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
        sa.Index("ix_probe_book_lower", sa.text("lower(title)")),
        sa.Index("ix_probe_book_open", "title", postgresql_where=sa.text("isbn IS NULL")),
        sa.Index("ix_probe_book_custom", "custom", postgresql_using="gin"),
    )


def redeclare(change: Callable[[], Any]) -> None:
    naming.forget(ADDON)
    change()


def install(engine: sa.Engine) -> sync.SchemaPlan:
    with writing(engine).begin() as connection:
        return sync.apply(connection, ADDON)


def planned(engine: sa.Engine) -> sync.SchemaPlan:
    with engine.connect() as connection:
        return sync.plan(connection, ADDON)


def schema(engine: sa.Engine) -> Any:
    with engine.connect() as connection:
        return {name: _table(connection, name) for name in sa.inspect(connection).get_table_names()}


def _table(connection: Connection, name: str) -> Any:
    inspector = sa.inspect(connection)
    return [str(inspector.get_columns(name)), str(inspector.get_foreign_keys(name))]


def test_a_plan_tells_tables_with_columns_and_changes_nothing(engine: sa.Engine) -> None:
    declare_first()
    plan = planned(engine)
    assert plan.tables == (
        sync.TablePlan("probe_shelf", ("id", "name")),
        sync.TablePlan("probe_book", ("id", "title", "isbn", "price", "lent_at", "custom", "shelf_id")),
    )
    assert plan.blocked == ()
    assert schema(engine) == {}


def test_after_an_install_nothing_differs(engine: sa.Engine) -> None:
    declare_first()
    install(engine)
    assert planned(engine).is_empty
    assert install(engine).is_empty


def test_an_upgrade_adds_columns_indexes_uniqueness_and_links_and_keeps_rows(engine: sa.Engine) -> None:
    declare_first()
    install(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO probe_book (title) VALUES ('The Conference of the Birds')")

    def second() -> None:
        declare_first()
        declare("loan", sa.Column("due_on", sa.Date))
        book = naming.metadata.tables["probe_book"]
        book.append_column(sa.Column("lost", sa.Boolean, nullable=False, default=False))
        book.append_column(sa.Column("stars", sa.Integer, nullable=False, default=3))
        book.append_column(sa.Column("weight", Exact(20, 2), nullable=False, default=1))
        book.append_column(sa.Column("state", sa.String(40), nullable=False, default="it's new"))
        book.append_column(sa.Column("code", sa.String(10), unique=True, index=True))
        book.append_column(sa.Column("loan_id", BigId, sa.ForeignKey("probe_loan.id", ondelete="SET NULL"), index=True))
        sa.Index("ix_probe_book_pair", book.c.title, book.c.stars)
        sa.Index("ix_probe_book_upper", sa.text("upper(title)"), _table=book)

    redeclare(second)
    plan = install(engine)
    assert plan.tables == (sync.TablePlan("probe_loan", ("id", "due_on")),)
    added = ("lost", "stars", "weight", "state", "code", "loan_id")
    assert plan.columns == tuple(f"probe_book.{name}" for name in added)
    assert set(plan.indexes) == {
        "ix_probe_book_code", "ix_probe_book_loan_id", "ix_probe_book_pair", "ix_probe_book_upper"
    }  # fmt: skip
    assert planned(engine).is_empty
    with engine.connect() as connection:
        book = naming.metadata.tables["probe_book"]
        row = connection.execute(sa.select(book)).one()
        assert (row.title, row.lost, row.stars, str(row.weight), row.state, row.loan_id) == (
            "The Conference of the Birds", False, 3, "1.00", "it's new", None
        )  # fmt: skip
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO probe_loan (id) VALUES (1)")
        connection.exec_driver_sql("UPDATE probe_book SET loan_id = 1")
        connection.exec_driver_sql("DELETE FROM probe_loan")
        assert connection.execute(sa.select(book.c.loan_id)).scalars().all() == [None]


def test_a_longer_text_is_no_obstacle(engine: sa.Engine) -> None:
    declare("book", sa.Column("title", sa.String(40)))
    install(engine)
    redeclare(lambda: declare("book", sa.Column("title", sa.String(80))))
    install(engine)
    assert planned(engine).is_empty


def test_a_fault_in_the_middle_undoes_everything(engine: sa.Engine) -> None:
    declare("book", sa.Column("title", sa.String(40)))
    install(engine)
    before = schema(engine)
    redeclare(lambda: [declare("book", sa.Column("title", sa.String(40)), sa.Column("isbn", sa.Text)), declare("loan")])

    def install_and_fail() -> None:
        with writing(engine).begin() as connection:
            sync.apply(connection, ADDON)
            raise RuntimeError("the seeds failed")

    with pytest.raises(RuntimeError, match="the seeds failed"):
        install_and_fail()
    assert schema(engine) == before


def blocked(engine: sa.Engine, *parts: Any) -> list[str]:
    redeclare(lambda: declare("book", *parts))
    before = schema(engine)
    with pytest.raises(sync.SchemaBlocked) as refusal:
        install(engine)
    assert schema(engine) == before
    assert str(refusal.value).startswith("The tables of probe need a migration (a file in its migrations folder):\n")
    return [str(reason) for reason in refusal.value.reasons]


@pytest.fixture
def a_book(engine: sa.Engine) -> sa.Engine:
    declare("book", sa.Column("title", sa.String(40)))
    install(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO probe_book (title) VALUES ('Divan'), ('Divan')")
    return engine


def test_a_rename_to_a_required_column_is_blocked(a_book: sa.Engine) -> None:
    assert blocked(a_book, sa.Column("name", sa.String(40), nullable=False), sa.Column("fine", sa.Text)) == [
        "Column name of table probe_book is required and has no fixed value for old rows.",
        "Column title of table probe_book is no longer declared; its values would be lost.",
    ]


def test_another_type_is_blocked(a_book: sa.Engine) -> None:
    assert blocked(a_book, sa.Column("title", sa.Integer)) == [
        "Column title of table probe_book changes its type from VARCHAR(40) to INTEGER."
    ]


def test_a_column_that_becomes_required_is_blocked(a_book: sa.Engine) -> None:
    assert blocked(a_book, sa.Column("title", sa.String(40), nullable=False)) == [
        "Column title of table probe_book becomes required; old rows may be empty there."
    ]


def test_a_unique_index_that_rows_contradict_is_blocked(a_book: sa.Engine) -> None:
    assert blocked(a_book, sa.Column("title", sa.String(40), unique=True, index=True)) == [
        "ix_probe_book_title cannot be added: rows of table probe_book do not fit."
    ]


def test_a_check_can_be_added_where_the_database_can(a_book: sa.Engine) -> None:
    parts = (sa.Column("title", sa.String(40)), sa.CheckConstraint("title <> ''", name="title_not_empty"))
    if a_book.dialect.name == "sqlite":
        assert blocked(a_book, *parts) == [
            "SQLite cannot add the constraint ck_probe_book_title_not_empty to table probe_book."
        ]
        return
    redeclare(lambda: declare("book", *parts))
    assert install(a_book).constraints == ("ck_probe_book_title_not_empty",)
    assert planned(a_book).is_empty


def test_an_index_somebody_made_by_hand_is_left_alone(a_book: sa.Engine) -> None:
    with a_book.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX by_hand ON probe_book (title)")
    assert install(a_book).is_empty
    with a_book.connect() as connection:
        assert [index["name"] for index in sa.inspect(connection).get_indexes("probe_book")] == ["by_hand"]


def test_an_index_that_became_unique_is_made_anew(engine: sa.Engine) -> None:
    declare("book", sa.Column("title", sa.String(40), index=True))
    install(engine)
    redeclare(lambda: declare("book", sa.Column("title", sa.String(40), index=True, unique=True)))
    assert install(engine).indexes == ("ix_probe_book_title",)
    assert planned(engine).is_empty


def test_dropping_removes_tables_that_point_at_each_other_and_nothing_else(engine: sa.Engine) -> None:
    declare_first()
    declare("branch", sa.Column("head_id", BigId, sa.ForeignKey("probe_branch.id", ondelete="RESTRICT")))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stranger (id INTEGER)")
    install(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO probe_branch (id, head_id) VALUES (1, NULL), (2, 1)")
    with writing(engine).begin() as connection:
        assert set(sync.drop(connection, ADDON)) == {"probe_shelf", "probe_book", "probe_branch"}
    assert list(schema(engine)) == ["stranger"]


def test_rebuilding_a_table_keeps_the_rows_that_point_at_it(database_kind: str, engine: sa.Engine) -> None:
    if database_kind != "sqlite":
        return  # no other database rebuilds tables to change them
    declare_first()
    install(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO probe_shelf (id, name) VALUES (1, 'Fiction')")
        connection.exec_driver_sql("INSERT INTO probe_book (title, shelf_id) VALUES ('Divan', 1)")
    with without_foreign_keys(engine) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE other (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO other SELECT * FROM probe_shelf")
        connection.exec_driver_sql("DROP TABLE probe_shelf")
        connection.exec_driver_sql("ALTER TABLE other RENAME TO probe_shelf")
        check_foreign_keys(connection)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM probe_book").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_row_that_points_nowhere_is_found(database_kind: str, engine: sa.Engine) -> None:
    if database_kind != "sqlite":
        return  # PostgreSQL never lets it happen
    declare_first()
    install(engine)
    with without_foreign_keys(engine) as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO probe_book (title, shelf_id) VALUES ('Divan', 7)")
        with pytest.raises(sa.exc.IntegrityError, match="points to a row of probe_shelf that does not exist"):
            check_foreign_keys(connection)
        connection.rollback()
