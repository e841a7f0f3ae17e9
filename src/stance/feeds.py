"""Feeds (RSS and Atom): every entry an article, with what the feed says of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from stance.errors import ArticleError
from stance.fragments import html_pieces
from stance.markup import Page, read_pieces


def feed_pages(data: bytes, where: object) -> Iterator[tuple[str, Page | ArticleError]]:
    """Yield the place and the page of every entry, or an error in place of one without text.

    Its content is taken, or its summary where the feed has no more; the outlet is the feed's title, or that of the feed
    an entry was taken over from.

    Raises
    ------
    ArticleError
        Where it is no feed, or has no entries.
    """
    import feedparser

    feed: Any = feedparser.parse(io.BytesIO(data))
    if not feed.get("version"):
        raise ArticleError("is no feed (RSS or Atom)", where=where, remedy="Save the article as .html or .txt.")
    if not feed.entries:
        raise ArticleError("is a feed without entries", where=where, remedy="Fetch it anew.")
    for number, entry in enumerate(feed.entries, 1):
        place = f"{where}:entry {number}"
        pieces = _pieces(entry)
        if pieces:
            yield place, read_pieces(pieces, _metadata(entry, feed.feed))
        else:
            remedy = "Save the article that it leads to."
            yield place, ArticleError("has a title, but no text", where=place, remedy=remedy)


def _pieces(entry: Any) -> list[tuple[str, str]]:
    texts = [each.get("value") or "" for each in entry.get("content", ())] or [entry.get("summary") or ""]
    return html_pieces(max(texts, key=len))


def _metadata(entry: Any, feed: Any) -> dict[str, str]:
    date = entry.get("published_parsed") or entry.get("updated_parsed")
    known = {
        "title": _plain(entry.get("title")),
        "outlet": _plain((entry.get("source") or {}).get("title") or feed.get("title")),
        "date": f"{date.tm_year:04}-{date.tm_mon:02}-{date.tm_mday:02}" if date else "",
        "url": str(entry.get("link") or ""),
        "licence": _plain(entry.get("rights") or entry.get("license")),
    }
    return {name: value for name, value in known.items() if value}


def _plain(markup: Any) -> str:
    return " ".join(text for _, text in html_pieces(str(markup or "")))
