"""Stretches of HTML that are article through and through, as feeds and mails hold them."""

from __future__ import annotations

import re
from typing import Any

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_PARTING = {
    *_HEADINGS, "address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
}  # fmt: skip
_UNSEEN = {"head", "script", "style", "noscript", "template", "form", "button", "select", "iframe", "svg"}


def html_pieces(source: str) -> list[tuple[str, str]]:
    """Return kind (heading or paragraph) and text of the blocks of an HTML fragment, in order; plain text is one."""
    from lxml import etree, html

    sound = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", " ", source)  # lxml refuses these
    try:
        tree = html.fromstring(f"<div>{sound}</div>")
    except (etree.LxmlError, ValueError):
        return []
    lines = [("paragraph", "")]
    _read(tree, "paragraph", lines)
    return [(kind, line) for kind, text in lines if (line := " ".join(text.split()))]


def _read(element: Any, kind: str, lines: list[tuple[str, str]]) -> None:
    """Add what an element says to the last line, or begin another."""
    tag = element.tag if isinstance(element.tag, str) else "script"  # a comment says as little
    if tag in _UNSEEN:
        return
    kind = "heading" if tag in _HEADINGS else kind
    if tag in _PARTING:
        lines.append((kind, ""))
    _say(element.text, lines)
    for child in element:
        _read(child, kind, lines)
        _say(child.tail, lines)
    if tag in _PARTING:
        lines.append(("paragraph" if tag in _HEADINGS else kind, ""))


def _say(text: str | None, lines: list[tuple[str, str]]) -> None:
    kind, said = lines[-1]
    lines[-1] = kind, said + (text or "")
