"""Checks of the labeled data: every finding has a code, a place and advice, and no finding hides another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.annotations import REVISIONS, Annotation, consensus, parse_annotation, read_revisions, revise
from stance.articles import Article, read_article
from stance.codebook import Codebook
from stance.corpus import OWN, SPLITS, read_collection
from stance.errors import StanceError
from stance.findings import Finding
from stance.splits import near_duplicate_clusters
from stance.storage import read_json, read_jsonl_lines, sha256

REUSED_RUN = 8  # words in a row; below that, ordinary phrases recur
REUSED_SHARE = 0.02  # of an article's 8-word runs that stand in other own articles; sentence frames give far more
COPIED = 8  # words; shorter statements ("He said no.") recur by chance
FEW = 40  # statements of a label in the project's own articles, the corpus's own target

CODES: dict[str, str] = {
    "SD001": "a line of a labeled file is malformed",
    "SD002": "a span does not match its hash",
    "SD003": "a statement has no annotation, or an annotation no statement",
    "SD004": "an id stands twice",
    "SD005": "a label is not in the codebook, or a pair of labels breaks its rule",
    "SD006": "an article cannot be read, or lacks a field",
    "SD007": "near-duplicate articles stand in different splits",
    "SD008": "a statement of validation or test is worded as one of train",
    "SD009": "an own article shares much wording with others, as if made from a template",
    "SD010": "a label has few statements in the project's own articles",
    "SD011": "the built files are not what their sources give",
}


@dataclass
class _Data:
    """What could be read, and what was found while reading."""

    findings: list[Finding]
    statements: dict[str, list[tuple[str, dict[str, Any]]]]
    labels: dict[str, dict[str, tuple[str, str]]]
    articles: dict[str, dict[str, Article]]
    split_of: dict[str, str]

    def add(self, code: str, where: object, what: str, advice: str, *, warn: bool = False) -> None:
        self.findings.append(Finding(code, "warning" if warn else "error", str(where), what, advice))


def check_data(data: Path, codebook: Codebook, texts: Path | None = None) -> list[Finding]:
    """Check spans, annotations, articles, splits and balance; what cannot be read is a finding, and the rest goes on.

    Without the text of others, checks that need it cover the project's own articles alone.

    Parameters
    ----------
    data : Path
        The folder that holds ``raw/`` and ``labeled/``.
    codebook : Codebook
        Every label must be in it.
    texts : Path, optional
        The folder that holds the text of others.

    Returns
    -------
    list of Finding
        Errors first; `CODES` says what each code means.
    """
    found = _read(data, codebook, texts)
    for check in (_check_spans, _check_near_duplicates, _check_copied, _check_templates, _check_balance):
        check(found, codebook)
    _check_built(found, data)
    return sorted(found.findings, key=lambda finding: (finding.severity, finding.code))


def _read(data: Path, codebook: Codebook, texts: Path | None) -> _Data:
    labeled = data / "labeled"
    found = _Data([], {}, {}, {}, {})
    try:
        revisions = read_revisions(labeled / REVISIONS, codebook)
    except StanceError as error:
        found.add("SD005", error.where, error.what, error.remedy)
        revisions = {}
    for path in sorted((labeled / "statements").glob("*.jsonl")):
        name = path.stem
        found.statements[name] = list(_unique_statements(path, found))
        labels = _consensus(labeled / "annotations" / f"{name}.jsonl", codebook, found)
        found.labels[name] = revise(labels, revisions)
        found.articles[name] = _articles(data, name, texts, found)
    try:
        found.split_of = read_json(labeled / "splits.json", StanceError)
    except StanceError as error:
        found.add("SD001", error.where, error.what, error.remedy)
    return found


def _rows(path: Path, found: _Data) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, row in read_jsonl_lines(path):
        if isinstance(row, StanceError):
            found.add("SD001", where, row.what, row.remedy)
        else:
            yield where, row


def _unique_statements(path: Path, found: _Data) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: dict[str, str] = {}
    fields = {"statement_id": str, "article_id": str, "start": int, "end": int, "sha256": str}
    for where, row in _rows(path, found):
        wrong = [name for name, kind in fields.items() if not isinstance(row.get(name), kind)]
        if wrong:
            found.add("SD001", where, f"field {wrong[0]!r} is missing or of the wrong kind", "Mend or remove the line.")
        elif first := seen.get(row["statement_id"]):
            found.add("SD004", where, f"{row['statement_id']!r} stands a second time (first at {first})", "Keep one.")
        else:
            seen[row["statement_id"]] = where
            yield where, row


def _consensus(path: Path, codebook: Codebook, found: _Data) -> dict[str, tuple[str, str]]:
    seen: dict[tuple[str, str], str] = {}
    votes: list[Annotation] = []
    for where, row in _rows(path, found):
        try:
            vote = parse_annotation(where, row, codebook)
        except StanceError as error:
            found.add(
                "SD005" if "codebook" in error.what or "takes" in error.what else "SD001",
                where,
                error.what,
                error.remedy,
            )
            continue
        if first := seen.get((vote.statement_id, vote.annotator)):
            what = f"{vote.annotator} labels {vote.statement_id} a second time (first at {first})"
            found.add("SD004", where, what, "Keep one of the two lines.")
            continue
        seen[vote.statement_id, vote.annotator] = where
        votes.append(vote)
    return consensus(votes, codebook)


def _articles(data: Path, name: str, texts: Path | None, found: _Data) -> dict[str, Article]:
    if name != OWN:
        try:
            return read_collection(data, name, texts)[0]
        except StanceError as error:
            found.add("SD006", error.where, error.what, error.remedy)
            return {}
    articles: dict[str, Article] = {}
    places: dict[str, Path] = {}
    for path in sorted((data / "raw" / OWN).glob("*.md")):
        try:
            article = read_article(path)
        except StanceError as error:
            found.add("SD006", error.where, error.what, error.remedy)
            continue
        if article.id in articles:
            found.add("SD004", path, f"article id {article.id!r} is also that of {places[article.id]}", "Rename one.")
            continue
        for field in ("title", "outlet", "date", "licence"):
            if not getattr(article, field):
                found.add("SD006", path, f"no {field} in the front matter", "Add it.")
        articles[article.id], places[article.id] = article, path
    return articles


def _check_spans(found: _Data, _: Codebook) -> None:
    for name, statements in found.statements.items():
        ids = {row["statement_id"] for _, row in statements}
        for where, row in statements:
            if row["statement_id"] not in found.labels[name]:
                found.add(
                    "SD003", where, f"{row['statement_id']!r} has no annotation", "Annotate it, or remove the span."
                )
            article = found.articles[name].get(row["article_id"])
            if article is None and name == OWN:
                found.add("SD006", where, f"no article {row['article_id']!r} in raw/{OWN}", "Restore the article.")
            elif article and sha256(article.text[row["start"] : row["end"]]) != row["sha256"]:
                what = f"the span of {row['statement_id']!r} does not match its hash"
                found.add("SD002", where, what, "Restore the article's text or the offsets.")
        for id_ in found.labels[name].keys() - ids:
            found.add(
                "SD003", f"annotations/{name}.jsonl", f"{id_!r} is annotated and has no span", "Restore the span."
            )


def _check_near_duplicates(found: _Data, _: Codebook) -> None:
    texts = {
        id_: a.text for articles in found.articles.values() for id_, a in articles.items() if id_ in found.split_of
    }
    clusters = defaultdict(list)
    for id_, cluster in zip(texts, near_duplicate_clusters(list(texts.values())), strict=True):
        clusters[cluster].append(id_)
    for ids in clusters.values():
        splits = {found.split_of[id_] for id_ in ids}
        if len(splits) > 1:
            what = f"{', '.join(ids[:4])} are near-duplicates in {', '.join(sorted(splits))}"
            found.add("SD007", "splits.json", what, "Put them in one split.")


def _check_copied(found: _Data, _: Codebook) -> None:
    """Find held-out statements worded as a train statement; SD007 sees whole articles, this sees single sentences."""
    train: dict[tuple[str, ...], str] = {}
    held_out = []
    for name, statements in found.statements.items():
        for where, row in statements:
            article, split = found.articles[name].get(row["article_id"]), found.split_of.get(row["article_id"])
            if article is None or split is None:
                continue
            words = _words(article.text[row["start"] : row["end"]])
            if len(words) >= COPIED and split == "train":
                train[words] = row["statement_id"]
            elif len(words) >= COPIED:
                held_out.append((where, row["statement_id"], words, split))
    for where, id_, words, split in held_out:
        if words in train:
            what = f"{split} statement {id_!r} is worded as train statement {train[words]!r}"
            found.add("SD008", where, what, "Put their articles in one split.")


def _check_templates(found: _Data, _: Codebook) -> None:
    runs: dict[tuple[str, ...], set[str]] = defaultdict(set)
    of: dict[str, list[tuple[str, ...]]] = {}
    for id_, article in found.articles.get(OWN, {}).items():
        words = _words(article.text)
        of[id_] = [words[i : i + REUSED_RUN] for i in range(len(words) - REUSED_RUN + 1)]
        for run in of[id_]:
            runs[run].add(id_)
    for id_, mine in of.items():
        share = sum(len(runs[run]) > 1 for run in mine) / max(len(mine), 1)
        if share > REUSED_SHARE:
            what = f"{share:.1%} of its {REUSED_RUN}-word runs stand in other own articles (limit {REUSED_SHARE:.0%})"
            found.add("SD009", f"raw/{OWN}/{id_}.md", what, "Write it anew.")


def _check_balance(found: _Data, codebook: Codebook) -> None:
    labels = found.labels.get(OWN, {}).values()
    counts = {axis: Counter(pair[i] for pair in labels) for i, axis in enumerate(codebook.axes)}
    for axis in codebook.axes:
        for label in codebook.labels(axis):
            if counts[axis][label] < FEW:
                what = f"{axis} {label!r} has {counts[axis][label]} statements, fewer than {FEW}"
                found.add("SD010", "annotations/own.jsonl", what, "Write and annotate more of it.", warn=True)


def _check_built(found: _Data, data: Path) -> None:
    """Compare built labels with consensus; whole bytes need all texts, which the test suite has."""
    for name, labels in found.labels.items():
        for split in SPLITS:
            path = data / "labeled" / name / f"{split}.jsonl"
            for where, row in _rows(path, found) if path.is_file() else ():
                label = labels.get(row.get("statement_id", ""))
                if label is None:  # SD003 says so
                    continue
                if label != (row.get("motive"), row.get("stance")):
                    what = f"{row.get('statement_id')!r} is not labeled as the annotators' consensus"
                    found.add("SD011", where, what, "Run `stance data build`.")
                elif found.split_of.get(row["article_id"]) != split:
                    found.add("SD011", where, f"{row['article_id']!r} is in another split", "Run `stance data build`.")


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower()))
