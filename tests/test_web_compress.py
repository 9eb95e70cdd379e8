"""Pages travel compressed to those who take them so, and are the same page for everybody."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.web.assets import DIST
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Site, made_site

OWN_TO_EACH = re.compile(rb'csrf[^>]*"[^"]{40,}"')


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, "sqlite", tmp_path) as site:
        yield site


def test_a_page_is_compressed_for_a_browser_and_stays_the_same(site: Site) -> None:
    client = site.app.test_client()
    plain = client.get("/login")
    packed = client.get("/login", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert OWN_TO_EACH.sub(b"", gzip.decompress(packed.data)) == OWN_TO_EACH.sub(b"", plain.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in ", ".join(answer.headers.getlist("Vary"))


def test_the_length_of_a_page_tells_nothing_exactly(site: Site) -> None:
    client = site.app.test_client()
    asked = {"Accept-Encoding": "gzip"}
    assert len({len(client.get("/login", headers=asked).headers["X-Padding"]) for _ in range(20)}) > 1


def test_small_answers_and_files_of_the_build_are_left_alone(site: Site) -> None:
    client = site.app.test_client()
    asked = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in client.get("/health", headers=asked).headers
    style = next(path for path in DIST.glob("app-*.css"))
    with client.get(f"/static/{style.name}", headers=asked) as answer:
        assert answer.data == Path(f"{style}.gz").read_bytes()
