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
)
from core.i18n.text import Text, _, current_language, ngettext, pgettext, set_language, use_language

__all__ = [
    "LANGUAGES",
    "Language",
    "Text",
    "_",
    "add_catalogue_folder",
    "catalogue_folders",
    "current_language",
    "direction",
    "forget_catalogues",
    "kernel_folder",
    "languages",
    "ngettext",
    "pgettext",
    "set_language",
    "use_language",
]
