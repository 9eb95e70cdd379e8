"""The contract: every hook of Girih, who calls it, when, and what to return.

Three families: `register_*` is asked once when the registry of a database is built, without a context; `before_*` and
`after_*` run around a write, inside its transaction; `after_*_committed` runs once the transaction is safe. Answers
come in no particular order, so nothing may depend on it.
"""

from __future__ import annotations

from typing import Any

import pluggy

hookspec = pluggy.HookspecMarker("girih")
hookimpl = pluggy.HookimplMarker("girih")


class Specs:
    """The hooks an addon's `plugin.py` may answer."""

    @hookspec
    def register_models(self) -> Any:
        """Return the addon's models and extensions, a list of classes."""

    @hookspec
    def register_access(self) -> Any:
        """Return `(rights, rules)`: a list of `Rights` and a list of `Rule`."""

    @hookspec
    def register_views(self) -> Any:
        """Return `(views, menus)`: a list of views and patches, and one `Menu` or a list of them."""

    @hookspec
    def register_verbs(self) -> Any:
        """Return the addon's verbs, a list of functions decorated with `@verb`."""

    @hookspec
    def register_jobs(self) -> Any:
        """Return the addon's jobs, a list of `JobKind`, `Daily` and `Every`."""

    @hookspec
    def register_seeds(self) -> Any:
        """Return the records that come with the addon, a list of `Seed`, those pointed at before those that point."""

    @hookspec
    def register_settings(self) -> Any:
        """Return the addon's settings, a list of `SettingGroup`."""

    @hookspec
    def register_live_values(self) -> Any:
        """Return `{"team_ids": function(ctx)}`: values that rules read as `me.team_ids`, asked once per request."""

    @hookspec
    def register_demo(self) -> Any:
        """Return the functions `(ctx, plan)` that make the addon's demonstration data, a list."""

    @hookspec
    def register_routes(self) -> Any:
        """Return the addon's pages of its own: a list of `Routes` made with `core.web.toolkit`."""

    @hookspec
    def before_save(self, ctx: Any, change: Any) -> None:
        """Look at a `Change` before it is written, in its transaction: set values, or raise `Refused` or `Invalid`."""

    @hookspec
    def after_save(self, ctx: Any, change: Any) -> None:
        """Follow a `Change` that was written, in the same transaction; writing more belongs to the same change set."""

    @hookspec
    def before_delete(self, ctx: Any, change: Any) -> None:
        """Look at a `Change` that deletes, before it happens, in its transaction: raise `Refused` to prevent it."""

    @hookspec
    def after_save_committed(self, ctx: Any, changes: Any) -> None:
        """Act on the outside once the list of `Change` is safe; a fault here is logged and changes nothing."""

    @hookspec
    def after_install(self, ctx: Any) -> None:
        """Finish the addon's installation, in its transaction, as the system; only the addon's own hook is called."""

    @hookspec
    def before_uninstall(self, ctx: Any) -> None:
        """Clean up before the addon's tables go, in the transaction; only the addon's own hook is called."""
