"""What of an article is no statement, and why: every block of clutter with the rule that recognised it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from stance.articles import Article
from stance.boilerplate import REASONS

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 90  # characters of a block


@dataclass(frozen=True, slots=True)
class Skipped:
    """A block of an article that is no statement.

    Parameters
    ----------
    article_id : str
        The article it stands in.
    start, end : int
        Offsets into the article's text: ``article.text[start:end] == text``.
    rule : str
        The rule that recognised it.
    reason : str
        Why such a block is no statement.
    text : str
        The block.
    """

    article_id: str
    start: int
    end: int
    rule: str
    reason: str
    text: str


def skipped(article: Article) -> list[Skipped]:
    """Return the blocks of clutter in an article, in order.

    What the reader of a page left out before (menus, links, forms) is not in the article's text; it is counted in
    ``article.left_out``.
    """
    return [
        Skipped(article.id, each.start, each.end, each.rule, REASONS[each.rule], article.text[each.start : each.end])
        for each in article.blocks
        if each.kind == "boilerplate"
    ]


def skipped_frame(articles: Iterable[Article]) -> pd.DataFrame:
    """Return the skipped blocks of several articles, one a row, with the fields of `Skipped`."""
    import pandas as pd

    rows = [asdict(each) for article in articles for each in skipped(article)]
    return pd.DataFrame(rows, columns=["article_id", "start", "end", "rule", "reason", "text"])


def skipped_report(article: Article) -> str:
    """Return what a person would read: the words kept and skipped, then the skipped blocks by rule, one a line."""
    found = skipped(article)
    by_rule: dict[str, list[Skipped]] = {}
    for each in found:
        by_rule.setdefault(each.rule, []).append(each)
    lines = [article.id, _summary(article, found)]
    for rule, blocks in by_rule.items():
        lines.append(f"  {rule} ({len(blocks)}): {blocks[0].reason}")
        lines += [f"  {f'{each.start}–{each.end}':>15}  {_start(each.text)}" for each in blocks]
    return "\n".join(lines) + "\n"


def _summary(article: Article, found: list[Skipped]) -> str:
    kept = sum(_words(article.text[each.start : each.end]) for each in article.blocks if each.kind != "boilerplate")
    lost = sum(_words(each.text) for each in found)
    line = f"{_count(kept, 'word')} kept, {_count(lost, 'word')} skipped in {_count(len(found), 'block')}"
    if article.left_out:
        line += f"; left out by the page reader: {_count(article.left_out, 'word')} of menus, links and forms"
    return line


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"


def _words(text: str) -> int:
    return len(text.split())


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
