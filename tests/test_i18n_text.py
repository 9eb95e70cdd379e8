"""Texts are written once in English and shown in the language of whoever reads."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.i18n import (
    LANGUAGES,
    Locale,
    Text,
    _,
    add_catalogue_folder,
    current_language,
    direction,
    forget_catalogues,
    languages,
    ngettext,
    pgettext,
    remove_catalogue_folder,
    set_language,
    use_language,
    use_locale,
)

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Book"
msgstr "Libro"

msgid "Hello %(name)s"
msgstr "Saluton %(name)s"

msgid "Broken %(name)s"
msgstr "Rompita %(nomo)s"

msgctxt "verb"
msgid "Book"
msgstr "Mendi"

#, fuzzy
msgid "Uncertain"
msgstr "Dubinda"

msgid "%(n)s book of %(name)s"
msgid_plural "%(n)s books of %(name)s"
msgstr[0] "%(n)s libro de %(name)s"
msgstr[1] "%(n)s libroj de %(name)s"
"""

LATER = CATALOGUE.replace("Libro", "Volumo") + '\nmsgid "Shelf"\nmsgstr "Breto"\n'


def folder_with(place: Path, catalogue: str, language: str = "eo") -> Path:
    file = place / language / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(catalogue, encoding="utf-8")
    return place


@pytest.fixture
def esperanto(tmp_path: Path) -> Iterator[Path]:
    folder = folder_with(tmp_path / "first", CATALOGUE)
    add_catalogue_folder(folder)
    yield folder
    remove_catalogue_folder(folder)


def test_a_text_is_english_until_a_language_is_chosen() -> None:
    assert str(_("Book")) == "Book"
    assert current_language() == "en"


def test_a_text_declared_early_is_translated_when_shown(esperanto: Path) -> None:
    label = _("Book")
    with use_language("eo"):
        assert str(label) == "Libro"
        assert f"{label}" == "Libro"
    assert str(label) == "Book"


def test_placeholders_are_filled_also_with_other_texts(esperanto: Path) -> None:
    greeting = _("Hello %(name)s", name=_("Book"))
    with use_language("eo"):
        assert str(greeting) == "Saluton Libro"
    assert str(greeting) == "Hello Book"


def test_a_text_without_values_keeps_its_percent_signs() -> None:
    assert str(_("100% done")) == "100% done"


def test_a_context_tells_two_meanings_apart(esperanto: Path) -> None:
    with use_language("eo"):
        assert str(pgettext("verb", "Book")) == "Mendi"
        assert str(pgettext("room", "Book")) == "Book"


@pytest.mark.parametrize(("count", "shown"), [(1, "1 libro de Ana"), (0, "0 libroj de Ana"), (5, "5 libroj de Ana")])
def test_counted_texts_follow_the_plural_rule(esperanto: Path, count: int, shown: str) -> None:
    with use_language("eo"):
        assert str(ngettext("%(n)s book of %(name)s", "%(n)s books of %(name)s", count, name="Ana")) == shown


@pytest.mark.parametrize(("count", "shown"), [(1, "1 lead"), (0, "0 leads"), (2, "2 leads")])
def test_counted_texts_without_translation_follow_english(count: int, shown: str) -> None:
    assert str(ngettext("%(n)s lead", "%(n)s leads", count)) == shown


def test_a_translation_that_asks_for_another_value_shows_the_english_text(esperanto: Path) -> None:
    with use_language("eo"):
        assert str(_("Broken %(name)s", name="x")) == "Broken x"


def test_an_english_text_that_asks_for_what_is_not_given_is_shown_as_written() -> None:
    assert str(_("Hello %(name)s", other="x")) == "Hello %(name)s"


def test_uncertain_translations_are_not_shown(esperanto: Path) -> None:
    with use_language("eo"):
        assert str(_("Uncertain")) == "Uncertain"


def test_texts_compare_hash_and_cannot_be_added_up() -> None:
    assert _("Hello %(name)s", name="a") == _("Hello %(name)s", name="a")
    assert len({_("Book"), _("Book"), pgettext("verb", "Book")}) == 2
    with pytest.raises(TypeError):
        _("Book") + " of"  # type: ignore[operator]
    with pytest.raises(AttributeError):
        _("Book").key = "Shelf"  # type: ignore[misc]


def test_a_text_is_not_markup() -> None:
    assert not hasattr(Text("x"), "__html__")


def test_numbers_and_dates_in_a_sentence_are_shown_in_the_readers_way() -> None:
    sentence = _("%(count)s due on %(day)s", count=1200, day=date(2026, 11, 28))
    with use_locale(Locale("en")):
        assert str(sentence) == "1,200 due on Nov 28, 2026"
    with use_locale(Locale("en", "jalali", "arabext")):
        assert str(sentence) == "۱٬۲۰۰ due on Azar ۷, ۱۴۰۵"


def test_a_language_is_chosen_for_one_thread_only(esperanto: Path) -> None:
    seen: list[str] = []
    with use_language("eo"):
        thread = threading.Thread(target=lambda: seen.append(str(_("Book"))))
        thread.start()
        thread.join()
    assert seen == ["Book"]


def test_set_language_holds_until_it_is_set_again(esperanto: Path) -> None:
    with use_language("en"):
        set_language("eo")
        assert str(_("Book")) == "Libro"
    assert str(_("Book")) == "Book"


def test_the_first_folder_wins_and_later_ones_add(esperanto: Path, tmp_path: Path) -> None:
    later = folder_with(tmp_path / "later", LATER)
    add_catalogue_folder(later)
    try:
        with use_language("eo"):
            assert (str(_("Book")), str(_("Shelf"))) == ("Libro", "Breto")
    finally:
        remove_catalogue_folder(later)
    with use_language("eo"):
        assert str(_("Shelf")) == "Shelf"


def test_a_regional_language_is_completed_by_its_general_one(esperanto: Path) -> None:
    with use_language("eo-XX"):
        assert str(_("Book")) == "Libro"


def test_changed_files_are_read_again_after_forgetting(esperanto: Path) -> None:
    with use_language("eo"):
        assert str(_("Book")) == "Libro"
        (esperanto / "eo/LC_MESSAGES/messages.po").write_text(LATER, encoding="utf-8")
        forget_catalogues()
        assert str(_("Book")) == "Volumo"


def test_a_language_is_offered_when_a_folder_brings_it(esperanto: Path) -> None:
    assert set(LANGUAGES) == {"en", "fa"}
    assert languages()["eo"].name == "Esperanto"
    assert "eo" not in LANGUAGES


def test_languages_have_their_own_names_and_directions() -> None:
    assert [(known.code, known.name, known.direction) for known in LANGUAGES.values()] == [
        ("en", "English", "ltr"),
        ("fa", "فارسی", "rtl"),
    ]
    assert [direction(code) for code in ("ar", "he", "fa_IR", "de", "no such")] == ["rtl", "rtl", "rtl", "ltr", "ltr"]


def test_persian_counts_two_kinds_of_numbers(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, 'msgid "%(n)s x"\nmsgid_plural "%(n)s xs"\nmsgstr[0] "یک"\nmsgstr[1] "چند"\n', "fa")
    add_catalogue_folder(folder)
    try:
        with use_language("fa"):
            assert [str(ngettext("%(n)s x", "%(n)s xs", count)) for count in (0, 1, 2)] == ["یک", "یک", "چند"]
    finally:
        remove_catalogue_folder(folder)
