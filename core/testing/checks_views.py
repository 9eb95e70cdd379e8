"""Checks of pages: every view, menu line and dialog opens for every role that may, and for no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from core.declarations import ADMIN, KERNEL_ROLES, STAFF
from core.errors import GirihError
from core.operations import commit
from core.registry import Registry

from .checks_schema import own_models
from .factories import make
from .house import House

PAGES = ("list", "kanban")


class ViewsChecks:
    """What the addon shows, opened by a browser without scripts."""

    addon: str
    rows: dict[str, dict[str, object]]

    def test_every_view_opens_for_every_role_that_may(self, girih: House) -> None:
        """Open lists, boards, new forms and records as each role, with a record that this role may see."""
        opened = 0
        for role in _roles(girih.registry, self.addon):
            client = girih.client(role)
            for model in own_models(girih.registry, self.addon):
                opened += self._open(girih, client, model, role)
        assert opened or not _has_views(girih.registry, self.addon), "no page was opened"

    def _open(self, girih: House, client: FlaskClient, model: Any, role: str) -> int:
        registry = girih.registry
        granted = _granted(registry, model, role)
        kinds = [kind for kind in PAGES if registry.view(model, kind) is not None]
        for kind in kinds:
            answer = client.get(f"/m/{model.__model__}/{kind}")
            assert answer.status_code == (200 if "r" in granted else 403), (role, model.__model__, kind)
        if registry.view(model, "form") is None or "r" not in granted:
            return len(kinds)
        answer = client.get(f"/m/{model.__model__}/new")
        assert answer.status_code == (200 if "c" in granted else 403), (role, model.__model__, "new")
        record = self._visible(girih, model, role)
        if record is not None:
            page = client.get(f"/m/{model.__model__}/{record}")
            assert page.status_code == 200, (role, model.__model__, record)
            for verb in registry.verbs.get(model, ()):
                dialog = client.get(f"/m/{model.__model__}/verb/{verb.name}?ids={record}")
                assert dialog.status_code < 500, (role, verb.name)
        return len(kinds) + 1

    def _visible(self, girih: House, model: Any, role: str) -> int | None:
        """Make a record and return it when the role may see it."""
        values = self.rows.get(model.__model__, {})
        try:
            with girih.context(role) as ctx:
                record = make(ctx, model, **values)
                commit(ctx)
        except GirihError:  # no right to create, or none to see what a record must point to
            with girih.context() as ctx:
                record = make(ctx, model, **values)
                commit(ctx)
        with girih.context(role) as ctx:
            return record if ctx.session.allowed(model, "r", [record]) else None

    def test_every_line_of_the_menu_opens(self, girih: House) -> None:
        """Open the addon's own menu lines as an administrator, who sees all of them."""
        client = girih.client(ADMIN.code)
        for model, view in _entries(girih.registry, self.addon):
            assert client.get(f"/m/{model.__model__}/{view}").status_code == 200, (model.__model__, view)


def _roles(registry: Registry, addon: str) -> list[str]:
    kernel = {role.code for role in KERNEL_ROLES}
    return sorted(role for role in registry.roles if role.startswith(f"{addon}.") and role not in kernel)


def _granted(registry: Registry, model: Any, role: str) -> frozenset[str]:
    given = registry.rights.get(model, {})
    return given.get(role, frozenset()) | given.get(STAFF.code, frozenset())


def _has_views(registry: Registry, addon: str) -> bool:
    own = own_models(registry, addon)
    return any(model in own for model, _kind in registry.views)


def _entries(registry: Registry, addon: str) -> Iterator[tuple[Any, str]]:
    own = own_models(registry, addon)
    for menu in registry.menus:
        for entry in menu.entries:
            if entry.model in own:
                yield from ((entry.model, view) for view in entry.views)
