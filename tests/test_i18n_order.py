"""The order of Persian letters, and the names of places that time zones are called after."""

import pytest

from core.i18n import alphabetical, use_language, zone_city
from core.web.preferences import time_zones


def test_persian_names_stand_in_the_order_of_their_alphabet() -> None:
    names = ["یورو", "پوند", "تنگه", "آب", "کرون", "گلدن", "چک", "دینار", "ین", "ژاپن"]
    ordered = ["آب", "پوند", "تنگه", "چک", "دینار", "ژاپن", "کرون", "گلدن", "ین", "یورو"]
    assert sorted(names, key=alphabetical) == ordered


def test_marks_and_half_spaces_do_not_change_the_place_of_a_name() -> None:
    assert sorted(["شکلات", "شِکِل", "هنگ‌کنگ", "هند"], key=alphabetical) == ["شِکِل", "شکلات", "هند", "هنگ‌کنگ"]


def test_latin_names_stand_before_persian_ones_whatever_their_case() -> None:
    assert sorted(["آب", "beta", "Alpha"], key=alphabetical) == ["Alpha", "beta", "آب"]


@pytest.mark.parametrize(
    ("zone", "city"),
    [("Asia/Tehran", "تهران"), ("Europe/Berlin", "برلین"), ("Asia/Kolkata", "کلکته"), ("No/Where", "")],
)
def test_a_zone_is_called_after_its_place(zone: str, city: str) -> None:
    assert zone_city("fa", zone) == city


def test_the_zones_to_choose_from_are_named_in_the_language_of_the_moment() -> None:
    with use_language("fa"):
        persian = time_zones()
    assert dict(persian)["Asia/Tehran"] == "تهران (Asia/Tehran)"
    assert persian[0] == ("UTC", "UTC")
    with use_language("en"):
        english = time_zones()
    assert dict(english)["Asia/Tehran"] == "Asia/Tehran"
    assert {name for name, _shown in english} == {name for name, _shown in persian}
