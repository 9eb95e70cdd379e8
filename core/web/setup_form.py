"""The form of the set-up page, and what is usual where a language is spoken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from babel.core import get_global
from wtforms import BooleanField, EmailField, PasswordField, SelectMultipleField, StringField

from core.i18n import LANGUAGES, Calendar, Locale, Text, _, alphabetical, current_language
from core.loader import Database, SetupAnswers
from core.loader.countries import COUNTRIES
from core.loader.currencies import CURRENCIES
from core.models.users import CALENDARS
from core.web.forms import BaseForm, Choice, Longest, Required, label
from core.web.modules import Module, offered
from core.web.preferences import check_password, time_zones

USUAL: Mapping[str, Mapping[str, str]] = {
    "en": {"currency": "USD", "timezone": "UTC", "calendar": "gregorian"},
    "fa": {"currency": "IRR", "timezone": "Asia/Tehran", "calendar": "jalali"},
}
KEPT_FIELDS = ("language", "company", "currency", "timezone", "calendar", "admin_name", "admin_email", "addons", "demo")


class SetupForm(BaseForm):
    """Everything a new database must know."""

    language = StringField(label(_("Language")), [Required()])
    company = StringField(
        label(_("Company name")), [Required(_("Please write the name of your company.")), Longest(200)]
    )
    currency = Choice(label(_("Currency")))
    timezone = Choice(label(_("Time zone")))
    calendar = Choice(label(_("Dates")))
    admin_name = StringField(label(_("Full name")), [Required(_("Please write your name.")), Longest(200)])
    admin_email = EmailField(label(_("E-mail")), [Required(_("Please write your e-mail address.")), Longest(200)])
    admin_password = PasswordField(label(_("Password")), [Required(_("Please choose a password."))])
    addons = SelectMultipleField(label(_("Apps to start with")), validate_choice=False)
    demo = BooleanField(label(_("Fill with demo data")))

    modules: Sequence[Module] = ()

    @classmethod
    def fresh(cls, database: Database, language: str, typed: Mapping[str, Any] | None) -> SetupForm:
        """Return the form as it is first shown, or with what was typed before."""
        usual = USUAL.get(language, USUAL["en"])
        addons = list(database.settings.addons) or [
            module.name for module in offered(database.catalogue) if module.fault is None
        ]
        begin = {"language": language, "addons": addons, "demo": False, **usual}
        form = cls(data=begin | dict(typed or {}))
        form.offer(database)
        return form

    @staticmethod
    def languages() -> Collection[str]:
        """Return the languages the set-up page speaks."""
        return LANGUAGES

    def offer(self, database: Database) -> None:
        """Fill in what there is to choose from, in the language of the moment."""
        self.modules = offered(database.catalogue)
        currencies = [(code, _("%(name)s (%(code)s)", name=name, code=code)) for code, (_n, name) in CURRENCIES.items()]
        self.currency.choices = cast("Any", sorted(currencies, key=lambda one: alphabetical(str(one[1]))))
        self.timezone.choices = cast("Any", time_zones())
        self.calendar.choices = cast("Any", list(_calendars()))

    def accept(self, problems: Mapping[str, Sequence[Text]]) -> bool:
        """Validate the form and add what the set-up itself has to say; True when it can begin."""
        good = self.validate()
        for name, texts in problems.items():
            field = getattr(self, name, self.company)
            if not field.errors:
                field.errors = [str(text) for text in texts]
                good = False
        unknown = set(self.addons.data or ()) - {module.name for module in self.modules if module.fault is None}
        if unknown:
            self.addons.errors = [str(_("There is no app called %(names)s.", names=str(_(", ")).join(sorted(unknown))))]
        return good and not unknown

    def validate_admin_password(self, field: PasswordField) -> None:
        """Refuse what is guessed in a moment."""
        check_password(field.data or "")


def _calendars() -> list[tuple[str, Text]]:
    language = current_language()
    today = datetime.now(UTC).date()
    digits = Locale.usual(language).digits
    shown = {code: Locale(language, cast("Calendar", code), digits).date(today) for code in CALENDARS}
    return [(code, _("%(calendar)s · %(day)s", calendar=label, day=shown[code])) for code, label in CALENDARS.items()]


def answers_of(form: SetupForm) -> SetupAnswers:
    """Return the answers for the set-up."""
    language = form.language.data or ""
    return SetupAnswers(
        company=form.company.data or "",
        admin_name=form.admin_name.data or "",
        admin_email=(form.admin_email.data or "").strip(),
        admin_password=form.admin_password.data or "",
        language=language if language in LANGUAGES else "en",
        currency=form.currency.data or "",
        country=_country(form.timezone.data or ""),
        calendar=form.calendar.data or "",
        timezone=form.timezone.data or "",
        addons=tuple(form.addons.data or ()),
    )


def _country(timezone: str) -> str | None:
    """Return the country a time zone lies in, which is most likely the company's."""
    code = get_global("zone_territories").get(timezone)
    return code if code in COUNTRIES else None


def set_usual(form: SetupForm, before: str, language: str) -> None:
    """Switch the language, and with it what was left as it is usual in the language before."""
    form.language.data = language
    form.language.raw_data = [language]
    was, usual = USUAL.get(before, USUAL["en"]), USUAL.get(language, USUAL["en"])
    for name, value in usual.items():
        field = form[name]
        if field.data == was[name]:
            field.data, field.raw_data = value, [value]
