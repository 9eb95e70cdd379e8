"""A plan as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.i18n import Text, _
from core.loader import AddonPlan, Plan

MARK = {"install": "+", "upgrade": "+", "uninstall": "-", "disable": "-", "enable": "+"}


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the lines that tell a plan."""
    for addon in plan.addons:
        yield from _addon_lines(MARK[plan.verb], addon)
    if not plan.addons and not plan.blocked:
        yield str(_("There is nothing to do."))
    if plan.blocked:
        yield str(_("This cannot be done:"))
        yield from (f"  ! {reason}" for reason in plan.blocked)


def _addon_lines(mark: str, addon: AddonPlan) -> Iterator[str]:
    versions = " → ".join(dict.fromkeys(filter(None, (addon.old_version, addon.new_version))))
    yield f"{addon.name} {versions}  {addon.title}"
    yield from _schema_lines(mark, addon)
    for model, labels in addon.extends:
        yield _line(mark, _("fields of %(model)s", model=model), labels)
    kinds = (
        (_("records"), addon.models),
        (_("menus"), addon.menus),
        (_("roles"), addon.roles),
        (_("jobs"), addon.jobs),
    )
    for kind, texts in kinds:
        if texts:
            yield _line(mark, kind, texts)
    for right in addon.rights:
        yield _line(mark, _("right"), (f"{right.role}: {right.model} {right.letters}",))
    if addon.seeds and addon.old_version is None:
        yield _line(mark, _("records that come with it"), (str(addon.seeds),))


def _schema_lines(mark: str, addon: AddonPlan) -> Iterator[str]:
    for version in addon.migrations:
        yield _line(mark, _("migration"), (version,))
    for table, rows in addon.rows:
        yield _line(mark, _("table"), (f"{table} ({rows})",))
    if addon.schema is None:
        return
    for made in addon.schema.tables:
        yield _line(mark, _("table"), (f"{made.name} ({', '.join(made.columns)})",))
    for column in addon.schema.columns:
        yield _line(mark, _("column"), (column,))
    for index in addon.schema.indexes:
        yield _line(mark, _("index"), (index,))
    for constraint in addon.schema.constraints:
        yield _line(mark, _("constraint"), (constraint,))


def _line(mark: str, kind: Text, what: Sequence[Text | str]) -> str:
    return f"  {mark} {kind}: {', '.join(map(str, what))}"
