"""What ``stance predict`` does with the format html: one page, to read the articles on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.commands.collect import tell_all

if TYPE_CHECKING:
    from stance.predict import Model


def page(model: Model, inputs: Sequence[str]) -> bytes:
    """Return the reading view of all articles that can be read, and say which cannot."""
    from stance.articles import Article
    from stance.batches import cut
    from stance.collection import listed
    from stance.reading_view import reading_page

    batches = list(cut(listed(inputs), "article"))
    articles = [each for batch in batches for each in batch.records if isinstance(each, Article)]
    rejected = [each for batch in batches for each in batch.rejected]
    tell_all(rejected, len(articles))
    return reading_page(model, articles).encode()
