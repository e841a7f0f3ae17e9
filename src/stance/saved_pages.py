"""HTML pages as articles: pruned, cut into lines, and read where the article stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from stance.errors import ArticleError
from stance.markup import Page, looks_like_heading, plain_spans, read_pieces
from stance.page_lines import Line, container, page_lines, within
from stance.page_pruning import prune, words_of


def html_page(source: str | bytes, where: object) -> Page:
    """Return the article in an HTML page.

    What stands around it is pruned by tags and names of classes. trafilatura then says which paragraphs are the
    article's, and every line of the element that holds them is read, so that headings, lists and tables stay in their
    places. Where trafilatura finds little, as in a layout of tables, all prose of the page decides.

    Raises
    ------
    ArticleError
        Where the page has no article in it.
    """
    from trafilatura.utils import load_html

    tree: Any = load_html(source)
    body = tree.find(".//body") if tree is not None else None
    pieces: list[tuple[str, str]] = []
    if body is not None:
        metadata, words = _metadata(tree), words_of(body)
        prune(body)
        lines = page_lines(body)
        kept = _kept(tree)
        pieces = list(_pieces(within(lines, container(lines, kept), metadata.get("title", ""))))
    if not any(kind != "heading" for kind, _ in pieces):
        remedy = "Save the article's text as .txt or .md."
        raise ArticleError("no article found in this HTML page", where=where, remedy=remedy)
    return read_pieces(pieces, metadata, left_out=words - sum(len(text.split()) for _, text in pieces))


def _metadata(tree: Any) -> dict[str, str]:
    from trafilatura.metadata import extract_metadata

    found: Any = extract_metadata(tree)
    known = {
        "title": found.title or " ".join((tree.findtext(".//title") or "").split()),
        "outlet": found.sitename,
        "date": found.date,
        "url": found.url,
        "licence": found.license,
    }
    return {name: str(value) for name, value in known.items() if value}


def _kept(tree: Any) -> set[str]:
    """Return the texts of the paragraphs that trafilatura takes for the article's."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(tree, include_comments=False, include_tables=False)
    paragraphs = found.body.iter("p", "item", "quote") if found is not None else ()
    return {" ".join("".join(each.itertext()).split()) for each in paragraphs}


_TIME_CODE = re.compile(r"[(\[]?\d{1,2}:\d\d(?::\d\d)?[)\]]?\s+(?=\S+ \S+)")


def _pieces(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Yield kind and text; links, what is no prose in tables, and the times of a recording are left out."""
    marked = any(line.kind == "heading" and line.element.tag != "h1" for line in lines)
    for line in lines:
        text = _TIME_CODE.sub("", line.text, count=1) if _TIME_CODE.match(line.text) else line.text
        if line.kind == "typed":
            yield from (("line", " ".join(text[start:end].split())) for start, end in plain_spans(text))
        elif line.kind == "heading":
            yield ("paragraph" if line.prose else "heading"), text
        elif line.kind == "item" and not line.is_link:
            yield "paragraph", text
        elif not line.is_link and (line.kind != "cell" or line.prose or line.is_bold):
            yield _loose(line, marked=marked), text


def _loose(line: Line, *, marked: bool) -> str:
    """Return what a line may be: a heading if it is bold, or if the page marks no headings; a label otherwise."""
    if line.is_bold and looks_like_heading(line.text):
        return "heading"
    return "label" if marked else "line"
