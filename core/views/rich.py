"""Formatted text from people, made harmless: on its way in and again on its way out."""

from __future__ import annotations

import nh3

TAGS = {"a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "i", "li", "ol", "p", "pre"}
TAGS |= {"s", "strong", "u", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}
ENDS = ("<br", "</p>", "</div>", "</li>", "</h1>", "</h2>", "</h3>", "</pre>", "</blockquote>")


def clean(html: str) -> str:
    """Return formatted text with nothing in it but the formats an editor makes and links to the outside."""
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES).strip()


def bare(html: str) -> str:
    """Return the words of formatted text, without its formats."""
    spaced = html
    for end in ENDS:
        spaced = spaced.replace(end, f" {end}")
    words = nh3.clean(spaced, tags=set()).replace("&nbsp;", " ")
    for name, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(name, letter)
    return " ".join(words.split())
