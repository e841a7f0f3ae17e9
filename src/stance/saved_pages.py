"""HTML pages as articles: pruned, cut into lines, and read where the article stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stance.errors import ArticleError
from stance.markup import Page, plain_spans, read_pieces
from stance.page_lines import Line, container, page_lines, within
from stance.page_pruning import prune, words_of

_PIECES = {"paragraph": "line", "cell": "line"}
PROSE = 3  # sentences; with fewer, what trafilatura found is a notice or a caption rather than an article


def html_page(source: str | bytes, where: object) -> Page:
    """Return the article in an HTML page.

    What stands around it is pruned by tags and names of classes. trafilatura then says which paragraphs are the
    article's, and every line of the element that holds them is read, so that headings, lists and tables stay in their
    places. Where trafilatura finds less than `PROSE`, as in a layout of tables, all prose of the page decides.

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
        pieces = list(_pieces(within(lines, container(lines, kept))))
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
    """Return the texts of the paragraphs that trafilatura takes for the article's; none if they are too few."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(tree, include_comments=False, include_tables=False)
    texts = {" ".join("".join(each.itertext()).split()) for each in found.body.iter("p", "item", "quote")} if found is not None else set()
    return texts


def _pieces(lines: Iterator[Line]) -> Iterator[tuple[str, str]]:
    """Yield kind and text: what leads elsewhere is left out, and of tables what is no prose."""
    for line in lines:
        if line.kind == "typed":
            yield from (("line", " ".join(line.text[start:end].split())) for start, end in plain_spans(line.text))
        elif line.kind == "heading" or (not line.is_link and (line.kind != "cell" or line.prose)):
            yield _PIECES.get(line.kind, line.kind), line.text
