"""What a statement is like: traits by which scores are sliced, told by simple rules from its words and its article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import CorpusError, did_you_mean
from stance.quotations import QUOTATION_MARK
from stance.storage import read_json

if TYPE_CHECKING:
    import pandas as pd

# Hyland (Metadiscourse, 2005) names these kinds; the choice of words is ours. "Would" is left out, for in news it is
# mostly the future told in the past, and so is "May" with a capital, a month and a name.
HEDGES: dict[str, str] = {
    "modal verbs": "(?-i:may)|might|could",
    "verbs of appearance": "appear(?:s|ed)?|seem(?:s|ed)?|suggest(?:s|ed)?|tend(?:s|ed)? to",
    "adverbs": "allegedly|apparently|arguably|likely|maybe|ostensibly|perhaps|possibly|presumably|probably|reportedly|"
    "seemingly|supposedly",
    "adjectives": "possible|probable|uncertain|unclear|unlikely",
}
_HEDGE = re.compile(rf"\b(?:{'|'.join(HEDGES.values())})\b", re.IGNORECASE)


def describe(frame: pd.DataFrame, genres: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Tell what each statement is like, by its words and its article.

    Parameters
    ----------
    frame : DataFrame, one row a statement
        With ``text, outlet, date, heading``, as the corpus has them.
    genres : mapping of outlet to genre, optional
        See `read_genres`.

    Returns
    -------
    DataFrame
        Rows as in ``frame``: ``outlet``; ``year`` (int, or None); ``genre`` (``""`` where unknown); ``quote``: double
        quotation marks stand in it, be it one quoted word, while a statement from the middle of a quotation has none;
        ``words``; ``hedged``: one of `HEDGES` stands in it, which is a list of words and no understanding of them;
        ``headed``: it stands under a heading.
    """
    import pandas as pd

    texts, known = list(frame["text"]), genres or {}
    columns = {
        "outlet": frame["outlet"],
        "year": pd.Series(map(_year, frame["date"]), frame.index, dtype=object),  # a float column would hide None
        "genre": pd.Series([known.get(outlet, "") for outlet in frame["outlet"]], frame.index, dtype=str),
        "quote": pd.Series([bool(QUOTATION_MARK.search(text)) for text in texts], frame.index, dtype=bool),
        "words": pd.Series([len(text.split()) for text in texts], frame.index, dtype=int),
        "hedged": pd.Series([bool(_HEDGE.search(text)) for text in texts], frame.index, dtype=bool),
        "headed": frame["heading"].ne(""),
    }
    return pd.DataFrame(columns)


def _year(date: str) -> int | None:
    found = re.match(r"\d{4}(?!\d)", date)
    return int(found[0]) if found else None


def read_genres(path: Path) -> dict[str, str]:
    """Read which genre each outlet is of, from a file such as ``data/labeled/genres.json``.

    Raises
    ------
    CorpusError
        If the file is malformed, or names a genre that it does not define.
    """
    data = read_json(path, CorpusError)
    try:
        genres, outlets = dict(data["genres"]), dict(data["outlets"])
    except (KeyError, TypeError, ValueError):
        rule, remedy = "must map 'genres' to their descriptions and 'outlets' to their genres", "Restore the file."
        raise CorpusError(rule, where=path, remedy=remedy) from None
    for outlet, genre in outlets.items():
        if genre not in genres:
            rule = f"outlets: {outlet}: {genre!r} is not one of the genres"
            raise CorpusError(rule, where=path, remedy=did_you_mean(str(genre), genres))
    return outlets
