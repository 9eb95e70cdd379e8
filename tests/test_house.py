"""The house rules hold in every file; each rule is shown to find what it is for, and to leave the rest alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bed import rules
from tests.bed.programs import CHECKOUT
from tests.bed.rules import Rule, files, name_of, python_files

EVERYWHERE: list[Rule] = [
    rules.no_naive_now,
    rules.imports_stand_at_the_top,
    rules.module_says_what_it_is,
    rules.file_is_short,
    rules.functions_are_short,
]


def faults(rule: Rule, paths: list[Path]) -> list[str]:
    assert paths, "a rule that looked at nothing proves nothing"
    return [f"{name_of(path)}:{fault}" for path in paths for fault in rule(path.read_text("utf-8"))]


def rooms(*names: str) -> list[Path]:
    return [path for path in python_files() if name_of(path).startswith(names)]


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_every_python_file_keeps(rule: Rule) -> None:
    assert faults(rule, python_files()) == []


def test_only_the_writer_writes() -> None:
    others = [path for path in rooms("core/", "addons/") if not name_of(path).startswith(rules.WRITERS)]
    assert faults(rules.no_writing_past_the_writer, others) == []


def test_texts_for_people_are_literals() -> None:
    others = [path for path in rooms("core/", "addons/") if not name_of(path).startswith("core/i18n/")]
    assert faults(rules.texts_are_literals, others) == []


def test_texts_in_templates_are_literals() -> None:
    assert faults(rules.template_texts_are_literals, files("*.html")) == []


def test_stylesheets_serve_both_directions() -> None:
    assert faults(rules.style_is_logical, files("static_src/**/*.css")) == []


def test_nothing_is_left_over() -> None:
    texts = [path for ending in ("py", "html", "css", "js", "po", "toml", "md") for path in files(f"*.{ending}")]
    top = [path for path in CHECKOUT.iterdir() if path.suffix in {".py", ".cfg", ".toml", ".md", ".mjs", ".json"}]
    assert faults(rules.nothing_is_left_over, [*texts, *top]) == []


def test_an_addon_knows_only_the_addons_it_depends_on() -> None:
    for manifest in CHECKOUT.glob("addons/*/__init__.py"):
        depends = rules.depends_of(manifest.read_text("utf-8")) | {manifest.parent.name}
        assert faults(rules.addon_knows_only(depends), sorted(manifest.parent.rglob("*.py"))) == []


CRM = rules.addon_knows_only(rules.depends_of('MANIFEST = Manifest(name="crm", depends=("contacts",))') | {"crm"})
BAD: list[tuple[Rule, str, str]] = [
    (rules.no_writing_past_the_writer, "def f(ctx):\n    ctx.session.add(1)", "2: ctx.session.add() writes past"),
    (rules.no_writing_past_the_writer, "session.flush()", "1: session.flush() writes past"),
    (rules.no_writing_past_the_writer, "self._session.add_all([])", "1: self._session.add_all() writes past"),
    (rules.texts_are_literals, '_(f"Hello {name}")', "1: _(f'Hello {name}') is no literal text"),
    (rules.texts_are_literals, '_("Hello {}".format(name))', "1: _('Hello {}'.format(name)) is no literal text"),
    (rules.texts_are_literals, '_("Hello %s" % name)', "1: _('Hello %s' % name) is no literal text"),
    (rules.texts_are_literals, 'ngettext("a", b, 2)', "1: ngettext('a', b, 2) is no literal text"),
    (rules.no_naive_now, "import datetime\nx = datetime.datetime.now()", "2: datetime.datetime.now() has no time zone"),
    (rules.no_naive_now, "datetime.utcnow()", "1: datetime.utcnow() has no time zone"),
    (rules.imports_stand_at_the_top, "def f():\n    import os", "2: import os inside a function"),
    (rules.imports_stand_at_the_top, "def f():\n    import os  # -- reason:", "2: import os inside a function"),
    (rules.module_says_what_it_is, "x = 1", "1: the module has no docstring"),
    (rules.file_is_short, "x\n" * 401, "1: 401 lines, 400 are the limit"),
    (rules.functions_are_short, "def f():\n" + "    x = 1\n" * 60, "1: f has 61 lines, 60 are the limit"),
    (rules.template_texts_are_literals, "<p>\n{{ _(title) }}", "2: _(...: write the text itself"),
    (rules.style_is_logical, "a {\n  margin-left: 1px;\n}", "2: margin-left: 1px;: say start or end"),
    (rules.style_is_logical, "a { left: 0 }", "1: a { left: 0 }: say start or end"),
    (rules.style_is_logical, "a { text-align: right }", "1: a { text-align: right }: say start or end"),
    (rules.style_is_logical, "a { border-left-color: red }", "1: a { border-left-color: red }: say start or end"),
    (rules.style_is_logical, "a { border-top-left-radius: 0 }", "1: a { border-top-left-radius: 0 }: say start or end"),
    (CRM, "from addons.sales.models import Order", "1: imports addons.sales.models; name sales in"),
    (CRM, "import os\nfrom addons import sales", "2: imports addons.sales; name sales in"),
    (CRM, "import addons.sales", "1: imports addons.sales; name sales in"),
    (rules.nothing_is_left_over, "x = 1  # TO" + "DO later", "1: x = 1  # TO" + "DO later: do it"),
    (rules.nothing_is_left_over, "/wo" + "rk/main", "1: /wo" + "rk/main: name nothing outside"),
]
GOOD: list[tuple[Rule, str]] = [
    (rules.no_writing_past_the_writer, "names = set()\nnames.add(1)\nsys.stdout.flush()"),
    (rules.texts_are_literals, '_("Hello %(name)s", name=name)\nngettext("%(n)s day", "%(n)s days", n)'),
    (rules.no_naive_now, "datetime.now(UTC)\ndatetime.now(tz=zone)\nctx.now"),
    (rules.imports_stand_at_the_top, "import os\ndef f():\n    import csv  # -- reason: only this command needs it"),
    (rules.module_says_what_it_is, '"""What it is."""'),
    (rules.file_is_short, "x\n" * 400),
    (rules.functions_are_short, "def f():\n" + "    x = 1\n" * 59),
    (rules.template_texts_are_literals, "{{ _('Save') }} {{ _(\n 'Save') }} {{ ngettext(\"a\", 'b', n) }} {{ g_(x) }}"),
    (rules.style_is_logical, "a { margin-inline-start: 1px; text-align: end; /* left: 0 */ --g-left: 0; inset: 0 }"),
    (CRM, "from addons.contacts.models import Contact\nfrom addons.crm import models"),
    (rules.nothing_is_left_over, "# To do this, call it."),
]


@pytest.mark.parametrize(("rule", "source", "fault"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_finds_what_it_is_for(rule: Rule, source: str, fault: str) -> None:
    found = rule(source)
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(("rule", "source"), GOOD, ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_leaves_the_rest_alone(rule: Rule, source: str) -> None:
    assert rule(source) == []


def test_every_rule_is_shown_at_work() -> None:
    shown = {rule for rule, _, _ in BAD}
    assert shown == {rule for rule, _ in GOOD}
    assert shown.issuperset(EVERYWHERE)
