"""What the reading view shows of one article, as plain data: its blocks in order, its statements within them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from stance.explain import SHOWN
from stance.marked import STRONG, cut, mark

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from stance.articles import Article, Block
    from stance.explanations import Explanation
    from stance.legend import Legend

TOP = 3  # motives named of each article in the list of a collection

Data = dict[str, Any]


def article_data(
    number: int, article: Article, table: pd.DataFrame, explained: Sequence[Explanation], legend: Legend
) -> Data:
    """Return an article's blocks as they read.

    Parameters
    ----------
    number : int
        Tells its statements from those of other articles on the page.
    article : Article
        Gives all text that is shown, by offsets.
    table, explained
        Its predictions, from `Model.predict` with details, and their explanations.
    legend : Legend
        Gives the look of the labels.
    """
    statements = [
        _statement(f"{number}-{row['statement_index'] + 1}", row, each, legend)
        for row, each in zip(table.to_dict("records"), explained, strict=True)
    ]
    outside = bool(statements) and all(each["status"] == "out_of_domain" for each in statements)
    return {
        "number": number,
        "title": _visible(article.title or article.id),
        "outlet": _visible(article.outlet),
        "date": _visible(article.date),
        "statements": statements,
        "held_back": sum(each["status"] != "ok" for each in statements),
        "top": Counter(each["motive"]["id"] for each in statements if each["motive"]).most_common(TOP),
        "outside": statements[0]["why"] if outside else "",
        "blocks": list(_blocks(article, statements)),
    }


def _statement(id_: str, row: dict[Any, Any], explanation: Explanation, legend: Legend) -> Data:
    motive = legend.motives.get(row["motive"])
    return {
        "id": id_,
        "start": row["start"],
        "end": row["end"],
        "text": _marked(explanation) if motive else _visible(explanation.text),
        "motive": motive,
        "motive_proba": row["motive_proba"],
        "stance": legend.stances[row["stance"]],
        "stance_proba": row["stance_proba"],
        "status": row["status"],
        "why": explanation.why,
        **(_words(explanation, row["evidence"], legend) if motive else {"words": "", "against": ""}),
        "source": _visible(row["source"]),
        "affiliation": _visible(row["affiliation"]),
    }


def _marked(explanation: Explanation) -> Markup:
    """Mark the words of a statement that spoke most for its motive."""
    marks = explanation.of("motive").marks
    most = max((abs(each.weight) for each in marks), default=0.0)
    return mark(cut(_visible(explanation.text), [each for each in marks if each.weight > STRONG * most]))


def _words(explanation: Explanation, evidence: str, legend: Legend) -> Data:
    """Return the words that spoke most for the motive, and the motive that they spoke against where that is known."""
    label = explanation.of("motive")
    if not label.against:
        return {"words": _visible(evidence), "against": ""}
    words = [each.term for each in label.words if each.field == "text" and each.weight > 0][:SHOWN]
    return {"words": _visible("; ".join(words)), "against": legend.motive_name(label.against)}


def _visible(text: str) -> str:
    """Replace NUL, which no HTML page can hold, by the sign that browsers show for it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _blocks(article: Article, statements: Sequence[Data]) -> Iterator[Data]:
    """Yield an article's blocks in order; boilerplate that stands together is one."""
    ahead = iter(statements)
    for skipped, group in groupby(article.blocks, key=lambda block: block.kind == "boilerplate"):
        if skipped:
            yield {"kind": "skipped", "passages": [_passage(article, block) for block in group]}
            continue
        for block in group:
            if block.kind == "paragraph":
                yield {"kind": "paragraph", "pieces": list(_pieces(article.text, block, ahead))}
            else:
                yield {"kind": "heading", "text": _visible(article.text[block.start : block.end])}


def _passage(article: Article, block: Block) -> Data:
    return {"rule": block.rule.replace("_", " "), "text": _visible(article.text[block.start : block.end])}


def _pieces(text: str, block: Block, ahead: Iterator[Data]) -> Iterator[Data]:
    """Yield a paragraph's statements, and what stands between them; ``ahead`` holds those of this block and later."""
    at = block.start
    while text[at : block.end].strip():
        statement = next(ahead)
        if between := _visible(text[at : statement["start"]]):
            yield {"between": between}
        yield statement
        at = statement["end"]
