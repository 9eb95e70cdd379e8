"""What addons answer to the `register_*` hooks, taken apart so that no fault of one hides the faults of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pluggy

from core.db.naming import mapper_registries
from core.fields.meta import Source
from core.hookspecs import Specs

from .faults import Fault

PAIRS = {"register_access": "(rights, rules)", "register_views": "(views, menus)"}
MAPPINGS = {"register_live_values"}


def own_source(module: Any, function: Any = None) -> Source:
    """Return where a function of an addon's `plugin.py` is written, or the module's first line."""
    code = getattr(function, "__code__", None)
    if code is not None:
        return code.co_filename, code.co_firstlineno
    return str(getattr(module, "__file__", None) or getattr(module, "__name__", "plugin")), 1


def answers_of(module: Any) -> Iterator[tuple[str, Any]]:
    """Yield the hooks a module answers, by name."""
    for name in dir(module):
        function = getattr(module, name)
        if isinstance(getattr(function, "girih_impl", None), dict):
            yield name, function


def connect(plugins: Sequence[Any], faults: list[Fault]) -> Any:
    """Return the hooks of these addons, ready to be called; note those that answer no hook of ours."""
    manager = pluggy.PluginManager("girih")
    manager.add_hookspecs(Specs)
    for plugin in plugins:
        for name, function in answers_of(plugin.module):
            if not hasattr(Specs, name):
                known = ", ".join(sorted(one for one in vars(Specs) if not one.startswith("_")))
                text = f"unknown hook {name!r}; the hooks are {known}"
                faults.append(Fault(own_source(plugin.module, function), text))
        try:
            manager.register(plugin.module, name=plugin.name)
        except pluggy.PluginValidationError as error:
            faults.append(Fault(own_source(plugin.module), str(error)))
    return manager.hook


def ask(plugin: Any, name: str, faults: list[Fault]) -> Any:
    """Return an addon's answer to a hook, None when it has none or the answer is not what the hook asks for."""
    function = dict(answers_of(plugin.module)).get(name)
    if function is None:
        return None
    try:
        answer = function()
    except Exception as error:  # an addon's fault is told with all others
        faults.append(Fault(_raised_at(error), f"{name}: {type(error).__name__}: {error}"))
        return None
    wanted = _misshapen(name, answer)
    if wanted:
        faults.append(Fault(own_source(plugin.module, function), f"{name} must return {wanted}"))
        return None
    return answer


def _raised_at(error: Exception) -> Source:
    step = error.__traceback__
    assert step is not None
    while step.tb_next is not None:
        step = step.tb_next
    return step.tb_frame.f_code.co_filename, step.tb_lineno


def _misshapen(name: str, answer: Any) -> str | None:
    """Return what a hook asks for, when the answer is something else."""
    if name in PAIRS:
        return None if isinstance(answer, tuple) and len(answer) == 2 else PAIRS[name]
    if name in MAPPINGS:
        return None if isinstance(answer, Mapping) else "a dictionary"
    if not isinstance(answer, (list, tuple)):
        return "a list"
    if name == "register_models" and not all(_is_model(one) for one in answer):
        return "a list of models"
    return None


def _is_model(one: Any) -> bool:
    return isinstance(one, type) and getattr(one, "__addon__", None) in mapper_registries
