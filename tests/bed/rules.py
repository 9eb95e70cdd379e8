"""The house rules that no other tool knows, each a function from a source to its faults, `line: what is wrong`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bed.programs import CHECKOUT

Rule = Callable[[str], list[str]]

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
ROOMS = ("core", "addons", "tools", "tests")
WRITERS = ("core/operations", "core/db", "core/testing")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# How many of the first arguments are texts, for each function that marks a text for translation.
MARKERS = {"_": 1, "ngettext": 2, "pgettext": 2}
REASON = re.compile(r"#\s*-- reason: \S")
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius)(?:-\w+)?\s*:"
    r"|(?<![\w-])(?:float|clear|text-align)\s*:\s*(?:left|right)\b"
)
MARK_IN_TEMPLATE = re.compile(r"""(?<![\w.])(?:_|ngettext|pgettext)\(\s*(?!["'\s])""")
LEFT_OVER = re.compile("|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bXX" + r"X\b")))
ELSEWHERE = re.compile("|".join(("registry" + r"\.npmjs", "python" + "hosted", r"deb\." + "debian", "/wo" + "rk/")))


def python_files() -> list[Path]:
    """Return every Python file of the project."""
    return sorted([*CHECKOUT.glob("*.py"), *(path for room in ROOMS for path in (CHECKOUT / room).rglob("*.py"))])


def files(pattern: str) -> list[Path]:
    """Return the files of the rooms that match a glob, what a build has made left out."""
    found = [path for room in ROOMS for path in (CHECKOUT / room).rglob(pattern)]
    return sorted(path for path in found if "dist" not in path.parts)


def name_of(path: Path) -> str:
    """Return a file's name as people write it."""
    return path.relative_to(CHECKOUT).as_posix()


def no_writing_past_the_writer(source: str) -> list[str]:
    """Find `session.add`, `session.flush` and their like."""
    return [
        f"{call.lineno}: {ast.unparse(call.func)}() writes past core.operations; call create, update or delete there"
        for call in _calls(source)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"add", "add_all", "flush", "merge"}
        and re.search(r"(^|[._])session$", ast.unparse(call.func.value))
    ]


def texts_are_literals(source: str) -> list[str]:
    """Find texts for translation that are put together in code, which no catalogue can hold."""
    return [
        f"{call.lineno}: {ast.unparse(call)} is no literal text; write a whole sentence with named placeholders"
        for call in _calls(source)
        if isinstance(call.func, ast.Name)
        and call.func.id in MARKERS
        and not all(_is_text(argument) for argument in call.args[: MARKERS[call.func.id]])
    ]


def no_naive_now(source: str) -> list[str]:
    """Find moments without a time zone."""
    return [
        f"{call.lineno}: {ast.unparse(call)} has no time zone; write datetime.now(UTC), or use ctx.now"
        for call in _calls(source)
        if re.search(r"(^|\.)datetime\.(utcnow|utcfromtimestamp|today)$", ast.unparse(call.func))
        or (re.search(r"(^|\.)datetime\.now$", ast.unparse(call.func)) and not (call.args or call.keywords))
    ]


def imports_stand_at_the_top(source: str) -> list[str]:
    """Find imports inside functions that do not say why."""
    lines = source.splitlines()
    inside = {
        node.lineno: node
        for function in _functions(source)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [
        f"{number}: {ast.unparse(node)} inside a function; move it to the top or say why: # -- reason: ..."
        for number, node in sorted(inside.items())
        if not any(REASON.search(line) for line in lines[number - 1 : node.end_lineno])
    ]


def module_says_what_it_is(source: str) -> list[str]:
    """Find a module without a docstring."""
    return [] if ast.get_docstring(ast.parse(source)) else ["1: the module has no docstring"]


def file_is_short(source: str) -> list[str]:
    """Find a file longer than anybody reads."""
    length = len(source.splitlines())
    return [f"1: {length} lines, {LONGEST_FILE} are the limit; split the room"] if length > LONGEST_FILE else []


def functions_are_short(source: str) -> list[str]:
    """Find functions longer than a screen."""
    lengths = [(node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in _functions(source)]
    return [
        f"{node.lineno}: {node.name} has {length} lines, {LONGEST_FUNCTION} are the limit"
        for node, length in lengths
        if length > LONGEST_FUNCTION
    ]


def style_is_logical(source: str) -> list[str]:
    """Find properties of a stylesheet that say left or right, wrong in one of the two directions of writing."""
    return _lines_with(PHYSICAL, re.sub(r"/\*.*?\*/", _blank, source, flags=re.DOTALL), "say start or end")


def template_texts_are_literals(source: str) -> list[str]:
    """Find texts of a template that are put together."""
    return [
        f"{source.count(chr(10), 0, found.start()) + 1}: {found[0]}...: write the text itself as first argument"
        for found in MARK_IN_TEMPLATE.finditer(source)
    ]


def nothing_is_left_over(source: str) -> list[str]:
    """Find notes to oneself, and names of places that mean something on one machine only."""
    notes = _lines_with(LEFT_OVER, source, "do it, or write it where plans are kept")
    return notes + _lines_with(ELSEWHERE, source, "name nothing outside the project")


def addon_knows_only(depends: set[str]) -> Rule:
    """Return the rule for one addon: it imports no other addon than itself and those it depends on."""

    def rule(source: str) -> list[str]:
        return [
            f"{number}: imports {name}; name {name.split('.')[1]} in the manifest's depends, or do without it"
            for number, name in _imports(source)
            if name.startswith("addons.") and name.split(".")[1] not in depends
        ]

    return rule


def depends_of(manifest: str) -> set[str]:
    """Return the addons that a manifest names as `depends=(...)`, read without running it."""
    named = [keyword.value for call in _calls(manifest) for keyword in call.keywords if keyword.arg == "depends"]
    return {name for value in named for name in ast.literal_eval(value)}


def _imports(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "addons":
            yield from ((node.lineno, f"addons.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS))


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _lines_with(pattern: re.Pattern[str], source: str, advice: str) -> list[str]:
    lines = enumerate(source.splitlines(), start=1)
    return [f"{number}: {line.strip()}: {advice}" for number, line in lines if pattern.search(line)]
