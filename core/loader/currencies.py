"""The currencies a new database begins with: ISO 4217 code, decimal places people use, English name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.i18n import Text, _

CURRENCIES: Mapping[str, tuple[int, Text]] = MappingProxyType(
    {
        "AED": (2, _("United Arab Emirates Dirham")),
        "AFN": (0, _("Afghan Afghani")),
        "AMD": (2, _("Armenian Dram")),
        "AUD": (2, _("Australian Dollar")),
        "AZN": (2, _("Azerbaijani Manat")),
        "BHD": (2, _("Bahraini Dinar")),
        "BRL": (2, _("Brazilian Real")),
        "CAD": (2, _("Canadian Dollar")),
        "CHF": (2, _("Swiss Franc")),
        "CNY": (2, _("Chinese Yuan")),
        "CZK": (2, _("Czech Koruna")),
        "DKK": (2, _("Danish Krone")),
        "EGP": (2, _("Egyptian Pound")),
        "EUR": (2, _("Euro")),
        "GBP": (2, _("British Pound")),
        "GEL": (2, _("Georgian Lari")),
        "HKD": (2, _("Hong Kong Dollar")),
        "HUF": (2, _("Hungarian Forint")),
        "IDR": (2, _("Indonesian Rupiah")),
        "ILS": (2, _("Israeli New Shekel")),
        "INR": (2, _("Indian Rupee")),
        "IQD": (0, _("Iraqi Dinar")),
        "IRR": (0, _("Iranian Rial")),
        "JOD": (2, _("Jordanian Dinar")),
        "JPY": (0, _("Japanese Yen")),
        "KRW": (0, _("South Korean Won")),
        "KWD": (2, _("Kuwaiti Dinar")),
        "KZT": (2, _("Kazakhstani Tenge")),
        "LBP": (0, _("Lebanese Pound")),
        "MXN": (2, _("Mexican Peso")),
        "MYR": (2, _("Malaysian Ringgit")),
        "NOK": (2, _("Norwegian Krone")),
        "NZD": (2, _("New Zealand Dollar")),
        "OMR": (2, _("Omani Rial")),
        "PKR": (2, _("Pakistani Rupee")),
        "PLN": (2, _("Polish Zloty")),
        "QAR": (2, _("Qatari Riyal")),
        "RON": (2, _("Romanian Leu")),
        "RUB": (2, _("Russian Ruble")),
        "SAR": (2, _("Saudi Riyal")),
        "SEK": (2, _("Swedish Krona")),
        "SGD": (2, _("Singapore Dollar")),
        "SYP": (0, _("Syrian Pound")),
        "THB": (2, _("Thai Baht")),
        "TJS": (2, _("Tajikistani Somoni")),
        "TRY": (2, _("Turkish Lira")),
        "UAH": (2, _("Ukrainian Hryvnia")),
        "USD": (2, _("US Dollar")),
        "UZS": (2, _("Uzbekistani Som")),
        "ZAR": (2, _("South African Rand")),
    }
)
