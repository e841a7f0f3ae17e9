"""The reading view: articles as they read, each statement marked with its motive and its stance, as one HTML page.

The page asks for nothing outside itself, and its content security policy lets only its own style and script run, so
that nothing an article holds can. Without script it can be read all the same: every tag leads to its card.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stance.articles import Article, Block
from stance.explanations import Explanation, explain
from stance.legend import Legend
from stance.marked import STRONG, cut, mark
from stance.motive_map import motive_map

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook
    from stance.predict import Model

TEMPLATES = Path(__file__).parent / "templates"
STYLES, SCRIPT = ("report.css", "reading.css"), "reading.js"

TOP = 3  # motives named of each article in the list of a collection

Data = dict[str, Any]


def reading_page(model: Model, articles: Sequence[Article]) -> str:
    """Write articles as one self-contained HTML page with the predictions marked in their text.

    Parameters
    ----------
    model : Model
        Predicts the statements.
    articles : sequence of Article
        Shown in this order, with a list of them on top where there are several.
    """
    from stance.render import make_environment

    environment = make_environment(autoescape=True)
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)
    script = (TEMPLATES / SCRIPT).read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    files = {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}  # noqa: S704 - our own
    return environment.get_template("reading.html.jinja").render(files | reading(model, articles))


def reading(model: Model, articles: Sequence[Article]) -> Data:
    """Return what the page shows as plain data: the map, the legend, and each article's blocks."""
    import pandas as pd

    legend = Legend.of(model.codebook)
    sources: dict[str, int] = {}
    tables = [model.predict(article, details=True) for article in articles]
    shown = [
        _article(model, number, article, table, legend, sources)
        for number, (article, table) in enumerate(zip(articles, tables, strict=True), 1)
    ]
    return {
        "model": model.name,
        "title": shown[0]["title"] if len(shown) == 1 else f"{len(shown)} articles",
        "articles": shown,
        "motives": legend.motives,
        "stances": legend.stances,
        "leanings": [each for each in legend.stances.values() if each["line"]],
        "nothing": model.codebook.label("motive", model.codebook.null_label("motive")).name,
        "sources": _sources(shown),
        "target": model.codebook.axis("stance").target,
        "map": _map(pd.concat(tables) if tables else model.predict([]), model.codebook),
    }


def _map(table: pd.DataFrame, codebook: Codebook) -> Data:
    """Return the motive map as plain data, with the bars of each row."""
    counted = motive_map(table, codebook)
    sides = counted.leanings[:2]
    most = max((row[s] + row[f"abstained_{s}"] for row in counted.rows for s in sides), default=0)
    motives = [row | {"bars": _bars(row, sides, max(most, 1))} for row in counted.rows]
    return counted.to_dict() | {"motives": motives}


def _sources(articles: Sequence[Data]) -> list[Data]:
    """Return who speaks, and in how many statements, the most frequent first."""
    counts = Counter((each["source"], each["source_number"]) for article in articles for each in article["statements"])
    return [{"name": name, "number": number, "statements": n} for (name, number), n in counts.most_common()]


def _article(
    model: Model, number: int, article: Article, table: pd.DataFrame, legend: Legend, sources: dict[str, int]
) -> Data:
    statements = [
        _statement(f"{number}-{row['statement_index'] + 1}", row, each, legend, sources)
        for row, each in zip(table.to_dict("records"), explain(model, [article], occlude=False), strict=True)
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


def _statement(
    id_: str, row: dict[Any, Any], explanation: Explanation, legend: Legend, sources: dict[str, int]
) -> Data:
    motive = legend.motives.get(row["motive"])
    source = _visible(row["source"])
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
        "evidence": row["evidence"] if motive else "",
        "source": source,
        "source_number": sources.setdefault(source, len(sources)),
        "affiliation": _visible(row["affiliation"]),
    }


def _marked(explanation: Explanation) -> Markup:
    """Mark the words of a statement that spoke most for its motive."""
    marks = explanation.of("motive").marks
    most = max((abs(each.weight) for each in marks), default=0.0)
    return mark(cut(_visible(explanation.text), [each for each in marks if each.weight > STRONG * most]))


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
                text = _visible(article.text[block.start : block.end])
                yield {"kind": "title" if block.rule else "heading", "text": text}


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


def _bars(row: Data, leanings: Sequence[str], most: int) -> list[Data]:
    """Return bars of a map row on a scale to 100: the first leaning to the right, the second to the left.

    What is held back comes after what is kept.
    """
    bars = []
    for stance, side in zip(leanings, (1, -1), strict=False):
        at = 0.0
        for kind, count in (("kept", row[stance]), ("held", row[f"abstained_{stance}"])):
            width = round(100 * count / most, 2)
            if width:
                bars.append({"kind": kind, "width": width, "x": round(at if side > 0 else -at - width, 2)})
            at += width
    return bars


def _hash(text: str) -> str:
    """Return the source expression that lets this one style or script run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
