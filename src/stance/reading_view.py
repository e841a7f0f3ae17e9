"""The reading view: articles as they read, each statement marked with its motive and its stance, as one HTML page.

The page asks for nothing outside itself, and its content security policy lets only its own style and script run, so
that nothing an article holds can. Without script it can be read all the same: every tag leads to its card.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stance.explanations import explain
from stance.legend import Legend
from stance.motive_map import motive_map
from stance.reading_blocks import article_data

if TYPE_CHECKING:
    import pandas as pd

    from stance.articles import Article
    from stance.predict import Model

TEMPLATES = Path(__file__).parent / "templates"
STYLES, SCRIPT = ("report.css", "reading.css"), "reading.js"

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

    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES)
    script = (TEMPLATES / SCRIPT).read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    files = {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}
    template = make_environment(autoescape=True).get_template("reading.html.jinja")
    return template.render(files | reading(model, articles))


def reading(model: Model, articles: Sequence[Article]) -> Data:
    """Return what the page shows as plain data: the map, the legend, and each article's blocks."""
    import pandas as pd

    legend = Legend.of(model.codebook)
    tables = [model.predict(article, details=True) for article in articles]
    shown = [
        article_data(number, article, table, explain(model, [article], occlude=False), legend)
        for number, (article, table) in enumerate(zip(articles, tables, strict=True), 1)
    ]
    return {
        "model": model.name,
        "title": shown[0]["title"] if len(shown) == 1 else f"{len(shown)} articles",
        "articles": shown,
        "legend": legend,
        "sources": Counter(each["source"] for article in shown for each in article["statements"]).most_common(),
        "target": model.codebook.axis("stance").target,
        "map": _map(pd.concat(tables) if tables else model.predict([]), model),
    }


def _map(table: pd.DataFrame, model: Model) -> Data:
    """Return the motive map as plain data, with the bars of each row."""
    counted = motive_map(table, model.codebook, model.rates)
    sides = counted.leanings[:2]
    most = max((_reach(row, stance) for row in counted.rows for stance in sides), default=0.0)
    motives = [row | {"bars": _bars(row, sides, most or 1.0)} for row in counted.rows]
    return counted.to_dict() | {"motives": motives}


def _reach(row: Data, stance: str) -> float:
    """How far a row's bar goes, its interval included."""
    seen = row[stance] + row[f"abstained_{stance}"]
    return float(max(seen, row["corrected"][stance]["high"]) if row["corrected"] else seen)


def _bars(row: Data, sides: Sequence[str], most: float) -> list[Data]:
    """Return the bars of a map row, on a scale to 100: the first leaning to the right, the second to the left.

    What is held back comes after what is kept; the interval of the corrected count lies over both.
    """
    bars = []
    for stance, side in zip(sides, (1, -1), strict=False):
        kept, seen = row[stance], row[stance] + row[f"abstained_{stance}"]
        spans = [("kept", 0, kept), ("held", kept, seen)]
        spans += [
            ("between", cell["low"], cell["high"]) for cell in ([row["corrected"][stance]] if row["corrected"] else [])
        ]
        for kind, low, high in spans:
            start, width = 100 * low / most, 100 * (high - low) / most
            if width:
                x = start if side > 0 else -start - width
                bars.append({"kind": kind, "x": round(x, 2), "width": round(width, 2)})
    return bars


def _hash(text: str) -> str:
    """Return the source expression that lets this one style or script run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
