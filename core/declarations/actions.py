"""Verbs: what can be done to records by a button, a bulk action, the API or the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.fields.meta import Source, caller
from core.i18n import Text


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a verb's dialog: a name for the value, a label, and the attribute that says its kind.

    A question that no field of a model answers has `choices` instead, as a selection has, or a `kind` of its own:
    `char`, `text`, `integer`, `date`, `boolean`, `password`.
    """

    name: str
    label: Text
    attr: Any = None
    required: bool = False
    default: Any = None
    choices: Mapping[str, Text] | None = None
    kind: str = "selection"


@dataclass(frozen=True)
class Verb:
    """A function over records that people may call: `function(ctx, ids, **answers)`; called by `call_verb` alone.

    It is offered on records for which `when` holds (SQL), to people who may update them, or do what `needs` says.
    It may return a text to show, or a dictionary with any of `message`, `open` (model and id) and `celebrate`.
    """

    function: Callable[..., Any]
    name: str
    model: Any
    label: Text
    when: Any = None
    icon: str | None = None
    confirm: Text | None = None
    asks: Sequence[Ask] = ()
    tone: str = ""
    needs: str = "u"
    bulk: bool = True
    source: Source = field(default=("", 0), compare=False)


def verb(
    model: Any,
    label: Text,
    *,
    when: Any = None,
    icon: str | None = None,
    confirm: Text | None = None,
    asks: Sequence[Ask] = (),
    tone: str = "",
    needs: str = "u",
    bulk: bool = True,
) -> Callable[[Callable[..., Any]], Verb]:
    """Make a verb of a function `(ctx, ids, **answers)`; the addon registers it through `register_verbs`.

    `tone` is `good`, `bad`, `main` or nothing; `asks` are asked in a dialog before.
    """
    source = caller(2)

    def make(function: Callable[..., Any]) -> Verb:
        return Verb(
            function, function.__name__, model, label, when, icon, confirm, tuple(asks), tone, needs, bulk, source
        )

    return make
