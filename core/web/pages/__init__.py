"""Pages of records, each kind of view with its routes; the application registers what is listed here."""

from __future__ import annotations

from flask import Blueprint

from core.web.pages import files, quick, routes_choices, routes_form, routes_kanban, routes_list, routes_verbs

BLUEPRINTS: tuple[Blueprint, ...] = (
    routes_list.blueprint,
    routes_kanban.blueprint,
    quick.blueprint,
    routes_form.blueprint,
    routes_choices.blueprint,
    routes_verbs.blueprint,
    files.blueprint,
)
