"""Languages, calendars and digits: everything that depends on who reads."""

from core.i18n.catalogues import (
    LANGUAGES,
    Language,
    add_catalogue_folder,
    catalogue_folders,
    direction,
    forget_catalogues,
    kernel_folder,
    languages,
    remove_catalogue_folder,
)
from core.i18n.cldr import zone_city
from core.i18n.digits import isolate, latin_digits, to_digits, without_direction_marks
from core.i18n.fold import fold
from core.i18n.jalali import Calendar, days_in_month, from_calendar, in_calendar, is_leap
from core.i18n.locale import Locale, set_locale, use_locale
from core.i18n.numbers import currency_decimals
from core.i18n.order import alphabetical
from core.i18n.parsing import NotADate, NotANumber, Unreadable
from core.i18n.periods import (
    PERIODS,
    UNITS,
    Span,
    Unit,
    bounds,
    is_period,
    label,
    period,
    period_title,
    reader_period,
    start_of,
    step,
)
from core.i18n.text import Text, _, current_language, ngettext, pgettext, set_language, use_language

__all__ = [
    "LANGUAGES",
    "PERIODS",
    "UNITS",
    "Calendar",
    "Language",
    "Locale",
    "NotADate",
    "NotANumber",
    "Span",
    "Text",
    "Unit",
    "Unreadable",
    "_",
    "add_catalogue_folder",
    "alphabetical",
    "bounds",
    "catalogue_folders",
    "currency_decimals",
    "current_language",
    "days_in_month",
    "direction",
    "fold",
    "forget_catalogues",
    "from_calendar",
    "in_calendar",
    "is_leap",
    "is_period",
    "isolate",
    "kernel_folder",
    "label",
    "languages",
    "latin_digits",
    "ngettext",
    "period",
    "period_title",
    "pgettext",
    "reader_period",
    "remove_catalogue_folder",
    "set_language",
    "set_locale",
    "start_of",
    "step",
    "to_digits",
    "use_language",
    "use_locale",
    "without_direction_marks",
    "zone_city",
]
