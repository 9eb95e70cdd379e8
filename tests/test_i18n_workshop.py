"""Texts are found wherever they are said, and catalogues that are not complete are told so."""

import os
from pathlib import Path

import pytest

from core.i18n import Text, add_catalogue_folder, remove_catalogue_folder, use_language
from core.i18n.compiled import read_compiled
from core.i18n.workshop import (
    Place,
    addon_place,
    check,
    compile_catalogue,
    disagreements,
    extract,
    kernel_place,
    places,
    read_catalogue,
    update,
)

CODE = """
from core.toolkit import _, ngettext, pgettext

NAME = _("Name")
# Translators: shown on the shelf
SHELF = pgettext("library", "Shelf")
HELLO = _("Hello %(name)s", name="x")


def count(n):
    return ngettext("%(n)s book", "%(n)s books", n)
"""
PAGE = '<h1>{{ _("Name") }}</h1>{% if x %}<p title="{{ _("On %(day)s", day=day) }}">{% endif %}'
HEAD = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


@pytest.fixture
def library(tmp_path: Path) -> Place:
    addon = tmp_path / "addons" / "library"
    (addon / "templates" / "library").mkdir(parents=True)
    (addon / "tests").mkdir()
    (addon / "__init__.py").write_text("", encoding="utf-8")
    (addon / "models.py").write_text(CODE, encoding="utf-8")
    (addon / "templates" / "library" / "page.html").write_text(PAGE, encoding="utf-8")
    (addon / "tests" / "test_x.py").write_text('_("Only in a test")', encoding="utf-8")
    (addon / "README.html").write_text('{{ _("Not a template") }}', encoding="utf-8")
    return addon_place(addon)


def write(place: Place, messages: str) -> None:
    place.file("fa").parent.mkdir(parents=True, exist_ok=True)
    place.file("fa").write_text(HEAD + messages, encoding="utf-8")


def text_of(place: Place) -> str:
    return place.file("fa").read_text(encoding="utf-8")


def test_texts_are_found_in_code_and_templates(library: Place) -> None:
    found = {
        (message.context, message.id): sorted(file for file, _ in message.locations) for message in extract(library)
    }
    found.pop((None, ""))
    assert found == {
        (None, "Name"): ["models.py", "templates/library/page.html"],
        ("library", "Shelf"): ["models.py"],
        (None, "Hello %(name)s"): ["models.py"],
        (None, ("%(n)s book", "%(n)s books")): ["models.py"],
        (None, "On %(day)s"): ["templates/library/page.html"],
    }


def test_a_template_that_cannot_be_read_is_not_passed_over(library: Place) -> None:
    (library.base / "templates" / "broken.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(Exception, match="Expected an expression"):
        extract(library)


def test_what_the_kernel_says_is_left_to_the_kernel(library: Place) -> None:
    kernel = [message for message in extract(library) if message.id == "Name"]
    assert "Name" not in extract(library, kernel)


def test_a_new_catalogue_says_what_it_is_and_nothing_that_changes(library: Place) -> None:
    assert update(library, "fa")
    assert text_of(library).startswith(
        'msgid ""\nmsgstr ""\n"Language: fa\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        '#: models.py\n#, python-format\nmsgid "%(n)s book"\nmsgid_plural "%(n)s books"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    assert "#. shown on the shelf" in text_of(library)
    assert not update(library, "fa")


def test_translations_stay_and_texts_no_longer_said_go(library: Place) -> None:
    write(library, 'msgid "Name"\nmsgstr "نام"\n\nmsgid "Gone"\nmsgstr "رفته"\n')
    assert update(library, "fa")
    assert 'msgid "Name"\nmsgstr "نام"\n' in text_of(library)
    assert "Gone" not in text_of(library)


def test_a_text_that_moved_keeps_its_translation(library: Place, tmp_path: Path) -> None:
    other = Place("other", tmp_path, (), tmp_path / "i18n")
    write(other, 'msgctxt "library"\nmsgid "Shelf"\nmsgstr "قفسه"\n')
    update(library, "fa", [read_catalogue(other.file("fa"), "fa")])
    assert 'msgid "Shelf"\nmsgstr "قفسه"\n' in text_of(library)


def test_nothing_is_written_for_a_place_without_texts(tmp_path: Path) -> None:
    silent = addon_place(tmp_path / "silent")
    silent.base.mkdir()
    assert not update(silent, "fa")
    assert not silent.file("fa").exists()
    assert check(silent, "fa") == []
    assert compile_catalogue(silent, "fa") is None


COMPLETE = """
msgid "Name"
msgstr "نام"

msgctxt "library"
msgid "Shelf"
msgstr "قفسه"

msgid "Hello %(name)s"
msgstr "سلام %(name)s"

msgid "On %(day)s"
msgstr "در %(day)s"

msgid "%(n)s book"
msgid_plural "%(n)s books"
msgstr[0] "یک کتاب"
msgstr[1] "%(n)s کتاب"
"""


def test_a_complete_catalogue_has_no_faults(library: Place) -> None:
    write(library, COMPLETE)
    assert check(library, "fa") == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('msgid "Name"\nmsgstr "نام"\n', "", "“Name” (models.py, templates/library/page.html) is missing."),
        ('"نام"', '""', "“Name” (models.py, templates/library/page.html) is not translated."),
        (
            'msgid "Name"',
            '#, fuzzy\nmsgid "Name"',
            "“Name” (models.py, templates/library/page.html) is marked as uncertain.",
        ),
        ('"قفسه"', '""', "“Shelf” [library] (models.py) is not translated."),
        ("سلام %(name)s", "سلام", "“Hello %(name)s” (models.py) has the placeholders none instead of name."),
        ("سلام %(name)s", "سلام %(nam)s", "“Hello %(name)s” (models.py) has the placeholders nam instead of name."),
        (
            "سلام %(name)s",
            "۱۰۰% سلام %(name)s",
            "“Hello %(name)s” (models.py) has a % that is neither a placeholder nor doubled.",
        ),
        ("یک کتاب", "كتاب", "“%(n)s book” (models.py) has an Arabic ye or kaf."),
        ('msgstr[1] "%(n)s کتاب"', 'msgstr[1] ""', "“%(n)s book” (models.py) is not translated."),
        ('msgid "Name"', 'msgid "Old"\nmsgstr "کهنه"\n\nmsgid "Name"', "“Old” is no longer said anywhere."),
        ('msgid "Name"', '#~ msgid "Old"\n#~ msgstr "کهنه"\n\nmsgid "Name"', "“Old” is left over."),
    ],
)
def test_every_fault_is_named(library: Place, right: str, wrong: str, fault: str) -> None:
    write(library, COMPLETE.replace(right, wrong))
    assert check(library, "fa") == [f"library/fa: {fault}"]


def test_a_text_that_became_counted_is_told(library: Place) -> None:
    counted = COMPLETE[COMPLETE.index('msgid "%(n)s book"') :]
    write(library, COMPLETE.replace(counted, 'msgid "%(n)s book"\nmsgstr "%(n)s کتاب"\n'))
    assert check(library, "fa") == [
        "library/fa: “%(n)s book” (models.py) is counted on one side only; bring the catalogue up to date."
    ]


def test_two_places_that_translate_one_text_differently_are_told(library: Place, tmp_path: Path) -> None:
    other = Place("other", tmp_path, (), tmp_path / "i18n")
    write(library, COMPLETE)
    write(other, 'msgid "Name"\nmsgstr "اسم"\n\nmsgid "Shelf"\nmsgstr "تاقچه"\n')
    (fault,) = disagreements([library, other], "fa")
    assert fault == (
        "other/fa: “Name” is translated otherwise in library;"
        " say it with the same words, or with pgettext and a context."
    )


def test_a_compiled_catalogue_is_read_instead_of_the_readable_one(library: Place) -> None:
    write(library, COMPLETE.replace("نام", "نامک"))
    compiled = compile_catalogue(library, "fa")
    assert compiled is not None
    library.file("fa").unlink()
    add_catalogue_folder(library.catalogues)
    try:
        with use_language("fa"):
            assert str(Text("Shelf", context="library")) == "قفسه"
            assert str(Text("Shelf")) == "Shelf"
            assert str(Text("%(n)s book", (("n", 3),), plural="%(n)s books", n=3)) == "3 کتاب"
    finally:
        remove_catalogue_folder(library.catalogues)


def test_a_newer_readable_catalogue_wins_over_a_compiled_one(library: Place) -> None:
    write(library, COMPLETE)
    compiled = compile_catalogue(library, "fa")
    assert compiled is not None
    write(library, COMPLETE.replace("قفسه", "تاقچه"))
    newer = compiled.stat().st_mtime + 10
    os.utime(library.file("fa"), (newer, newer))
    add_catalogue_folder(library.catalogues)
    try:
        with use_language("fa"):
            assert str(Text("Shelf", context="library")) == "تاقچه"
    finally:
        remove_catalogue_folder(library.catalogues)


@pytest.mark.parametrize("content", [b"", b"nothing", b"x" * 40])
def test_a_broken_compiled_catalogue_says_so(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a compiled catalogue"):
        read_compiled(content, "fa")


def test_a_compiled_catalogue_keeps_its_plural_rule(library: Place) -> None:
    update(library, "pl")
    file = compile_catalogue(library, "pl")
    assert file is not None
    assert read_compiled(file.read_bytes(), "pl").num_plurals == 3


def test_the_places_of_a_checkout(library: Place, tmp_path: Path) -> None:
    assert places(tmp_path) == [kernel_place(tmp_path), library]
    assert kernel_place(tmp_path).file("fa") == tmp_path / "i18n" / "fa" / "LC_MESSAGES" / "messages.po"


def test_other_languages_get_their_own_plural_rule(library: Place) -> None:
    update(library, "pl")
    assert "nplurals=3" in library.file("pl").read_text(encoding="utf-8")
