"""Set-up: an empty database becomes one to work in, in one transaction, asked by a page or told by the environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import Connection

from core import jobs, operations
from core.context import Context
from core.db import sync
from core.declarations import ADMIN
from core.errors import Invalid
from core.features.people import set_password
from core.i18n import Locale, Text, _
from core.models import Company, Country, Currency, Role, User
from core.models.users import CALENDARS, LANGUAGES
from core.passwords import SHORTEST, login_name

from .countries import COUNTRIES
from .currencies import CURRENCIES
from .database import ADDON, STAMP, Database, read_installed
from .discovery import KERNEL
from .faults import LoaderFault
from .lifecycle import Progress, Steps, bring, silent
from .registries import registry_of
from .seeding import make_roles
from .transaction import changing, system


@dataclass(frozen=True, slots=True)
class SetupAnswers:
    """What a new database must know; `calendar` None means the usual one of the language."""

    company: str
    admin_name: str
    admin_email: str
    admin_password: str
    language: str = "en"
    currency: str = "USD"
    country: str | None = None
    calendar: str | None = None
    timezone: str = "UTC"
    addons: tuple[str, ...] = ()

    @property
    def locale(self) -> Locale:
        """How the administrator reads."""
        return Locale.usual(self.language, self.timezone)


def check(answers: SetupAnswers) -> dict[str, list[Text]]:
    """Return what is wrong with the answers, by name; empty when the set-up can begin."""
    return {name: [text] for name, text in _problems(answers)}


def _problems(answers: SetupAnswers) -> Iterator[tuple[str, Text]]:
    for name in ("company", "admin_name"):
        if not getattr(answers, name).strip():
            yield name, _("This is needed.")
    if (fault := _email_problem(answers.admin_email)) is not None:
        yield "admin_email", fault
    if len(answers.admin_password) < SHORTEST:
        yield "admin_password", _("A password has at least %(count)s characters.", count=SHORTEST)
    chosen = (
        ("language", answers.language, LANGUAGES),
        ("currency", answers.currency, CURRENCIES),
        ("country", answers.country, (None, *COUNTRIES)),
        ("calendar", answers.calendar, (None, *CALENDARS)),
        ("timezone", answers.timezone, available_timezones()),
    )
    for name, value, allowed in chosen:
        if value not in allowed:
            yield name, _("“%(value)s” is not one of the choices.", value=str(value))


def _email_problem(email: str) -> Text | None:
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return _("“%(value)s” is not an e-mail address.", value=email)
    return None


def set_up(database: Database, answers: SetupAnswers, progress: Progress = silent) -> None:
    """Make the kernel's tables, the company and the administrator, and install addons; all or nothing."""
    if errors := check(answers):
        raise Invalid(errors)
    ordered = database.catalogue.order([KERNEL, *answers.addons])
    registry = registry_of(ordered)
    steps = Steps(progress, 2 * len(ordered))
    with changing(database) as connection:
        if read_installed(connection):
            raise LoaderFault(_("The database “%(name)s” is set up already.", name=database.name))
        steps.next(_("Making the tables of the kernel"))
        _make_kernel(connection, ordered[0].version)
        steps.next(_("Making the company and the administrator"))
        with system(database, connection, registry_of(ordered[:1]), KERNEL) as ctx:
            _make_beginnings(ctx, answers)
        bring(connection, database, registry, ordered[1:], steps)
    steps.finish()


def ensure(database: Database, progress: Progress = silent) -> bool:
    """Set an empty database up from the settings when they name an administrator; say whether it was done."""
    settings = database.settings
    if settings.admin_email is None or settings.admin_password is None or database.is_set_up():
        return False
    persian = settings.language.startswith("fa")
    answers = SetupAnswers(
        company=str(_("My company")),
        admin_name=settings.admin_email.partition("@")[0],
        admin_email=settings.admin_email,
        admin_password=settings.admin_password,
        language=settings.language,
        currency="IRR" if persian else "USD",
        timezone="Asia/Tehran" if persian else "UTC",
        addons=settings.addons,
    )
    try:
        set_up(database, answers, progress)
    except LoaderFault:
        if database.is_set_up():  # another process of this server was quicker
            return False
        raise
    return True


def _make_kernel(connection: Connection, version: str) -> None:
    sync.apply(connection, KERNEL)
    jobs.prepare(connection)
    connection.execute(sa.insert(STAMP).values(addons=1, rights=1))
    connection.execute(sa.insert(ADDON).values(name=KERNEL, version=version, state="installed"))


def _make_beginnings(ctx: Context, answers: SetupAnswers) -> None:
    make_roles(ctx)
    currencies = operations.create_many(
        ctx,
        Currency,
        [
            {Currency.code: code, Currency.name: name, Currency.decimals: decimals}
            for code, (decimals, name) in CURRENCIES.items()
        ],
    )
    countries = operations.create_many(
        ctx, Country, [{Country.code: code, Country.name: name} for code, name in COUNTRIES.items()]
    )
    country = dict(zip(COUNTRIES, countries, strict=True)).get(answers.country or "")
    currency = dict(zip(CURRENCIES, currencies, strict=True))[answers.currency]
    company = operations.create(
        ctx,
        Company,
        {Company.name: answers.company.strip(), Company.currency_id: currency, Company.country_id: country},
    )
    _make_administrator(ctx, answers, company)


def _make_administrator(ctx: Context, answers: SetupAnswers, company: int) -> None:
    role = ctx.session.scalars(sa.select(Role.id).where(Role.code == ADMIN.code)).one()
    values = {
        User.name: answers.admin_name.strip(),
        User.email: login_name(answers.admin_email),
        User.company_id: company,
        User.roles: [role],
        User.language: answers.language,
        User.calendar: answers.calendar or answers.locale.calendar,
        User.digits: answers.locale.digits,
        User.timezone: answers.timezone,
    }
    user = operations.create(ctx, User, values)
    set_password(ctx, user, answers.admin_password)
