"""The test bed's browser: it opens pages, looks the way it was asked to, and tells of errors in a page's scripts."""

from __future__ import annotations

import pytest

from tests.bed.fixtures import NewPage
from tests.bed.programs import CHECKOUT


def test_a_page_runs_its_scripts(new_page: NewPage) -> None:
    page = new_page()
    page.set_content("<title>Girih</title><p id=p></p><script>p.textContent = 1 + 1</script>")
    assert page.title() == "Girih"
    assert page.inner_text("#p") == "2"


def test_a_page_can_be_a_phone_in_the_dark_in_persian(new_page: NewPage) -> None:
    page = new_page(width=390, height=844, locale="fa-IR", dark=True)
    assert page.evaluate("[innerWidth, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches]") == [
        390,
        "fa-IR",
        True,
    ]


def test_two_pages_are_two_visitors(new_page: NewPage) -> None:
    first, second = new_page(), new_page()
    assert first.context is not second.context


def test_an_error_in_a_script_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makeini(f"[pytest]\npythonpath = {CHECKOUT}")
    pytester.makeconftest('pytest_plugins = ("tests.bed.fixtures",)')
    pytester.makepyfile("""
        def test_it(page):
            page.set_content("<script>nobody.home()</script>")
    """)
    outcome = pytester.runpytest_subprocess()
    outcome.assert_outcomes(passed=1, errors=1)
    outcome.stdout.fnmatch_lines(["*nobody is not defined*"])
