"""Who a user is: roles, way of reading and company, read once when a context is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from core.context import NOBODY, CompanyInfo, Person
from core.declarations import ADMIN, PORTAL, STAFF
from core.i18n import Locale
from core.models import Company, Country, Currency, Role, User
from core.passwords import login_name


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with what depends on who reads."""

    person: Person
    locale: Locale
    company: CompanyInfo
    theme: str = "auto"
    session_key: str | None = None


def reader(connection: Connection, user_id: int | None) -> Reader | None:
    """Return a user who may work here; None when there is no such user, or no longer. Without an id: the public."""
    if user_id is None:
        return Reader(NOBODY, Locale(), company_of(connection, None))
    user = User.__table__
    row = connection.execute(select(*user.columns).where(user.c.id == user_id, user.c.active)).one_or_none()
    if row is None:
        return None
    person = Person(row.id, row.name, _roles(connection, row), row.email, row.kind)
    locale = Locale(row.language, row.calendar, row.digits, row.timezone)
    return Reader(person, locale, company_of(connection, row.company_id), row.theme, row.session_key)


def company_of(connection: Connection, company_id: int | None) -> CompanyInfo:
    """Return a company; without an id the first one, so that amounts have a currency for everybody."""
    query = (
        select(Company.id, Company.name, Currency.code, Currency.decimals, Country.code.label("country"))
        .join(Currency, Currency.id == Company.currency_id)
        .outerjoin(Country, Country.id == Company.country_id)
        .order_by(Company.id)
        .limit(1)
    )
    if company_id is not None:
        query = query.where(Company.id == company_id)
    row = connection.execute(query).one_or_none()
    return CompanyInfo(*row) if row is not None else CompanyInfo()


def first_administrator(connection: Connection) -> int | None:
    """Return the administrator who was there first: whoever acts for commands that name nobody."""
    link: Any = User.roles.property.secondary
    held = select(link.c.record_id).join(Role, Role.id == link.c.other_id).where(Role.code == ADMIN.code)
    return connection.execute(select(func.min(User.id)).where(User.id.in_(held), User.active)).scalar()


def user_by_email(connection: Connection, email: str) -> int | None:
    """Return the user who logs in by this name and may work here."""
    return connection.execute(select(User.id).where(User.email == login_name(email), User.active)).scalar()


def _roles(connection: Connection, user: Any) -> frozenset[str]:
    """The codes of the roles held, and the one everybody of the user's kind has."""
    link: Any = User.roles.property.secondary
    held = select(Role.code).join(link, link.c.other_id == Role.id).where(link.c.record_id == user.id)
    implied = PORTAL if user.kind == "portal" else STAFF
    return frozenset([*connection.execute(held).scalars(), implied.code])
