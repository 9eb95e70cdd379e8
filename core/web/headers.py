"""What every answer carries: the policy of content, caching, and what else keeps a browser strict."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

NOTHING_ELSE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}
A_YEAR = "max-age=31536000; includeSubDomains"


def style_nonce() -> str:
    """Return this answer's nonce for style elements; asking for it puts it into the policy (pages with an editor)."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    nonce: str = g.style_nonce
    return nonce


def allow(directive: str, source: str) -> None:
    """Let this one answer also take something from elsewhere: `allow("img-src", "https://tiles.example")`."""
    g.setdefault("policy_extra", []).append((directive, source))


def policy() -> str:
    """Return the Content-Security-Policy of this answer."""
    rules = dict(NOTHING_ELSE)
    if "style_nonce" in g:
        rules["style-src"] += f" 'nonce-{g.style_nonce}'"
    for directive, source in g.get("policy_extra", ()):
        rules[directive] = f"{rules[directive]} {source}"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _dress(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", policy())
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", A_YEAR)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"  # pages hold what only one reader may see
    if response.mimetype == "text/html":
        response.headers.add("Vary", "HX-Request, Cookie")
    return response


def dress_answers(app: Flask) -> None:
    """Give every answer of the application its headers, those of errors too."""
    app.after_request(_dress)
