"""Values as each reader reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.context import CompanyInfo
from core.i18n import Locale
from core.queries import Ref
from core.views.cells import Cell, formatter, initials, shown_kind, unit_of
from tests.bed.databases import Databases
from tests.yard_site import Yard, yard_site

ENGLISH, PERSIAN = Locale(), Locale.usual("fa")
COMPANY = CompanyInfo(currency="USD", decimals=2)
RIALS = CompanyInfo(currency="IRR", decimals=0)


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with yard_site(databases.fresh, "sqlite", tmp_path_factory.mktemp("cells")) as made:
        yield made


def shown(site: Yard, name: str, value: Any, locale: Locale = ENGLISH, **more: Any) -> Cell:
    """Return a value of a field of a job as it is shown."""
    field = site.database.registry().fields(site.model("job"))[name]
    company = more.pop("company", COMPANY if locale is ENGLISH else RIALS)
    return formatter(field, locale, company, **more)(value)


def test_numbers_and_amounts(site: Yard) -> None:
    assert shown(site, "hours", 12345).text == "12,345"
    assert shown(site, "hours", 12345, PERSIAN).text == "۱۲٬۳۴۵"
    assert shown(site, "price", Decimal("48000.00")).text == "48,000"
    assert shown(site, "price", Decimal("48000.50")).text == "48,000.50"
    assert shown(site, "price", Decimal("48000"), unit=True).text == "$48,000"
    assert shown(site, "price", Decimal("4800000"), PERSIAN, unit=True).text == "۴٬۸۰۰٬۰۰۰\u00a0ریال"
    assert shown(site, "share", 35) == Cell("percent", "35%", 35, widget="percent")
    assert shown(site, "share", 35, PERSIAN).text == "۳۵\u200f٪"


def test_nothing_is_shown_as_nothing(site: Yard) -> None:
    empty = {"hours", "price", "share", "due_on", "seen_at", "port", "page", "kind", "stage", "worker", "remarks"}
    assert {name: shown(site, name, None).text for name in empty} == dict.fromkeys(empty, "")


def test_days_lose_the_year_when_it_is_this_one(site: Yard) -> None:
    day = date(2026, 11, 28)
    assert shown(site, "due_on", day).text == "Nov 28, 2026"
    assert shown(site, "due_on", day, today=date(2026, 1, 1)).text == "Nov 28"
    assert shown(site, "due_on", day, today=date(2027, 1, 1)).text == "Nov 28, 2026"
    assert shown(site, "due_on", day, PERSIAN).text == "۷ آذر ۱۴۰۵"


def test_moments_are_those_of_the_readers_clock(site: Yard) -> None:
    moment = datetime(2026, 11, 28, 20, 45, tzinfo=UTC)
    assert shown(site, "seen_at", moment).text == "Nov 28, 2026, 20:45"
    assert shown(site, "seen_at", moment, Locale.usual("fa", "Asia/Tehran")).text == "۸ آذر ۱۴۰۵، ۰۰:۱۵"


def test_choices_stars_and_yes(site: Yard) -> None:
    assert shown(site, "kind", "mast").text == "Mast"
    assert shown(site, "kind", "gone").text == "gone"
    stars = shown(site, "stars", 2)
    assert (stars.kind, stars.value, stars.max) == ("stars", 2, 3)
    assert shown(site, "urgent", True).text == "Yes"
    assert shown(site, "urgent", False, PERSIAN).text == "خیر"


def test_links_lead_to_their_record_when_asked(site: Yard) -> None:
    ref = Ref(7, "Laid")
    assert shown(site, "stage", ref).href == ""
    assert shown(site, "stage", ref, links=True, root="/db/x").href == "/db/x/m/yard.stage/7"
    person = shown(site, "worker", Ref(14, "Nika Rahimi"))
    assert (person.kind, person.text, person.initials, person.color) == ("person", "Nika Rahimi", "NR", 2)


def test_a_record_one_may_not_see_has_no_name(site: Yard) -> None:
    assert shown(site, "stage", Ref(7, None)).text == "(not visible to you)"
    assert shown(site, "stage", Ref(7, None), links=True).href == ""


def test_tags_carry_their_colour(site: Yard) -> None:
    cell = shown(site, "marks", (Ref(1, "Oak", 3), Ref(2, "Elm", None)))
    assert (cell.kind, cell.items, cell.text) == ("tags", (("Oak", 3), ("Elm", 0)), "Oak, Elm")


def test_an_address_never_runs_anything(site: Yard) -> None:
    assert shown(site, "page", "https://example.com/a").value == "https://example.com/a"
    assert shown(site, "page", "example.com").value == "https://example.com"
    assert shown(site, "page", "javascript:alert(1)").value == "https://javascript:alert(1)"


def test_rich_text_stands_in_a_list_as_plain_words(site: Yard) -> None:
    cell = shown(site, "remarks", "<div>Old <b>oak</b> &amp; elm</div><script>x</script>")
    assert (cell.kind, cell.text) == ("text", "Old oak & elm x")
    assert len(shown(site, "remarks", "word " * 100).text) == 201


def test_what_is_computed_is_shown_by_its_type(site: Yard) -> None:
    known = site.database.registry().fields(site.model("job"))
    assert shown_kind(known["late"]) == "boolean"
    assert shown_kind(known["double"]) == "integer"
    assert shown_kind(known["worker"]) == "person"
    assert shown_kind(known["stars"]) == "stars"
    assert shown_kind(known["hours"], "percent") == "percent"
    assert unit_of(known["price"], RIALS, PERSIAN) == "ریال"
    assert unit_of(known["hours"], RIALS, PERSIAN) == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Nika Rahimi", "NR"), ("Nika", "N"), ("نیکا رحیمی", "ن"), ("", "?"), ("anna de vries", "AV")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
