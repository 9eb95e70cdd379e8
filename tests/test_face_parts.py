"""The macros of the page parts: plain values in, HTML out; and what the sources of the face promise."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
import pytest

from core.i18n import _

WEB = Path(__file__).resolve().parent.parent / "core" / "web"
PARTS = sorted((WEB / "templates" / "parts").glob("*.html"))
SCRIPTS = sorted((WEB / "static_src" / "js").glob("*.js"))


class Elements(HTMLParser):
    """Collects the elements of a fragment with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def the(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """Return the attributes of the only such element."""
        named = {name.replace("_", "-").strip("-"): value for name, value in wanted.items()}
        [hit] = [found for each, found in self.found if each == tag and named.items() <= found.items()]
        return hit


@pytest.fixture(scope="module")
def macros() -> jinja2.Environment:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(WEB / "templates"), autoescape=True)
    environment.globals.update(_=_, asset=lambda name: f"/static/{name}", csrf_token=lambda: "token")
    return environment


def rendered(macros: jinja2.Environment, source: str, **values: Any) -> Elements:
    return Elements(macros.from_string(source).render(**values))


def test_a_field_with_an_error_says_so_to_every_reader(macros: jinja2.Environment) -> None:
    field = {
        "name": "email",
        "kind": "email",
        "label": "E-mail",
        "value": "x",
        "help": "For quotes.",
        "errors": ["No address."],
    }
    page = rendered(macros, '{% from "parts/edit.html" import field_row %}{{ field_row(f) }}', f=field)
    box = page.the("input")
    assert box["type"] == "email"
    assert box["aria-invalid"] == "true"
    assert box["aria-describedby"] == "f-email-help f-email-error"
    assert page.the("label")["for"] == box["id"] == "f-email"
    assert page.the("p", class_="g-error")["id"] == "f-email-error"


@pytest.mark.parametrize(
    ("kind", "tag", "behaviour"),
    [
        ("char", "input", None),
        ("text", "textarea", None),
        ("rich_text", "textarea", "richtext"),
        ("integer", "input", "number"),
        ("money", "input", "number"),
        ("date", "input", "date"),
        ("datetime", "input", "date"),
        ("many2one", "select", "many2one"),
        ("tags", "select", "tags"),
        ("selection", "select", None),
        ("boolean", "input", None),
        ("phone", "input", None),
    ],
)
def test_every_kind_has_its_widget(macros: jinja2.Environment, kind: str, tag: str, behaviour: str | None) -> None:
    page = rendered(
        macros,
        '{% from "parts/edit.html" import widget %}{{ widget(f) }}',
        f={"name": "it", "kind": kind, "label": "It"},
    )
    assert page.the(tag, name="it").get("data-g") == behaviour


def test_what_people_wrote_is_never_markup(macros: jinja2.Environment) -> None:
    evil = '"><script>alert(1)</script>'
    source = (
        '{% from "parts/edit.html" import field_row %}{% from "parts/read.html" import show %}'
        '{% from "parts/basic.html" import button %}{{ show({"kind": "char", "text": e}) }}'
        '{{ field_row({"name": "n", "kind": "char", "label": e, "value": e, "errors": [e]}) }}'
        '{{ button(e, attrs={"data-confirm": e}) }}'
    )
    page = rendered(macros, source, e=evil)
    assert [tag for tag, _attributes in page.found if tag == "script"] == []
    assert page.the("input")["value"] == evil
    assert page.the("button")["data-confirm"] == evil


def test_a_card_carries_what_moving_it_needs(macros: jinja2.Environment) -> None:
    card = {"id": 5, "version": 2, "href": "/lead/5", "title": "Scanners", "stars": 1}
    page = rendered(macros, '{% from "parts/kanban.html" import card %}{{ card(c, oob=true) }}', c=card)
    assert (
        page.the("article").items()
        >= {"id": "card-5", "data-id": "5", "data-version": "2", "hx-swap-oob": "true"}.items()
    )
    assert page.the("span", class_="g-stars")["aria-label"] == "Priority 1 of 3"


def test_a_new_line_of_a_grid_waits_in_a_template(macros: jinja2.Environment) -> None:
    cell = {"name": "lines-__i__-title", "kind": "char", "label": "Title"}
    grid: dict[str, Any] = {
        "name": "lines",
        "label": "Lines",
        "columns": [{"label": "Title", "kind": "char"}],
        "rows": [],
    }
    grid["new"] = {"cells": [cell], "hidden": [("lines-__i__-id", "")]}
    page = rendered(macros, '{% from "parts/record.html" import lines %}{{ lines(f) }}', f=grid)
    assert page.the("div", data_g="one2many")["data-name"] == "lines"
    assert page.the("input", name="lines-__i__-title")["aria-label"] == "Title"
    assert page.the("input", name="lines-__i__-id")["type"] == "hidden"


def test_the_scripts_get_every_text_they_ask_for(macros: jinja2.Environment) -> None:
    texts = (WEB / "static_src" / "js" / "texts.js").read_text()
    keys = set(re.findall(r'(\w+): "', texts[texts.index("TEXT_KEYS") : texts.index("};")]))
    given = json.loads(rendered(macros, '{% include "parts/texts.html" %}').the("template")["data-texts"] or "")
    asked = {key for script in SCRIPTS for key in re.findall(r'\btext\("(\w+)"', script.read_text())}
    assert set(given) == keys
    assert asked - keys == set()
    assert given["add_new"] == "Create “{name}”"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_parts_keep_the_content_policy(part: Path) -> None:
    source = part.read_text()
    assert re.findall(r'\sstyle="|\son\w+="|hx-on|javascript:|hx-vals="js', source) == []


def test_every_behaviour_named_by_a_part_exists() -> None:
    loader = (WEB / "static_src" / "js" / "main.js").read_text()
    known = set(re.findall(r"^  (\w+): \(\) => import", loader, re.MULTILINE))
    named = {name for part in PARTS for name in re.findall(r'data-g["=: ]+"?(\w+)"', part.read_text())}
    assert named - known == set()
    assert len(named) > 10
