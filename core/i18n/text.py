"""Texts for people: written in English in the code, shown in the reader's language.

A `Text` is not a string but a promise of one: it is translated at `str()`, so a label declared when an addon is
imported speaks to every reader in his own language. Texts are whole sentences with named placeholders; they cannot be
added up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from core.i18n.catalogues import SOURCE_LANGUAGE, lookup, lookup_plural

Shape = Callable[[object], str]
"""How values inside a sentence are written for the reader (digits, dates, amounts)."""

_language: ContextVar[str] = ContextVar("girih_language", default=SOURCE_LANGUAGE)
_shape: ContextVar[Shape] = ContextVar("girih_shape", default=str)


def current_language() -> str:
    """The language texts are shown in, here and now."""
    return _language.get()


def set_language(language: str, shape: Shape = str) -> None:
    """Show texts in this language from now on, in this thread or task."""
    _language.set(language)
    _shape.set(shape)


@contextmanager
def use_language(language: str, shape: Shape = str) -> Iterator[None]:
    """Show texts in this language inside the block."""
    before, shape_before = _language.set(language), _shape.set(shape)
    try:
        yield
    finally:
        _shape.reset(shape_before)
        _language.reset(before)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence that is translated when it is shown.

    `values` fill its `%(name)s` placeholders; a value may be a Text of its own. A text with a `plural` counts `n`.
    """

    key: str
    values: tuple[tuple[str, object], ...] = ()
    context: str | None = None
    plural: str | None = None
    n: int = 1

    def __str__(self) -> str:
        """The sentence in the current language."""
        source, translated = self._source(), self._translated()
        if not self.values:
            return translated or source
        shape = _shape.get()
        filled = {name: value if isinstance(value, str) else shape(value) for name, value in self.values}
        return _fill(translated, filled) or _fill(source, filled) or source

    def _source(self) -> str:
        return self.key if self.plural is None or self.n == 1 else self.plural

    def _translated(self) -> str | None:
        if self.plural is None:
            return lookup(_language.get(), self.context, self.key)
        return lookup_plural(_language.get(), self.context, self.key, self.n)


def _(key: str, /, **values: object) -> Text:
    """A sentence to be translated: `_("Hello %(name)s", name=user.name)`."""
    return Text(key, tuple(values.items()))


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> Text:
    """A sentence that counts: `ngettext("%(n)s lead", "%(n)s leads", count)`; `n` need not be given again."""
    return Text(singular, tuple({"n": n, **values}.items()), plural=plural, n=n)


def pgettext(context: str, key: str, /, **values: object) -> Text:
    """A sentence whose English has two meanings; the context tells the translator which: `pgettext("month", "May")`."""
    return Text(key, tuple(values.items()), context=context)


def _fill(sentence: str | None, values: dict[str, str]) -> str | None:
    """The sentence with its values, or None when it asks for what it is not given: a bad translation breaks no page."""
    if sentence is None:
        return None
    try:
        return sentence % values
    except (KeyError, TypeError, ValueError):
        return None
