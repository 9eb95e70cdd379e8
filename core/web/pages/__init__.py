"""Pages of records, each kind of view with its routes; the application registers what is listed here."""

from __future__ import annotations

from flask import Blueprint

from core.web.pages import routes_list

BLUEPRINTS: tuple[Blueprint, ...] = (routes_list.blueprint,)
