"""The reading view: articles as they read, each statement marked with its motive and its stance, as one HTML page.

The page asks for nothing outside itself, and its content security policy lets only its own style and script run, so
that nothing an article holds can. Without script it can be read all the same: every mark leads to its card.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stance.articles import Article, Block
from stance.explanations import Explanation, explain
from stance.marked import STRONG, cut, mark
from stance.motive_tags import STANCE_SIGNS, motive_tags

if TYPE_CHECKING:
    from stance.codebook import Codebook
    from stance.predict import Model

COLOURS = 8  # motives that have a colour of their own in reading.css; more begin anew, and their tags still differ
STYLES, SCRIPT = ("report.css", "reading.css"), "reading.js"


def reading_page(model: Model, articles: Sequence[Article]) -> str:
    """Write articles as one self-contained HTML page with the predictions marked in their text.

    Parameters
    ----------
    model : Model
        Marks the statements.
    articles : sequence of Article
        Shown in this order, with a list of them on top where there are several.
    """
    from stance.render import make_environment

    environment = make_environment(autoescape=True)
    style = "".join(_source(environment, name) for name in STYLES)
    script = _source(environment, SCRIPT)
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    page = {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}  # noqa: S704 - our own files
    return environment.get_template("reading.html.jinja").render(page | reading(model, articles))


def reading(model: Model, articles: Sequence[Article]) -> dict[str, Any]:
    """Return what the page shows as plain data: the legend, the filter's choices, and each article's blocks."""
    codebook = model.codebook
    sources: dict[str, int] = {}
    shown = [_article(model, number, article, sources) for number, article in enumerate(articles, 1)]
    statements = [each for article in shown for each in article["statements"]]
    return {
        "model": model.name,
        "title": shown[0]["title"] if len(shown) == 1 else f"{len(shown)} articles",
        "articles": shown,
        "statements": len(statements),
        "motives": _motives(codebook, statements),
        "stances": [{"number": n, "sign": sign, **_named(codebook, "stance", each)} for each, (n, sign) in _stances(codebook)],
        "sources": [{"number": n, "name": name} for name, n in sources.items()],
        "target": codebook.axis("stance").target,
    }


def _article(model: Model, number: int, article: Article, sources: dict[str, int]) -> dict[str, Any]:
    table = model.predict(article, details=True)
    explained = explain(model, [article], occlude=False)
    statements = [
        _statement(model.codebook, f"{number}-{row['statement_index'] + 1}", row, each, sources)
        for row, each in zip(table.to_dict("records"), explained, strict=True)
    ]
    outside = bool(statements) and all(each["status"] == "out_of_domain" for each in statements)
    return {
        "number": number,
        "title": article.title or article.id,
        "outlet": article.outlet,
        "date": article.date,
        "statements": statements,
        "held_back": sum(each["status"] != "ok" for each in statements),
        "outside": statements[0]["why"] if outside else "",
        "blocks": list(_blocks(article, statements)),
    }


def _statement(
    codebook: Codebook, id_: str, row: dict[Any, Any], explanation: Explanation, sources: dict[str, int]
) -> dict[str, Any]:
    motive, stance = row["motive"], row["stance"]
    nothing = motive == codebook.null_label("motive")
    number, sign = dict(_stances(codebook))[stance]
    return {
        "id": id_,
        "start": row["start"],
        "end": row["end"],
        "text": _marked(explanation, nothing),
        "motive": 0 if nothing else _motive_number(codebook, motive),
        "motive_name": codebook.label("motive", motive).name,
        "motive_proba": row["motive_proba"],
        "tag": "" if nothing else motive_tags(codebook)[motive],
        "stance": "" if nothing else number,
        "stance_id": stance,
        "stance_name": codebook.label("stance", stance).name,
        "stance_proba": row["stance_proba"],
        "sign": "" if nothing else sign,
        "status": row["status"],
        "why": explanation.why,
        "evidence": row["evidence"],
        "source": row["source"],
        "source_number": sources.setdefault(row["source"], len(sources)),
        "affiliation": row["affiliation"],
    }


def _marked(explanation: Explanation, nothing: bool) -> Markup:
    """Mark the words of a statement that spoke most for its motive."""
    marks = () if nothing else explanation.of("motive").marks
    most = max((abs(each.weight) for each in marks), default=0.0)
    text = _visible(explanation.text)
    return mark(cut(text, [each for each in marks if each.weight > STRONG * most]))


def _visible(text: str) -> str:
    """Replace NUL, which no HTML page can hold, by the sign that browsers show for it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _blocks(article: Article, statements: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield an article's blocks in order; boilerplate that stands together is one."""
    ahead = iter(statements)
    for skipped, group in groupby(article.blocks, key=lambda block: block.kind == "boilerplate"):
        blocks = list(group)
        if skipped:
            yield {"kind": "skipped", "passages": [_passage(article, block) for block in blocks]}
            continue
        for block in blocks:
            text = _visible(article.text[block.start : block.end])
            if block.kind == "heading":
                yield {"kind": "title" if block.rule else "heading", "text": text}
            else:
                yield {"kind": "paragraph", "pieces": list(_pieces(article.text, block, ahead))}


def _passage(article: Article, block: Block) -> dict[str, str]:
    return {"rule": block.rule.replace("_", " "), "text": _visible(article.text[block.start : block.end])}


def _pieces(text: str, block: Block, ahead: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a paragraph's statements, and what stands between them; ``ahead`` holds those of this block and later."""
    at = block.start
    while text[at : block.end].strip():
        each = next(ahead)
        if each["start"] > at:
            yield {"between": _visible(text[at : each["start"]])}
        yield each
        at = each["end"]


def _motives(codebook: Codebook, statements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count statements by motive and stance, held back or not."""
    counts = Counter((each["motive"], each["stance_id"], each["status"] == "ok") for each in statements)
    rows = []
    for label, tag in motive_tags(codebook).items():
        n = _motive_number(codebook, label)
        of_label = {key[1:]: count for key, count in counts.items() if key[0] == n}
        rows.append(
            {
                "number": n,
                "tag": tag,
                **_named(codebook, "motive", label),
                "statements": sum(of_label.values()),
                "by_stance": [
                    sum(count for (stance, _), count in of_label.items() if stance == each)
                    for each, _ in _stances(codebook)
                ],
                "kept": sum(count for (_, kept), count in of_label.items() if kept),
            }
        )
    return rows


def _named(codebook: Codebook, axis: str, label: str) -> dict[str, str]:
    found = codebook.label(axis, label)
    return {"id": found.id, "name": found.name, "definition": found.definition}


def _motive_number(codebook: Codebook, motive: str) -> int:
    return list(motive_tags(codebook)).index(motive) + 1


def _stances(codebook: Codebook) -> list[tuple[str, tuple[int, str]]]:
    """Return each stance with its number, 0 for the null label, and its sign."""
    null = codebook.null_label("stance")
    leaning = [label for label in codebook.labels("stance") if label != null]
    return [(label, (n, STANCE_SIGNS[min(n, len(STANCE_SIGNS) - 1)])) for n, label in enumerate(leaning, 1)] + [
        (null, (0, STANCE_SIGNS[0]))
    ]


def _source(environment: Any, name: str) -> str:
    return str(environment.loader.get_source(environment, name)[0])


def _hash(text: str) -> str:
    """Return the source expression that lets this one style or script run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
