"""The catalogues: which languages there are, and what a message is called in each.

Messages of a language are merged from the kernel's folder and from every folder an addon brings, the kernel's first: an
addon may add messages, it cannot change what the kernel says. A language is read once, when it is first needed.
"""

import gettext
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import babel
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from core.i18n.compiled import read_compiled

Direction = Literal["ltr", "rtl"]
Key = tuple[str | None, str]
"""A message as catalogues know it: its context (or None) and its English text."""

SOURCE_LANGUAGE = "en"
DOMAIN = "messages"
PLURAL_RULES: Mapping[str, str] = MappingProxyType({"en": "n != 1", "fa": "n > 1"})
"""Rules that are ours to say; other languages bring theirs in the head of their catalogue."""

_HERE = Path(__file__).resolve()


@dataclass(frozen=True, slots=True)
class Language:
    """A language a reader may choose: its code, the name its speakers use, where its lines begin."""

    code: str
    name: str
    direction: Direction


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {"en": Language("en", "English", "ltr"), "fa": Language("fa", "فارسی", "rtl")}
)
"""The languages that come with the kernel; `languages()` adds those found in catalogue folders."""


@dataclass(slots=True)
class _Messages:
    """Everything one language knows, merged over all folders."""

    plural: Callable[[int], int]
    forms: dict[Key, tuple[str, ...]] = field(default_factory=dict)


_lock = threading.RLock()
_folders: list[Path] = []
_loaded: dict[str, _Messages] = {}


def kernel_folder() -> Path:
    """The kernel's catalogues: `i18n/` beside `core/` in a checkout, `core/catalogues/` in an installed package."""
    checkout = _HERE.parents[2] / "i18n"
    return checkout if checkout.is_dir() else _HERE.parents[1] / "catalogues"


def add_catalogue_folder(folder: Path | str) -> None:
    """Take an addon's `i18n` folder (with `fa/LC_MESSAGES/messages.po` inside) into every language."""
    path = Path(folder).resolve()
    with _lock:
        if path not in _folders:
            _folders.append(path)
            _loaded.clear()


def remove_catalogue_folder(folder: Path | str) -> None:
    """Take a folder out again."""
    path = Path(folder).resolve()
    with _lock:
        if path in _folders:
            _folders.remove(path)
            _loaded.clear()


def forget_catalogues() -> None:
    """Read every catalogue again at its next use, after files were changed."""
    with _lock:
        _loaded.clear()


def catalogue_folders() -> tuple[Path, ...]:
    """All folders that are read, in order: the kernel's, then those of addons as they were added."""
    with _lock:
        return (kernel_folder(), *_folders)


def languages() -> Mapping[str, Language]:
    """Every language a reader may choose: the kernel's own and those for which some folder has a catalogue."""
    found = dict(LANGUAGES)
    for folder in catalogue_folders():
        for file in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.[pm]o")):
            code = file.parents[1].name
            if code not in found and (language := _describe(code)):
                found[code] = language
    return MappingProxyType(found)


def direction(language: str) -> Direction:
    """Where lines begin in a language: "rtl" or "ltr"."""
    known = LANGUAGES.get(language) or _describe(language)
    return known.direction if known else "ltr"


def lookup(language: str, context: str | None, key: str) -> str | None:
    """The translation of a message, or None when there is none."""
    forms = _messages(language).forms.get((context, key))
    return forms[0] if forms else None


def lookup_plural(language: str, context: str | None, key: str, n: int) -> str | None:
    """The translation of a counted message for this number, or None when there is none."""
    messages = _messages(language)
    forms = messages.forms.get((context, key))
    if not forms:
        return None
    return forms[min(messages.plural(abs(n)), len(forms) - 1)]


def _describe(code: str) -> Language | None:
    try:
        known = babel.Locale.parse(code.replace("-", "_"))
    except (babel.UnknownLocaleError, ValueError):
        return None
    return Language(code, known.get_display_name() or code, "rtl" if known.text_direction == "rtl" else "ltr")


def _messages(language: str) -> _Messages:
    loaded = _loaded.get(language)
    return loaded if loaded is not None else _load(language)


def _load(language: str) -> _Messages:
    with _lock:
        if language in _loaded:
            return _loaded[language]
        catalogues = list(_catalogues(language))
        merged = _Messages(_plural_rule(language, catalogues))
        for catalogue in catalogues:
            for message in catalogue:
                key, forms = entry(message)
                if key[1] and forms:
                    merged.forms.setdefault(key, forms)
        _loaded[language] = merged
        return merged


def entry(message: Message) -> tuple[Key, tuple[str, ...]]:
    """A catalogue's line as a key and its forms; no forms when it is not translated for certain."""
    first = message.id if isinstance(message.id, str) else message.id[0]
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return (message.context, first), (() if message.fuzzy or not all(forms) else forms)


def _catalogues(language: str) -> Iterator[Catalog]:
    """The catalogues of a language, most particular first: `fa_IR` is completed by `fa`."""
    names = dict.fromkeys((language.replace("-", "_"), language.replace("-", "_").partition("_")[0]))
    for name in names:
        for folder in catalogue_folders():
            catalogue = _read(folder / name / "LC_MESSAGES")
            if catalogue is not None:
                yield catalogue


def _read(folder: Path) -> Catalog | None:
    """The compiled catalogue when it is not older than the readable one, else the readable one."""
    text, compiled = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    if compiled.is_file() and (not text.is_file() or compiled.stat().st_mtime >= text.stat().st_mtime):
        return read_compiled(compiled.read_bytes(), folder.parent.name)
    if text.is_file():
        with text.open("rb") as source:
            return read_po(source)
    return None


def _plural_rule(language: str, catalogues: list[Catalog]) -> Callable[[int], int]:
    own = PLURAL_RULES.get(language.replace("-", "_").partition("_")[0])
    brought = next((catalogue.plural_expr for catalogue in catalogues), "n != 1")
    return gettext.c2py(own or brought)
