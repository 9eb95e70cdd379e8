"""Static files: what the build has made (hashed names, kept for ever), and what addons from elsewhere bring along."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, g, request, send_file, url_for

from core.web.requests import bare, open_to_all

DIST = Path(__file__).resolve().parent / "static" / "dist"
MANIFEST = "manifest.json"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
HASHED = ("parts/", "fonts/")

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")

blueprint = Blueprint("assets", __name__)


def asset(name: str) -> str:
    """Return the address of a built file by its logical name: `asset("app.css")`.

    A page asks for its sheet of icons a thousand times, so addresses are kept for the request.
    """
    known: dict[str, str] = g.setdefault("asset_addresses", {})
    if name not in known:
        known[name] = url_for("assets.built", name=_manifest(_moment()).get(name, name))
    return known[name]


def bundles(ending: str) -> list[str]:
    """Return the addresses of what the installed addons add to every page: their built bundles, or files they bring."""
    registry = g.get("registry")
    found: list[str] = []
    for plugin in registry.plugins if registry is not None else ():
        if (name := f"addons/{plugin.name}{ending}") in _manifest(_moment()):
            found.append(asset(name))
        elif (_folder_of(plugin) / f"main{ending}").is_file():
            found.append(url_for("assets.of_addon", addon=plugin.name, name=f"main{ending}"))
    return found


@blueprint.get("/static/<path:name>")
@bare
def built(name: str) -> Response:
    """Send a file of the build, compressed when the browser takes it so."""
    path = (DIST / name).resolve()
    if not path.is_relative_to(DIST) or not path.is_file() or path.name == MANIFEST:
        abort(404)
    kept = FOR_EVER if name in _manifest(_moment()).values() or name.startswith(HASHED) else A_WHILE
    return _send(path, kept)


@blueprint.get("/addon/<addon>/<path:name>")
@open_to_all
def of_addon(addon: str, name: str) -> Response:
    """Send a file of an installed addon's `static` folder: its modules are loaded by address, without a build."""
    plugin = next((one for one in g.registry.plugins if one.name == addon), None) if "registry" in g else None
    if plugin is None:
        abort(404)
    folder = _folder_of(plugin)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        abort(404)
    return _send(path, A_WHILE)


def _send(path: Path, kept: str) -> Response:
    encoding, sent = _smallest(path)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response: Response = send_file(sent, mimetype=kind, conditional=True, etag=True)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = kept
    return response


def _smallest(path: Path) -> tuple[str, Path]:
    for encoding, ending in ENCODINGS:
        sibling = path.with_name(path.name + ending)
        if request.accept_encodings[encoding] > 0 and sibling.is_file():
            return encoding, sibling
    return "", path


def _folder_of(plugin: Any) -> Path:
    home = getattr(plugin.module, "__file__", None)
    return Path(home).resolve().parent / "static" if home else Path("/nonexistent")


def _moment() -> int:
    """Return when the build was last made; asked once a request, so that a new build needs no new start."""
    if "build_moment" not in g:
        path = DIST / MANIFEST
        g.build_moment = path.stat().st_mtime_ns if path.is_file() else 0
    moment: int = g.build_moment
    return moment


@lru_cache(maxsize=2)
def _manifest(moment: int) -> Mapping[str, str]:
    if not moment:
        return {}
    found: dict[str, str] = json.loads((DIST / MANIFEST).read_text(encoding="utf-8"))
    return found
