"""Lists and forms of the kernel's own records, opened from the settings page."""

from __future__ import annotations

from core.declarations import Buttons, Filter, Form, Group, Head, List, Search, Show, Tab
from core.i18n import _
from core.models import Company, Country, Currency, CurrencyRate, Role, Sequence, User

from .people import give_password

VIEWS = [
    List(Currency, Currency.code, Currency.name, Currency.decimals, Currency.active, order=Currency.code),
    Form(Currency, Head(Currency.name), Group(Currency.code, Currency.decimals, Currency.active)),
    Search(
        Currency,
        [Currency.code, Currency.name],
        filters=[Filter("archived", _("Archived"), Currency.active.is_(False))],
    ),
    List(CurrencyRate, CurrencyRate.currency, CurrencyRate.company, CurrencyRate.day, CurrencyRate.rate),
    Form(CurrencyRate, Group(CurrencyRate.currency, CurrencyRate.company, CurrencyRate.day, CurrencyRate.rate)),
    List(Country, Country.code, Country.name, order=Country.code),
    Form(Country, Head(Country.name), Group(Country.code)),
    List(Company, Company.name, Company.currency, Company.country, Company.phone, Company.email, order=Company.name),
    Form(
        Company,
        Head(Company.name),
        Group(Company.currency, Company.country, Company.logo),
        Group(Company.phone, Company.email, Company.website),
    ),
    List(Sequence, Sequence.name, Sequence.prefix, Sequence.digits, Sequence.next_number, order=Sequence.name),
    Form(Sequence, Head(Sequence.name), Group(Sequence.code, Sequence.prefix, Sequence.digits, Sequence.next_number)),
    List(User, User.name, User.email, User.kind, User.company, User.language, User.last_login_at, order=User.name),
    Form(
        User,
        Head(User.name),
        Buttons(give_password),
        Group(User.email, User.kind, User.company, User.active),
        Group(User.language, User.calendar, User.digits, User.timezone, User.theme),
        Tab(_("Roles"), Show(User.roles, wide=True)),
    ),
    Search(
        User,
        [User.name, User.email],
        filters=[Filter("archived", _("Deactivated"), User.active.is_(False))],
        groups=[User.kind, User.company],
    ),
    List(Role, Role.name, Role.code, order=Role.code),
    Form(Role, Head(Role.name), Group(Role.code)),
]
