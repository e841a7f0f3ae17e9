"""Statements: an article cut at sentence ends, with exact offsets, headings and neighbours.

A statement is a sentence. What ends one is decided in this order: our rules on quotes, brackets and abbreviations, and
where they are silent, ``nupunkt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stance.articles import Article


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an article.

    Parameters
    ----------
    article_id : str
        The article it stands in.
    index : int
        Its place among the article's statements, from 0.
    start, end : int
        Offsets into the article's text: ``article.text[start:end] == text``.
    text : str
        The statement.
    heading : str
        The nearest section heading above it; ``""`` where there is none.
    previous, following : str
        The statements before and after it in the article; ``""`` at the ends.
    """

    article_id: str
    index: int
    start: int
    end: int
    text: str
    heading: str = ""
    previous: str = ""
    following: str = ""


def split_statements(article: Article) -> list[Statement]:
    """Cut an article into statements; headings, titles and boilerplate are none."""
    found: list[tuple[int, int, str]] = []
    heading = ""
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind == "heading":
            heading = "" if block.rule else text
        elif block.kind == "paragraph":
            found += [(block.start + start, block.start + end, heading) for start, end in split_sentences(text)]
    texts = ["", *(article.text[start:end] for start, end, _ in found), ""]
    return [
        Statement(article.id, index, start, end, texts[index + 1], above, texts[index], texts[index + 2])
        for index, (start, end, above) in enumerate(found)
    ]
