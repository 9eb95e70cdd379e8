"""Companies, currencies with their rates, countries."""

from __future__ import annotations

import sqlalchemy as sa

from core import fields
from core.i18n import _
from core.model import HasArchive, Model


class Currency(HasArchive, Model, name="core.currency", label=_("Currency"), plural=_("Currencies")):
    """A currency by its ISO 4217 code."""

    code = fields.char(_("Code"), required=True, unique=True, size=3, search=True)
    name = fields.char(_("Name"), required=True, search=True, translated=True)
    decimals = fields.integer(_("Decimal places"), required=True, default=2, minimum=0, maximum=2)


class Country(Model, name="core.country", label=_("Country"), plural=_("Countries")):
    """A country by its ISO 3166-1 alpha-2 code."""

    code = fields.char(_("Code"), required=True, unique=True, size=2, search=True)
    name = fields.char(_("Name"), required=True, search=True, translated=True)


class Company(HasArchive, Model, name="core.company", label=_("Company"), plural=_("Companies")):
    """One of the businesses that work in this database."""

    name = fields.char(_("Name"), required=True, search=True)
    currency_id = fields.many2one(Currency, _("Currency"), required=True)
    currency = fields.record(currency_id)
    country_id = fields.many2one(Country, _("Country"))
    country = fields.record(country_id)
    phone = fields.phone(_("Phone"))
    email = fields.email(_("E-mail"))
    website = fields.url(_("Web site"))
    logo = fields.image(_("Logo"))


class CurrencyRate(Model, name="core.currency_rate", label=_("Currency rate"), plural=_("Currency rates")):
    """What one unit of a company's own currency is worth in another one, from a day on."""

    __table_args__ = (sa.UniqueConstraint("currency_id", "company_id", "day"),)

    currency_id = fields.many2one(Currency, _("Currency"), required=True, ondelete="CASCADE")
    currency = fields.record(currency_id)
    company_id = fields.many2one(Company, _("Company"), required=True, ondelete="CASCADE")
    company = fields.record(company_id)
    day = fields.date(_("From"), required=True)
    rate = fields.decimal(_("Rate"), required=True, size=18, scale=9, minimum=0)
