"""Two ways of writing the same words are one for the search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import fold


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("علي رضايي", "علی رضایی"),
        ("كارگاه", "کارگاه"),
        ("می‌روم", "میروم"),
        ("می‌روم", "می روم"),
        ("نمی‌خواهد", "نمی خواهد"),
        ("کتاب‌ها", "کتاب ها"),
        ("کتاب‌هایشان", "کتابهایشان"),
        ("بزرگ‌ترین", "بزرگ ترین"),
        ("بـــازار", "بازار"),
        ("مُحَمَّد", "محمد"),
        ("خانهٔ ما", "خانه ما"),
        ("خانۀ ما", "خانه ما"),
        ("آذر", "اذر"),
        ("مسئول", "مسيول"),
        ("جمعة", "جمعه"),
        ("۰۹۱۲", "0912"),
        ("٠٩١٢", "0912"),
        ("Ｇirih ①", "girih 1"),
        ("Café", "CAFE"),
        ("STRASSE", "straße"),
        ("  two \u00a0 words\n", "two words"),
        ("\u200eA-1\u200f", "a-1"),
        ("۱٫۵", "1٫5"),
    ],
)
def test_both_fold_to_the_same(written: str, otherwise: str) -> None:
    assert fold(written) == fold(otherwise)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("", ""),
        ("Hello  World", "hello world"),
        ("شرکت ایران‌خودرو ۱۴۰۵", "شرکت ایرانخودرو 1405"),
        ("سال می", "سال می"),
        ("تر و خشک", "تر و خشک"),
        ("آقای Smith", "اقای smith"),
    ],
)
def test_what_it_folds_to(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="ابپتيكی ک\u200c۱٢3ها میA"))
def test_folding_persian_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
