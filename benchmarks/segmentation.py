"""Measure whether statements begin and end where the labeled spans do.

Run ``python benchmarks/segmentation.py --texts DIR -o experiments/reports/segmentation.md``, where DIR holds
``article/`` and ``newswire/``. The report holds counts only, none of the articles' text.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from stance.articles import Article, read_article, read_articles
from stance.statements import split_sentences, split_statements

Span = tuple[int, int]
Spans = dict[str, list[Span]]


def main() -> None:
    """Parse the arguments, measure, and write or print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="folder with article/ and newswire/")
    parser.add_argument("-o", "--output", type=Path, help="Markdown file to write")
    arguments = parser.parse_args()
    report = "\n".join(
        [*measure_seed(arguments.texts / "article"), *measure_newswire(arguments.texts / "newswire"), ""]
    )
    if arguments.output:
        arguments.output.write_text(report, encoding="utf-8")
    else:
        print(report)


def measure_seed(folder: Path) -> list[str]:
    """Compare all statements of the seed article with all labeled spans."""
    article = read_article(next(folder.glob("*.txt")))
    ours = {(each.start, each.end) for each in split_statements(article)}
    labeled = {(row["start"], row["end"]) for row in _rows(folder / "labels.standoff.jsonl")}
    rows: dict[str, tuple[set[Any], set[Any]]] = {
        "exact": (ours, labeled),
        "start": ({start for start, _ in ours}, {start for start, _ in labeled}),
        "end": ({end for _, end in ours}, {end for _, end in labeled}),
    }
    lines = [
        "# Segmentation against the labeled spans",
        "",
        "Written by `benchmarks/segmentation.py`. A span is found when a statement has exactly its start and its end.",
        "",
        f"## Seed article: {len(labeled)} labeled spans, {len(ours)} statements",
        "",
        "| match | precision | recall |",
        "|---|---|---|",
    ]
    return lines + [
        f"| {name} | {len(a & b) / len(a):.3f} | {len(a & b) / len(b):.3f} |" for name, (a, b) in rows.items()
    ]


def measure_newswire(folder: Path) -> list[str]:
    """Compare the statements that touch a labeled span with that span: whole pipeline, segmenter alone, and nupunkt."""
    articles = {article.id: article for article in read_articles(folder / "articles.jsonl")}
    labels = [row for row in _rows(folder / "labels.standoff.jsonl") if row["article_id"] in articles]
    started = time.process_time()
    whole = {id_: [(each.start, each.end) for each in split_statements(article)] for id_, article in articles.items()}
    seconds = time.process_time() - started
    alone = _segment(articles, split_sentences)
    lines = [
        "",
        f"## Newswire: {len(labels):,} labeled spans in {len(articles):,} articles",
        "",
        "Precision is taken over the statements that overlap a labeled span. The rules were written with misses on",
        "these spans in view, so the figures are those of development data, not of unseen text.",
        "",
        "The reference is of two minds on quotations of several sentences: batch n mostly keeps them whole; batch m",
        "and the seed article cut them, and so do we. *All but joined quotations* leaves out the spans that hold a",
        "quotation mark and several of our sentences; our own segmenter chose them, so read it as an upper bound.",
        "",
        "| statements from | spans | precision | recall | n |",
        "|---|---|---|---|---|",
        *_scores("all blocks, our segmenter", alone, labels, articles),
        *_scores("prose only (headings and boilerplate left out)", whole, labels, articles),
    ]
    if baseline := _nupunkt():
        lines += _scores("all blocks, `nupunkt` alone", _segment(articles, baseline), labels, articles)
    size = sum(len(article.text) for article in articles.values()) / 1e6
    return [
        *lines,
        "",
        f"Speed: {size / seconds:.1f} million characters a CPU-second.",
        "",
        *_misses(whole, labels, articles),
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _segment(articles: dict[str, Article], cut: Callable[[str], list[Span]]) -> Spans:
    """Cut every block, whatever its role."""
    return {
        id_: [
            (b.start + start, b.start + end)
            for b in article.blocks
            for start, end in cut(article.text[b.start : b.end])
        ]
        for id_, article in articles.items()
    }


def _nupunkt() -> Callable[[str], list[Span]] | None:
    """Return nupunkt's own segmentation, where it is installed."""
    try:
        from nupunkt import sentence_spans
    except ImportError:
        return None
    return lambda text: [(start, end) for start, end in sentence_spans(text)]


def _scores(name: str, spans: Spans, labels: list[dict[str, Any]], articles: dict[str, Article]) -> Iterable[str]:
    groups = {"all": labels} | {
        f"batch {b}": [r for r in labels if r["batch"] == b] for b in sorted({r["batch"] for r in labels})
    }
    groups["all but joined quotations"] = [row for row in labels if not _joins_quoted(row, articles)]
    for group, rows in groups.items():
        touched = [_overlapping(row, spans) for row in rows]
        found = sum((row["start"], row["end"]) in each for row, each in zip(rows, touched, strict=True))
        yield f"| {name} | {group} | {found / sum(map(len, touched)):.3f} | {found / len(rows):.3f} | {len(rows):,} |"


def _overlapping(row: dict[str, Any], spans: Spans) -> list[Span]:
    return [(start, end) for start, end in spans[row["article_id"]] if start < row["end"] and end > row["start"]]


def _joins_quoted(row: dict[str, Any], articles: dict[str, Article]) -> bool:
    """Whether a labeled span holds quotation marks and several sentences."""
    text = articles[row["article_id"]].text[row["start"] : row["end"]]
    return any(mark in text for mark in '“”"') and len(split_sentences(text)) > 1


def _kind(row: dict[str, Any], spans: Spans, articles: dict[str, Article]) -> str:
    """Name how a labeled span was missed; empty where it was found."""
    article, own = articles[row["article_id"]], _overlapping(row, spans)
    if (row["start"], row["end"]) in own:
        return ""
    if not own:
        block = next(b for b in article.blocks if b.start < row["end"] and b.end > row["start"])
        return f"left out as {block.kind}" + (f" ({block.rule})" if block.rule else "")
    if own[0][0] == row["start"] and own[-1][1] == row["end"]:
        return "the reference joins several sentences" + (" of a quotation" if _joins_quoted(row, articles) else "")
    return "the reference cuts within our statement" if len(own) == 1 else "the boundaries cross"


def _misses(spans: Spans, labels: list[dict[str, Any]], articles: dict[str, Article]) -> list[str]:
    counts = Counter((_kind(row, spans, articles), row["batch"]) for row in labels)
    rows = [f"| {kind} | {batch} | {n} |" for (kind, batch), n in counts.most_common() if kind]
    return ["### What was missed, prose only", "", "| kind | batch | n |", "|---|---|---|", *rows]


if __name__ == "__main__":
    main()
