"""An empty database becomes one to work in, by answers or by the environment, and says what it needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel import Locale
from babel.numbers import get_currency_precision

from core.db import sync
from core.errors import Invalid, NotFound
from core.loader import Database, DatabaseDown, Databases, LoaderFault, NotSetUp, UnknownDatabase, ensure, set_up
from core.loader.countries import COUNTRIES
from core.loader.currencies import CURRENCIES
from core.models import Company, Country, Currency, User
from core.passwords import verify_password
from core.settings import Settings
from tests.bed.databases import Kind
from tests.loader_bed import ANSWERS, database_of, forgetting, settings_of, write_library


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Iterator[Settings]:
    with forgetting(tmp_path / "addons"):
        yield settings_of(database_url, tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database("main", settings.database_url, settings)
    yield database
    database.close()


def test_before_the_set_up_a_database_says_so(database: Database) -> None:
    assert not database.is_set_up()
    assert dict(database.installed()) == {}
    with pytest.raises(NotSetUp):
        database.registry()


def test_a_set_up_makes_company_administrator_and_addons(database: Database, tmp_path: Path) -> None:
    name = write_library(tmp_path / "addons")
    told: list[tuple[int, int, str]] = []
    answers = replace(
        ANSWERS,
        company=" گره ",
        admin_email="Sara@Example.com",
        language="fa",
        currency="IRR",
        country="IR",
        timezone="Asia/Tehran",
        addons=(name,),
    )
    set_up(database, answers, lambda done, of, text: told.append((done, of, str(text))))
    assert told[0] == (0, 4, "Making the tables of the kernel")
    assert told[-1] == (4, 4, "Done")
    assert database.is_set_up()
    assert set(database.installed()) == {"core", name}
    reader = database.reader(1)
    assert reader is not None
    assert (reader.person.name, reader.person.email, reader.person.is_admin) == ("Sara", "sara@example.com", True)
    assert reader.person.roles == {"core.admin", "core.staff"}
    assert (reader.locale.language, reader.locale.calendar, reader.locale.digits) == ("fa", "jalali", "arabext")
    assert (reader.company.name, reader.company.currency, reader.company.country) == ("گره", "IRR", "IR")
    assert reader.session_key
    with database.context() as ctx:
        kept = ctx.session.scalars(sa.select(User.password_hash)).one()
        assert verify_password(kept, "correct horse")
        counts = [ctx.session.scalar(sa.select(sa.func.count(model.id))) for model in (Country, Currency, Company)]
    assert counts == [249, len(CURRENCIES), 1]


def test_after_the_set_up_the_kernels_tables_are_as_declared(database: Database) -> None:
    set_up(database, ANSWERS)
    with database.connect() as connection:
        assert sync.plan(connection, "core").is_empty


def test_a_second_set_up_is_refused_and_changes_nothing(database: Database) -> None:
    set_up(database, ANSWERS)
    with pytest.raises(LoaderFault, match=r"^The database “main” is set up already\.$"):
        set_up(database, replace(ANSWERS, company="Other"))
    with database.context() as ctx:
        assert ctx.session.scalars(sa.select(Company.name)).all() == ["Acme"]


def test_a_set_up_that_fails_leaves_an_empty_database(database: Database, tmp_path: Path) -> None:
    name = write_library(tmp_path / "addons")
    plugin = tmp_path / "addons" / name / "plugin.py"
    plugin.write_text(plugin.read_text() + "\n@hookimpl\ndef after_install(ctx):\n    1 / 0\n")
    with pytest.raises(LoaderFault, match="ZeroDivisionError"):
        set_up(database, replace(ANSWERS, addons=(name,)))
    assert not database.is_set_up()
    with database.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


WRONG: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({"company": " "}, {"company": ["This is needed."]}),
    ({"admin_name": ""}, {"admin_name": ["This is needed."]}),
    ({"admin_email": "sara"}, {"admin_email": ["“sara” is not an e-mail address."]}),
    ({"admin_password": "seven77"}, {"admin_password": ["A password has at least 8 characters."]}),
    ({"language": "tlh"}, {"language": ["“tlh” is not one of the choices."]}),
    ({"currency": "ABC"}, {"currency": ["“ABC” is not one of the choices."]}),
    ({"country": "XX"}, {"country": ["“XX” is not one of the choices."]}),
    ({"calendar": "mayan"}, {"calendar": ["“mayan” is not one of the choices."]}),
    ({"timezone": "Mars/Base"}, {"timezone": ["“Mars/Base” is not one of the choices."]}),
]


@pytest.mark.parametrize(("wrong", "errors"), WRONG)
def test_answers_that_cannot_be_are_told_by_name(tmp_path: Path, wrong: Any, errors: dict[str, list[str]]) -> None:
    database = Database("main", f"sqlite:///{tmp_path}/unused.db", settings_of("sqlite:///unused.db", tmp_path))
    with pytest.raises(Invalid) as refusal:
        set_up(database, replace(ANSWERS, **wrong))
    assert {name: [str(text) for text in texts] for name, texts in refusal.value.errors.items()} == errors


def test_the_environment_sets_an_empty_database_up_once(settings: Settings, tmp_path: Path) -> None:
    name = write_library(tmp_path / "addons")
    named = replace(settings, admin_email="a@b.co", admin_password="long enough", addons=(name,), language="fa")
    database = Database("main", named.database_url, named)
    assert ensure(database)
    assert not ensure(database)
    assert set(database.installed()) == {"core", name}
    reader = database.reader(1)
    assert reader is not None
    assert (reader.locale.language, reader.company.currency) == ("fa", "IRR")
    database.close()


def test_without_an_administrator_nothing_is_set_up(database: Database) -> None:
    assert not ensure(database)
    assert not database.is_set_up()


def test_of_several_processes_that_start_together_one_sets_up(settings: Settings) -> None:
    named = replace(settings, admin_email="a@b.co", admin_password="long enough")
    databases = [Database("main", named.database_url, named) for _ in range(3)]
    done: list[bool] = []
    threads = [threading.Thread(target=lambda one=one: done.append(ensure(one))) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, True]
    for one in databases:
        one.close()


def test_a_context_is_that_of_its_user(database: Database) -> None:
    set_up(database, ANSWERS)
    with database.context(1) as ctx:
        assert (ctx.user.name, ctx.company.currency, ctx.database, ctx.is_sudo) == ("Sara", "USD", "main", False)
    with database.context(write=False) as ctx:
        assert ctx.is_sudo
    with pytest.raises(NotFound), database.context(99):
        pass
    with database.connect() as connection, connection.begin():
        connection.execute(sa.update(User).values(active=False))
    assert database.reader(1) is None
    nobody = database.reader(None)
    assert nobody is not None
    assert (nobody.person.id, nobody.company.name) == (None, "Acme")


def test_databases_are_found_by_host_and_path(tmp_path: Path) -> None:
    urls = {"acme": f"sqlite:///{tmp_path}/acme.db", "beta": f"sqlite:///{tmp_path}/beta.db"}
    databases = Databases(replace(settings_of(f"sqlite:///{tmp_path}/main.db", tmp_path), databases=urls))
    assert [database.name for database in databases] == ["main", "acme", "beta"]
    requests = {
        ("localhost:8000", "/"): ("main", ""),
        ("acme.example.com", "/m/crm.lead"): ("acme", ""),
        ("ACME.example.com:8000", "/"): ("acme", ""),
        ("unknown.example.com", "/"): ("main", ""),
        ("acme.example.com", "/db/beta/m/crm.lead"): ("beta", "/db/beta"),
        ("localhost", "/db/beta"): ("beta", "/db/beta"),
        ("localhost", "/db/main/"): ("main", "/db/main"),
        ("localhost", "/dbx"): ("main", ""),
    }
    for (host, path), (name, prefix) in requests.items():
        database, found = databases.for_request(host, path)
        assert (database.name, found) == (name, prefix)
    with pytest.raises(UnknownDatabase, match=r"^This server has no database called “gamma”\.$"):
        databases.for_request("localhost", "/db/gamma/")
    assert databases.ready() == []
    set_up(databases.get("acme"), ANSWERS)
    assert [database.name for database in databases.ready()] == ["acme"]
    databases.close()


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:9/none", "sqlite:////proc/none/girih.db"])
def test_a_database_that_does_not_answer_is_told(tmp_path: Path, url: str) -> None:
    databases = Databases(settings_of(url, tmp_path))
    with pytest.raises((DatabaseDown, FileNotFoundError)) as fault:
        databases.default.is_set_up()
    if isinstance(fault.value, DatabaseDown):
        told = "The database “main” does not answer. Try again in a moment; what was saved is safe."
        assert str(fault.value) == told
    databases.close()


def test_a_database_that_went_away_and_came_back_works_again(
    database: Database, database_kind: Kind, postgres_url: str
) -> None:
    if database_kind == "sqlite":
        return  # a file does not go away
    set_up(database, ANSWERS)
    assert database.reader(1) is not None
    allow = f'ALTER DATABASE "{sa.make_url(database.url).database}" ALLOW_CONNECTIONS'
    close = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"{allow} false"))
        connection.execute(sa.text(close), {"name": sa.make_url(database.url).database})
        with pytest.raises(DatabaseDown):
            database.registry()
        connection.execute(sa.text(f"{allow} true"))
    server.dispose()
    assert database.reader(1) is not None


def test_the_countries_are_those_of_iso_3166_and_the_currencies_have_their_decimals() -> None:
    english = Locale("en")
    assert len(COUNTRIES) == 249
    assert {code: name.key for code, name in COUNTRIES.items()} == {
        code: english.territories[code] for code in COUNTRIES
    }
    assert {code: (decimals, name.key) for code, (decimals, name) in CURRENCIES.items()} == {
        code: (min(2, get_currency_precision(code)), english.currencies[code]) for code in CURRENCIES
    }
    assert {"IRR", "USD", "EUR", "AED", "TRY", "GBP"} <= set(CURRENCIES)


def test_a_kernel_of_another_version_asks_to_be_upgraded(database_url: str, tmp_path: Path) -> None:
    database = database_of(database_url, tmp_path)
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE core_addon SET version = '0.0.9'"))
    database.forget()
    with pytest.raises(LoaderFault) as fault:
        database.registry()
    assert str(fault.value) == "core 0.0.9 is installed and 0.1.0 is here: run “girih upgrade core”."
    database.close()
