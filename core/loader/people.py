"""Who a user is: roles, way of reading and company, read once when a context is opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from core.context import NOBODY, CompanyInfo, Person
from core.db.types import BigId
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
    rows = connection.execute(_user_query(), {"user": user_id}).all()
    if not rows:
        return None
    row = rows[0]
    implied = PORTAL if row.kind == "portal" else STAFF
    roles = frozenset([implied.code, *(one.role for one in rows if one.role is not None)])
    person = Person(row.id, row.name, roles, row.email, row.kind)
    locale = Locale(row.language, row.calendar, row.digits, row.timezone)
    return Reader(person, locale, _company(row[-len(_COMPANY) :]), row.theme, row.session_key)


def company_of(connection: Connection, company_id: int | None) -> CompanyInfo:
    """Return a company; without an id the first one, so that amounts have a currency for everybody."""
    row = connection.execute(_company_query(), {"company": company_id}).first()
    return CompanyInfo() if row is None else _company(row)


def _company(row: Any) -> CompanyInfo:
    return CompanyInfo() if row[2] is None else CompanyInfo(*row)


# what a CompanyInfo is made of, in its order; both statements are read in every request and therefore made once
_COMPANY = (Company.id, Company.name, Currency.code, Currency.decimals, Country.code)


def _with_company(statement: Any) -> Any:
    statement = statement.outerjoin(Currency, Currency.id == Company.currency_id)
    return statement.outerjoin(Country, Country.id == Company.country_id)


def _or_first(company_id: Any) -> Any:
    return func.coalesce(company_id, select(func.min(Company.id)).scalar_subquery())


@cache
def _company_query() -> Any:
    wanted = sa.bindparam("company", type_=BigId)
    return _with_company(select(*_COMPANY).select_from(Company).where(Company.id == _or_first(wanted)))


@cache
def _user_query() -> Any:
    """A row for each role held, and at least one."""
    user, link = User.__table__, User.roles.property.secondary
    statement = select(*user.columns, Role.code.label("role"), *_COMPANY).select_from(user)
    statement = statement.outerjoin(link, link.c.record_id == user.c.id).outerjoin(Role, Role.id == link.c.other_id)
    statement = statement.outerjoin(Company, Company.id == _or_first(user.c.company_id))
    return _with_company(statement).where(user.c.id == sa.bindparam("user", type_=BigId), user.c.active)


def first_administrator(connection: Connection) -> int | None:
    """Return the administrator who was there first: whoever acts for commands that name nobody."""
    link: Any = User.roles.property.secondary
    held = select(link.c.record_id).join(Role, Role.id == link.c.other_id).where(Role.code == ADMIN.code)
    return connection.execute(select(func.min(User.id)).where(User.id.in_(held), User.active)).scalar()


def user_by_email(connection: Connection, email: str) -> int | None:
    """Return the user who logs in by this name and may work here."""
    return connection.execute(select(User.id).where(User.email == login_name(email), User.active)).scalar()
