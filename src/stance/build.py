"""Build the labeled files from what they derive from: annotations, the spans they stand on, articles, and splits.

Reads ``labeled/statements/<collection>.jsonl`` (spans), ``labeled/annotations/<collection>.jsonl`` (each annotator's
labels) and ``labeled/splits.json``; writes ``labeled/<collection>/<split>.jsonl`` and the dataset card's front matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.annotations import REVISIONS, consensus, read_annotations, read_revisions, revise
from stance.articles import Article
from stance.card import write_card, write_croissant
from stance.codebook import Codebook
from stance.corpus import OWN, SCHEMES, SPLITS, TRAINING_ONLY_BATCHES, read_collection
from stance.errors import CorpusError
from stance.splits import assign_by_date, assign_by_outlet, assign_splits, near_duplicate_clusters
from stance.storage import read_json, read_jsonl, sha256, to_json, write_jsonl, write_text

if TYPE_CHECKING:
    import pandas as pd

TEST_ONLY = {"seed"}  # the seed article is never trained on


@dataclass(frozen=True)
class _Collection:
    name: str
    statements: list[dict[str, Any]]
    labels: dict[str, tuple[str, str]]
    articles: dict[str, Article]

    def may_be_held_out(self, statement: dict[str, Any]) -> bool:
        return statement.get("batch") not in TRAINING_ONLY_BATCHES


def build_labeled(data: Path, codebook: Codebook, texts: Path | None) -> list[str]:
    """Build all labeled files; the same inputs give the same bytes.

    An article that has a split keeps it. A new one gets one together with its near-duplicates, so its text must be
    there. Statements of a training-only batch in a validation or test article are in no split.

    Returns
    -------
    list of str
        What was built, a line a collection.

    Raises
    ------
    CorpusError, CodebookError
        If an input breaks a rule, or a new article's text is not there.
    """
    labeled = data / "labeled"
    names = sorted(path.stem for path in (labeled / "statements").glob("*.jsonl"))
    if not names:
        rule = "holds no statements/<collection>.jsonl to build from"
        raise CorpusError(rule, where=labeled, remedy="Name the project's data folder by --data.")
    collections = [_read(data, name, codebook, texts) for name in names]
    clusters = _clusters(collections)
    split_of = _splits(labeled / SCHEMES["article"], collections, clusters)
    others = _other_schemes(labeled, collections, clusters)
    built = {each.name: _rows(each, split_of) for each in collections}
    for name, splits in built.items():
        for split, rows in splits.items():
            write_jsonl(labeled / name / f"{split}.jsonl", rows)
    for scheme, assigned in {"article": split_of, **others}.items():
        write_text(labeled / SCHEMES[scheme], to_json(dict(sorted(assigned.items())), indent=0) + "\n")
    write_card(labeled, built, codebook)
    write_croissant(labeled, built)
    return [_summary(each, built[each.name]) for each in collections]


def _summary(collection: _Collection, splits: dict[str, list[dict[str, Any]]]) -> str:
    kept = sum(map(len, splits.values()))
    counts = ", ".join(f"{split} {len(rows)}" for split, rows in splits.items())
    return f"{collection.name}: {kept:,} of {len(collection.statements):,} statements in splits ({counts})"


def _read(data: Path, name: str, codebook: Codebook, texts: Path | None) -> _Collection:
    path = data / "labeled" / "statements" / f"{name}.jsonl"
    placed = list(read_jsonl(path, CorpusError))
    labels = consensus(read_annotations(data / "labeled" / "annotations" / f"{name}.jsonl", codebook), codebook)
    labels = revise(labels, read_revisions(data / "labeled" / REVISIONS, codebook))
    articles, _ = read_collection(data, name, texts)
    for where, row in placed:
        if row["statement_id"] not in labels:
            raise CorpusError(
                f"statement {row['statement_id']!r} has no annotation", where=where, remedy="Annotate it."
            )
        article = articles.get(row["article_id"])
        if article and sha256(article.text[row["start"] : row["end"]]) != row["sha256"]:
            rule = f"the span of {row['statement_id']!r} does not match its hash"
            raise CorpusError(rule, where=where, remedy="Restore the article, or export and annotate it again.")
    return _Collection(name, [row for _, row in placed], labels, articles)


def _clusters(collections: list[_Collection]) -> dict[str, int]:
    """Give every article whose text is there the number of its near-duplicate cluster, across collections."""
    texts = {id_: article.text for c in collections for id_, article in sorted(c.articles.items())}
    return dict(zip(texts, near_duplicate_clusters(list(texts.values())).tolist(), strict=True))


def _splits(path: Path, collections: list[_Collection], clusters: dict[str, int]) -> dict[str, str]:
    """Keep the splits there are; give the rest of the articles one, cluster by cluster."""
    split_of: dict[str, str] = read_json(path, CorpusError) if path.is_file() else {}
    for collection in collections:
        new = sorted({row["article_id"] for row in collection.statements} - split_of.keys())
        if missing := [id_ for id_ in new if id_ not in collection.articles]:
            rule = f"article {missing[0]!r} has no split yet, and its text is not there to look for near-duplicates"
            raise CorpusError(rule, where=f"{collection.name}", remedy="Name the folder of texts by --texts DIR.")
        if collection.name in TEST_ONLY:
            split_of |= dict.fromkeys(new, "test")
    settled = {clusters[id_]: split for id_, split in split_of.items() if id_ in clusters}
    for collection in collections:
        rows = [row for row in collection.statements if row["article_id"] not in split_of]
        split_of |= {row["article_id"]: settled[c] for row in rows if (c := clusters[row["article_id"]]) in settled}
        rows = [row for row in rows if row["article_id"] not in split_of]
        if rows:
            given = assign_splits(_frame(collection, rows, clusters))
            split_of |= given
            settled |= {clusters[id_]: split for id_, split in given.items()}
    return split_of


def _other_schemes(
    labeled: Path, collections: list[_Collection], clusters: dict[str, int]
) -> dict[str, dict[str, str]]:
    """Hold out outlets, and the latest articles; made anew where every text is there, and kept as they are otherwise.

    A collection that only tests (the seed article) tests here too.
    """
    ids = {row["article_id"] for c in collections for row in c.statements}
    if not ids <= clusters.keys():
        paths = {scheme: labeled / SCHEMES[scheme] for scheme in ("outlet", "date")}
        return {scheme: read_json(path, CorpusError) for scheme, path in paths.items() if path.is_file()}
    schemes: dict[str, dict[str, str]] = {"outlet": {}, "date": {}}
    for collection in collections:
        if collection.name in TEST_ONLY:
            fixed = dict.fromkeys((row["article_id"] for row in collection.statements), "test")
            schemes = {scheme: assigned | fixed for scheme, assigned in schemes.items()}
            continue
        frame = _frame(collection, collection.statements, clusters)
        schemes["outlet"] |= assign_by_outlet(frame)
        schemes["date"] |= assign_by_date(frame)
    return schemes


def _frame(collection: _Collection, rows: list[dict[str, Any]], clusters: dict[str, int]) -> pd.DataFrame:
    """Return what splits are assigned by, one row a statement."""
    import pandas as pd

    labels = [collection.labels[row["statement_id"]] for row in rows]
    ids = [row["article_id"] for row in rows]
    return pd.DataFrame(
        {
            "article_id": ids,
            "cluster": [clusters[id_] for id_ in ids],
            "outlet": [collection.articles[id_].outlet for id_ in ids],
            "date": [collection.articles[id_].date for id_ in ids],
            "motive": [motive for motive, _ in labels],
            "stance": [stance for _, stance in labels],
            "evaluable": [collection.may_be_held_out(row) for row in rows],
        }
    )


def _rows(collection: _Collection, split_of: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every split: spans and labels, with text only where it is the project's own."""
    splits: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
    for row in collection.statements:
        split = split_of[row["article_id"]]
        if split != "train" and not collection.may_be_held_out(row):
            continue
        motive, stance = collection.labels[row["statement_id"]]
        built = {key: row[key] for key in ("statement_id", "article_id", "start", "end", "sha256")}
        built["batch"] = row.get("batch", "")
        if collection.name == OWN:
            built["text"] = collection.articles[row["article_id"]].text[row["start"] : row["end"]]
        splits[split].append(built | {"motive": motive, "stance": stance})
    return {split: rows for split, rows in splits.items() if rows}
