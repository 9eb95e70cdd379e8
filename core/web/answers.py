"""Answers to parts of pages: toasts and other events for the browser, and where to go next."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, flash, g, redirect, request
from werkzeug.wrappers import Response

from core.i18n import Text
from core.web.requests import is_htmx

TRIGGER = "HX-Trigger"


def trigger(response: Response, **events: Any) -> Response:
    """Add events to an answer: `trigger(answer, closeDialog={}, refreshPage={})`."""
    known = json.loads(response.headers.get(TRIGGER, "{}"))
    response.headers[TRIGGER] = json.dumps(known | events, default=str)
    return response


def toast(text: Text | str, kind: str = "ok", **more: Any) -> dict[str, Any]:
    """Return what the browser shows as a toast: `detail`, `undo` (an address) and `seconds` may be given."""
    return {"text": str(text), "kind": kind, **{name: str(value) for name, value in more.items()}}


def told(text: Text | str, kind: str = "ok", status: int = 204, **events: Any) -> Response:
    """Answer with nothing but a toast and perhaps other events."""
    answer = Response("", status=status)
    return trigger(answer, toast=toast(text, kind), **events)


def go(address: str, text: Text | str | None = None, kind: str = "ok") -> Response:
    """Send the browser to another page, with a toast there."""
    won = _events().pop("celebrate", None)
    if won is not None and kind == "ok":
        text, kind = text or won, "celebrate"
    if text:
        flash(str(text), kind)
    if is_htmx():
        return Response("", status=204, headers={"HX-Redirect": address})
    answer: Any = redirect(address, 303)
    return answer  # type: ignore[no-any-return]


def prepare_events(app: Flask) -> None:
    """Let the answer to a part of a page carry what was announced while it was made."""
    app.after_request(_add_events)


def _add_events(response: Response) -> Response:
    events = _events()
    if not events or not is_htmx() or response.status_code >= 400:
        return response
    text = next((text for text in events.values() if text), None)
    if text is not None and "toast" not in json.loads(response.headers.get(TRIGGER, "{}")):
        trigger(response, toast=toast(text))
    return trigger(response, **{name: {} for name in events})


def _events() -> dict[str, Text | str]:
    return g.ctx.events if "ctx" in g else {}


def local(address: str | None, otherwise: str) -> str:
    """Return an address of this very site; anything that could lead elsewhere becomes `otherwise`."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return otherwise
    if any(ord(letter) < 32 for letter in address) or urlsplit(address).netloc:
        return otherwise
    return address


def here() -> str:
    """Return the address that was asked for, with its query, for coming back to it."""
    query = request.query_string.decode("ascii", "replace")
    return request.script_root + request.path + (f"?{query}" if query else "")
