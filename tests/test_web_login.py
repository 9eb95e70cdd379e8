"""Logging in and out: who gets in, how guessing is slowed, and that no half-filled form is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from core.db.engine import writing
from core.models import LoginAttempt, User
from core.web.answers import local
from core.web.throttle import TRIES, WINDOW, Subjects, count_try
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import EMAIL, PASSWORD, Site, made_site, text_of, toast_of

WRONG = "This e-mail address and this password do not belong together. Check both and try again."
TOO_MANY = "There were too many wrong tries from here for this account. Wait 15 minutes and try again."


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, database_kind, tmp_path) as site:
        yield site


def test_a_guest_is_sent_to_log_in_and_comes_back(site: Site) -> None:
    guest = site.visitor()
    sent = guest.get("/settings?a=1")
    assert (sent.status_code, sent.location) == (302, "/login?next=/settings?a%3D1")
    guest.get(sent.location)
    entered = guest.post("/login", {"email": EMAIL, "password": PASSWORD, "next": "/settings?a=1"})
    assert (entered.status_code, entered.location) == (303, "/settings?a=1")
    assert guest.get("/settings").status_code == 200


def test_the_name_is_known_in_every_spelling(site: Site) -> None:
    answer = site.visitor().log_in(email="  SARA＠example.com ")
    assert answer.status_code == 303


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD)])
def test_known_and_unknown_names_are_answered_alike(site: Site, email: str, password: str) -> None:
    answer = site.visitor().log_in(email=email, password=password)
    assert answer.status_code == 422
    assert WRONG in text_of(answer)


def test_a_deactivated_user_is_not_let_in(site: Site) -> None:
    site.make_person("omid@example.com")
    with site.database.engine.begin() as connection:
        connection.execute(sa.update(User).where(User.email == "omid@example.com").values(active=False))
    assert WRONG in text_of(site.visitor().log_in("omid@example.com"))


def test_after_ten_wrong_tries_nobody_is_looked_at(site: Site) -> None:
    guest = site.visitor()
    for _try in range(TRIES):
        assert WRONG in text_of(guest.log_in(password="wrong"))
    assert TOO_MANY in text_of(guest.log_in())
    assert site.visitor().log_in("nobody@example.com").status_code == 422, "others are looked at"


def test_whoever_waits_gets_in(site: Site) -> None:
    guest = site.visitor()
    for _try in range(TRIES):
        guest.log_in(password="wrong")
    with site.database.engine.begin() as connection:
        connection.execute(sa.update(LoginAttempt).values(at=datetime.now(UTC) - WINDOW - timedelta(seconds=1)))
    assert guest.log_in().status_code == 303


def test_a_right_password_ends_the_counting(site: Site) -> None:
    guest = site.visitor()
    for _try in range(TRIES - 1):
        guest.log_in(password="wrong")
    assert guest.log_in().status_code == 303
    with site.database.connect() as connection:
        left = connection.scalars(select(LoginAttempt.subject)).all()
    assert left == ["|127.0.0.1"] * (TRIES - 1)


def test_one_address_may_not_try_many_names(site: Site) -> None:
    now = datetime.now(UTC)
    with writing(site.database.engine).begin() as connection:
        tried = [count_try(connection, Subjects.of(f"user{n}", "10.0.0.9"), now) for n in range(101)]
        other = count_try(connection, Subjects.of("user1", "10.0.0.10"), now)
    assert (tried.count(True), tried[-1], other) == (100, False, True)


def test_a_new_session_begins_with_every_log_in(site: Site) -> None:
    guest = site.visitor()
    guest.get("/login")
    before = guest.token
    guest.log_in()
    assert guest.post("/preferences/theme", {"theme": "dark"}).status_code == 204
    guest.token = before
    assert guest.post("/preferences/theme", {"theme": "dark"}).status_code == 400


def test_logging_out_ends_it(site: Site) -> None:
    admin = site.administrator()
    left = admin.post("/logout")
    assert (left.status_code, left.location) == (303, "/login")
    assert admin.get("/settings").status_code == 302


def test_a_changed_password_ends_all_other_sessions(site: Site) -> None:
    here, there = site.administrator(), site.administrator()
    wrong = here.post("/preferences/password", {"old": "wrong", "new": "another good one"})
    assert "This is not your password." in text_of(wrong)
    short = here.post("/preferences/password", {"old": PASSWORD, "new": "short"})
    assert "Please take at least 8 letters, digits or signs." in text_of(short)
    done = here.post("/preferences/password", {"old": PASSWORD, "new": "another good one"})
    assert done.status_code == 303
    assert here.get("/preferences").status_code == 200
    assert there.get("/preferences").status_code == 302
    assert WRONG in text_of(site.visitor().log_in())
    assert site.visitor().log_in(password="another good one").status_code == 303


def test_one_may_log_out_everywhere_else(site: Site) -> None:
    here, there = site.administrator(), site.administrator()
    here.post("/preferences/sessions")
    assert here.get("/preferences").status_code == 200
    assert there.get("/preferences").status_code == 302


def test_a_part_of_a_page_asks_for_a_log_in_in_place(site: Site) -> None:
    guest = site.visitor()
    refused = guest.post("/preferences", {"name": "Half-filled"}, part=True)
    assert (refused.status_code, refused.text) == (401, "")
    dialog = guest.get("/login", part=True)
    assert "<dialog" in dialog.text
    assert "<html" not in dialog.text
    guest.get("/login")
    again = guest.post("/login", {"email": EMAIL, "password": "wrong"}, part=True)
    assert again.status_code == 422
    assert "<dialog" in again.text
    entered = guest.post("/login", {"email": EMAIL, "password": PASSWORD}, part=True)
    assert entered.status_code == 204
    assert toast_of(entered) == "You are logged in again."
    assert '"loggedIn"' in entered.headers["HX-Trigger"]
    assert guest.post("/preferences", {"name": "Half-filled"}, part=True).status_code == 422, (
        "the form is looked at now"
    )


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(site: Site) -> None:
    typed = {"name": "Sara «A» <b>", "language": "en", "theme": "dark"}
    guest = site.visitor()
    page = guest.post("/preferences", typed)
    assert page.status_code == 401
    assert "You were logged out meanwhile." in text_of(page)
    fields = _hidden(page.text)
    ready = guest.post("/login", {**fields, "email": EMAIL, "password": PASSWORD})
    assert "Send what I typed" in text_of(ready)
    again = _hidden(ready.text)
    assert {name: again[name] for name in typed} == typed
    assert 'action="/preferences"' in ready.text


def test_a_form_from_elsewhere_is_not_sent_again(site: Site) -> None:
    guest = site.visitor()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        page = guest.post("/preferences", {"name": "Mallory"}, headers=headers)
        assert "Mallory" not in page.text


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/m/crm.lead?x=1", "/m/crm.lead?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_the_way_back_leads_nowhere_else(address: str | None, expected: str) -> None:
    assert local(address, "/") == expected
