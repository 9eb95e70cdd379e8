"""Keeping catalogues: finding the texts in code and templates, bringing translations up to date, checking them.

A place is whatever has its own catalogues: the kernel, or one addon. What the kernel already says an addon need not
translate again. Catalogues are written without dates, names or line numbers, so they change only with the texts.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from core.i18n.catalogues import DOMAIN, PLURAL_RULES, Key, entry

TEMPLATE_ENDINGS = (".html", ".txt", ".xml", ".svg")
NOTE_TO_TRANSLATORS = "Translators:"
MANIFEST_WORDS = frozenset({"title", "summary", "description", "category"})

_LEFT_OUT = frozenset({"tests", "node_modules", "__pycache__", "static"})
_PLACEHOLDER = re.compile(r"%\((\w+)\)")
_FOREIGN_LETTERS = re.compile("[يك]")


@dataclass(frozen=True, slots=True)
class Place:
    """Something with catalogues of its own: where its texts are and where their translations go."""

    name: str
    base: Path
    sources: tuple[Path, ...]
    catalogues: Path

    def file(self, language: str) -> Path:
        """The readable catalogue of a language."""
        return self.catalogues / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def kernel_place(root: Path) -> Place:
    """The kernel in a checkout."""
    return Place("kernel", root, (root / "core", root / "server.py"), root / "i18n")


def addon_place(folder: Path) -> Place:
    """An addon, by its folder."""
    return Place(folder.name, folder, (folder,), folder / "i18n")


def places(root: Path) -> list[Place]:
    """The kernel and every addon of a checkout, the kernel first."""
    addons = sorted(manifest.parent for manifest in root.glob("addons/*/__init__.py"))
    return [kernel_place(root), *map(addon_place, addons)]


def extract(place: Place, leave_out: Iterable[Message] = ()) -> Catalog:
    """Every text of a place with the files that say it, but those said elsewhere already."""
    known = {entry(message)[0] for message in leave_out}
    found = Catalog()
    for file in _files(place):
        for line, said, notes, context in _texts(file):
            message = Message(said, context=context)
            if entry(message)[0] not in known:
                where = [(file.relative_to(place.base).as_posix(), line)]
                found.add(said, locations=where, auto_comments=notes, context=context)
    return found


def _files(place: Place) -> Iterator[Path]:
    for source in place.sources:
        for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
            parts = file.relative_to(place.base).parts
            wanted = file.suffix == ".py" or (file.suffix in TEMPLATE_ENDINGS and "templates" in parts)
            if wanted and file.is_file() and not _LEFT_OUT.intersection(parts):
                yield file


def _texts(file: Path) -> list[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """What one file says: line, text or texts, notes to translators, context."""
    return [*_marked(file), *(_manifest(file) if file.name == "__init__.py" else ())]


def _manifest(file: Path) -> Iterator[tuple[int, str, list[str], None]]:
    """The words by which an addon's manifest presents it to people."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Manifest"):
            continue
        for word in node.keywords:
            if word.arg in MANIFEST_WORDS and isinstance(word.value, ast.Constant) and word.value.value:
                yield word.value.lineno, str(word.value.value), [], None


def _marked(file: Path) -> list[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """What is marked by `_` and its kind."""
    method = "python" if file.suffix == ".py" else "jinja2"
    return extract_from_file(
        method,
        file,
        keywords={"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)},
        comment_tags=[NOTE_TO_TRANSLATORS],
        options={"silent": "false"},
        strip_comment_tags=True,
    )


def update(place: Place, language: str, memory: Iterable[Catalog] = (), leave_out: Iterable[Message] = ()) -> bool:
    """Bring a place's catalogue up to the texts of today, keeping what is translated; whether the file changed.

    A text that is new here takes its translation from `memory`, so one that moved keeps it. Texts no longer said go.
    """
    file, wanted = place.file(language), extract(place, leave_out)
    if not len(wanted) and not file.is_file():
        return False
    old = read_catalogue(file, language)
    fresh = _empty(language)
    for message in wanted:
        if message.id:
            _adopt(fresh, message, [old, *memory])
    text = _written(fresh, language)
    if file.is_file() and file.read_bytes() == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    return True


def _adopt(fresh: Catalog, message: Message, known: list[Catalog]) -> None:
    """Add a message with the first translation of its kind that some catalogue has."""
    wide = not isinstance(message.id, str)
    for catalogue in known:
        old = catalogue.get(_single(message), message.context)
        if old is not None and entry(old)[1] and isinstance(old.id, str) != wide:
            fresh.add(
                message.id, old.string, message.locations, old.flags, message.auto_comments, old.user_comments,
                context=message.context,
            )  # fmt: skip
            return
    fresh.add(message.id, locations=message.locations, auto_comments=message.auto_comments, context=message.context)


def _single(message: Message) -> str:
    return entry(message)[0][1]


def read_catalogue(file: Path, language: str) -> Catalog:
    """A readable catalogue, or an empty one when there is no such file."""
    return read_po(BytesIO(file.read_bytes()), locale=language) if file.is_file() else _empty(language)


def _empty(language: str) -> Catalog:
    return read_po(BytesIO(_head(language).encode()), locale=language)


def _head(language: str) -> str:
    """The head of a catalogue: what programs need to read it and nothing that changes from day to day."""
    count, rule = (2, f"({PLURAL_RULES[language]})") if language in PLURAL_RULES else get_plural(language)[:2]
    lines = (
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: nplurals={count}; plural={rule};",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def _written(catalogue: Catalog, language: str) -> bytes:
    body = BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _head(language).encode() + body.getvalue().rstrip() + b"\n"


def compile_catalogue(place: Place, language: str) -> Path | None:
    """Write the compiled catalogue beside the readable one, where it is read faster; None when there is none."""
    file = place.file(language)
    if not file.is_file():
        return None
    with file.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_catalogue(file, language))
    return file.with_suffix(".mo")


def check(place: Place, language: str, leave_out: Iterable[Message] = ()) -> list[str]:
    """Everything wrong with a place's catalogue, a sentence each; an empty list when it is complete."""
    wanted, file = extract(place, leave_out), place.file(language)
    written = read_catalogue(file, language)
    said = {entry(message)[0]: message for message in wanted if message.id}
    kept = {entry(message)[0]: message for message in written if message.id}
    faults = [f"{_quote(key)} ({_where(said[key])}) is missing." for key in said.keys() - kept.keys()]
    faults += [f"{_quote(key)} is no longer said anywhere." for key in kept.keys() - said.keys()]
    faults += [f"{_quote(entry(message)[0])} is left over." for message in written.obsolete.values()]
    for key in said.keys() & kept.keys():
        faults += [f"{_quote(key)} ({_where(said[key])}) {fault}" for fault in _faults(said[key], kept[key], language)]
    return [f"{place.name}/{language}: {fault}" for fault in sorted(faults)]


def _faults(said: Message, kept: Message, language: str) -> Iterator[str]:
    """What is wrong with one translation."""
    forms = [kept.string] if isinstance(kept.string, str) else list(kept.string or ())
    sources = [said.id] if isinstance(said.id, str) else list(said.id)
    if len(sources) != len([kept.id] if isinstance(kept.id, str) else kept.id):
        yield "is counted on one side only; bring the catalogue up to date."
    elif kept.fuzzy:
        yield "is marked as uncertain."
    elif not forms or not all(forms):
        yield "is not translated."
    else:
        yield from _faults_of_forms(sources, forms, language)


def _faults_of_forms(sources: list[str], forms: list[str], language: str) -> Iterator[str]:
    names = {name for source in sources for name in _PLACEHOLDER.findall(source)}
    for form in forms:
        given = set(_PLACEHOLDER.findall(form))
        if given - names or (names - given - {"n"} if len(sources) > 1 else names - given):
            yield f"has the placeholders {_listed(given)} instead of {_listed(names)}."
        elif names and not _fills(form, names):
            yield "has a % that is neither a placeholder nor doubled."
        if language == "fa" and _FOREIGN_LETTERS.search(form):
            yield "has an Arabic ye or kaf."


def _fills(form: str, names: set[str]) -> bool:
    try:
        form % dict.fromkeys(names, "")
    except (KeyError, TypeError, ValueError):
        return False
    return True


def disagreements(all_places: Iterable[Place], language: str) -> list[str]:
    """Texts that two places translate differently: readers see one of them everywhere, so they need a context."""
    seen: dict[Key, tuple[str, tuple[str, ...]]] = {}
    faults: list[str] = []
    for place in all_places:
        for message in read_catalogue(place.file(language), language):
            key, forms = entry(message)
            if not key[1] or not forms:
                continue
            first, known = seen.setdefault(key, (place.name, forms))
            if known != forms:
                faults.append(
                    f"{place.name}/{language}: {_quote(key)} is translated otherwise in {first};"
                    " say it with the same words, or with pgettext and a context."
                )
    return faults


def _quote(key: Key) -> str:
    context, text = key
    return f"“{text}”" if context is None else f"“{text}” [{context}]"


def _where(message: Message) -> str:
    return ", ".join(sorted({file for file, _line in message.locations}))


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
