"""The labeled corpus: stand-off labels joined to the text they stand on.

``data/labeled/<collection>/<split>.jsonl`` holds the labels: article id, character offsets, SHA-256 of the span,
motive and stance. The text of the project's own articles lies in ``data/raw/own``. The text of others is not ours to
give away: it is read from a folder the user names, laid out as ``data/raw/sources.jsonl`` says, and every span is
checked by its hash.
"""

from __future__ import annotations

import bisect
import os
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.articles import Article, read_article, read_articles
from stance.codebook import Codebook, load_codebook
from stance.config import find_upwards
from stance.errors import CorpusError, did_you_mean
from stance.statements import Statement, split_statements
from stance.storage import read_json, read_jsonl, sha256, to_json

if TYPE_CHECKING:
    import datasets
    import pandas as pd

SPLITS = ("train", "validation", "test")
OWN = "own"
# Picked by a model, or written to order: not the natural mix that validation and test must have.
TRAINING_ONLY_BATCHES = {"m", "a", "s", "p"}
SCHEMES = {"article": "splits.json", "outlet": "splits-by-outlet.json", "date": "splits-by-date.json"}
COLUMNS = (
    "statement_id", "collection", "split", "batch", "article_id", "outlet", "date", "start", "end", "text", "heading",
    "previous", "following", "motive", "stance",
)  # fmt: skip


@dataclass(frozen=True)
class CollectionState:
    """How much of a collection is there: counts of statements, and why the rest was left out."""

    name: str
    statements: int
    resolved: int
    reason: str = ""

    @property
    def left_out(self) -> int:
        """Number of labeled statements whose text is not there."""
        return self.statements - self.resolved

    def __str__(self) -> str:
        line = f"{self.name}: {self.resolved:,} of {self.statements:,} labeled statements have their text"
        return f"{line}; {self.left_out:,} left out: {self.reason}" if self.left_out else line


@dataclass(frozen=True)
class Corpus:
    """Labeled statements with their text, one row a statement (``rows`` has the fields of `COLUMNS`)."""

    rows: list[dict[str, Any]]
    collections: list[CollectionState]
    codebook: Codebook = field(repr=False)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All rows as a frame, columns as in `COLUMNS`."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(COLUMNS))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over ids, spans and labels of what is there: two runs with one fingerprint saw the same data."""
        fields = ("statement_id", "split", "article_id", "start", "end", "motive", "stance")
        return sha256("\n".join(to_json([row[f] for f in fields] + [sha256(row["text"])]) for row in self.rows))

    @property
    def split_hash(self) -> str:
        """SHA-256 over which article is in which split."""
        return sha256(to_json(sorted({(row["article_id"], row["split"]) for row in self.rows})))

    def to_datasets(self) -> datasets.DatasetDict:
        """Return a Hugging Face ``DatasetDict`` with the named splits and ``ClassLabel`` features."""
        import datasets

        features = datasets.Features(
            {name: datasets.Value("int64" if name in {"start", "end"} else "string") for name in COLUMNS}
            | {axis: datasets.ClassLabel(names=list(self.codebook.labels(axis))) for axis in self.codebook.axes}
        )
        rows = {split: [row for row in self.rows if row["split"] == split] for split in SPLITS}
        return datasets.DatasetDict(
            {split: datasets.Dataset.from_list(rows[split], features=features) for split in SPLITS if rows[split]}
        )


def texts_folder(named: Path | str | None = None) -> Path | None:
    """Return the folder that holds the text of others: the one named, else ``$STANCE_TEXTS``, else none.

    Raises
    ------
    CorpusError
        If the folder does not exist.
    """
    where = named or os.environ.get("STANCE_TEXTS")
    if not where:
        return None
    if not Path(where).is_dir():
        source = "--texts" if named else "STANCE_TEXTS"
        raise CorpusError("no such folder of texts", where=f"{source}={where}", remedy="Name a folder that exists.")
    return Path(where)


def load_corpus(
    data: Path,
    codebook: Codebook,
    *,
    texts: Path | None = None,
    collections: tuple[str, ...] | None = None,
    split_by: str = "article",
) -> Corpus:
    """Read labels, resolve their text, verify it by hash and attach each statement's neighbours and heading.

    Parameters
    ----------
    data : Path
        The folder that holds ``raw/`` and ``labeled/``.
    codebook : Codebook
        Every label must be in it.
    texts : Path, optional
        The folder that holds the text of others. Statements without text are left out and counted.
    collections : tuple of str, optional
        Names of folders in ``labeled/``; all where not given.
    split_by : {"article", "outlet", "date"}
        ``outlet`` holds out whole outlets, ``date`` the latest articles. Articles in no split of that scheme are left
        out, and so are statements of training-only batches that would fall into validation or test.

    Raises
    ------
    CorpusError, CodebookError
        If a file is malformed, an id stands twice, or a label is unknown; says which file and line.
    """
    known = collection_names(data)
    rows: list[dict[str, Any]] = []
    states = []
    for name in collections or known:
        if name not in known:
            raise CorpusError(f"no collection {name!r}", where=data / "labeled", remedy=did_you_mean(name, known))
        articles, reason = read_collection(data, name, texts)
        labels = _read_labels(data, name, codebook)
        if split_by != "article":
            labels = _split_anew(labels, read_scheme(data, split_by))
        found, reason = _resolve(labels, articles, reason)
        rows += found
        states.append(CollectionState(name, len(labels), len(found), reason))
    return Corpus(rows, states, codebook)


def read_scheme(data: Path, split_by: str) -> dict[str, str]:
    """Return article id → split by one of `SCHEMES`.

    Raises
    ------
    CorpusError
        If the project has no such splits.
    """
    splits: dict[str, str] = read_json(data / "labeled" / SCHEMES[split_by], CorpusError)
    return splits


def collection_names(data: Path) -> list[str]:
    """Names of the collections of labels in a data folder.

    Raises
    ------
    CorpusError
        If there is none.
    """
    names = sorted(path.name for path in (data / "labeled").glob("*/") if any(path.glob("*.jsonl")) and is_split(path))
    if not names:
        raise CorpusError(
            "holds no labeled collections", where=data / "labeled", remedy="Set data.root to the project's data folder."
        )
    return names


def is_split(folder: Path) -> bool:
    """Tell a collection of labels (``<split>.jsonl``) from the folders that labels are built from."""
    return any((folder / f"{split}.jsonl").is_file() for split in SPLITS)


def read_collection(data: Path, name: str, texts: Path | None) -> tuple[dict[str, Article], str]:
    """Return a collection's articles by id, and why some or all are missing."""
    if name == OWN:
        articles = {article.id: article for article in read_articles(data / "raw" / OWN)}
        return articles, _missing_own(data, articles)
    sources = _sources(data / "raw" / "sources.jsonl", name)
    how = f"to have them, name the folder that holds {sources[0]['file']} by --texts DIR, data.texts or STANCE_TEXTS"
    if texts is None:
        return {}, f"their text belongs to its publishers and no folder of texts was named; {how}"
    articles = {}
    for file in sorted({row["file"] for row in sources}):
        if (texts / file).is_file():
            articles |= _read_texts(texts / file, [row for row in sources if row["file"] == file])
    # The folder's name stays out of the reason, which is stored in runs: it is a fact of this machine.
    return articles, f"their text is not in the folder of texts that was named; {how}"


def _missing_own(data: Path, articles: dict[str, Article]) -> str:
    """Say which labeled articles have no file in ``raw/own``."""
    paths = [path for split in SPLITS if (path := data / "labeled" / OWN / f"{split}.jsonl").is_file()]
    labeled = {str(row.get("article_id")) for path in paths for _, row in read_jsonl(path, CorpusError)}
    files = [f"{id_}.md" for id_ in sorted(labeled - articles.keys())]
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return f"raw/{OWN} lacks {', '.join(files[:3])}{more}; restore it from the project" if files else ""


def _sources(path: Path, name: str) -> list[dict[str, Any]]:
    rows = []
    for where, row in read_jsonl(path, CorpusError):
        # A file of one article does not say which outlet's it is.
        keys = ("article_id", "collection", "file", *(() if str(row.get("file")).endswith(".jsonl") else ("outlet",)))
        if missing := [key for key in keys if not isinstance(row.get(key), str)]:
            raise CorpusError(f"field {missing[0]!r} is missing", where=where, remedy="Add it.")
        rows += [row] if row["collection"] == name else []
    if not rows:
        raise CorpusError(f"names no source of collection {name!r}", where=path, remedy="Restore the file.")
    return rows


def _read_texts(path: Path, sources: list[dict[str, Any]]) -> dict[str, Article]:
    if path.suffix == ".jsonl":
        return {article.id: article for article in read_articles(path)}
    (source,) = sources
    return {source["article_id"]: replace(read_article(path), id=source["article_id"], outlet=source["outlet"])}


def _read_labels(data: Path, name: str, codebook: Codebook) -> list[tuple[str, dict[str, Any]]]:
    seen: dict[str, str] = {}
    labels = []
    for split in SPLITS:
        path = data / "labeled" / name / f"{split}.jsonl"
        for where, row in read_jsonl(path, CorpusError) if path.is_file() else ():
            _check_fields(row, where)
            codebook.check(row["motive"], row["stance"], where)
            if first := seen.get(row["statement_id"]):
                rule = f"statement id {row['statement_id']!r} stands a second time (first at {first})"
                raise CorpusError(rule, where=where, remedy="Keep one of the two lines.")
            seen[row["statement_id"]] = where
            labels.append((where, row | {"split": split, "collection": name}))
    return labels


def _split_anew(labels: list[tuple[str, dict[str, Any]]], split_of: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    anew = [
        (where, row | {"split": split_of[row["article_id"]]}) for where, row in labels if row["article_id"] in split_of
    ]
    return [
        (where, row) for where, row in anew if row["split"] == "train" or row.get("batch") not in TRAINING_ONLY_BATCHES
    ]


def _check_fields(row: dict[str, Any], where: str) -> None:
    kinds = {
        "statement_id": str,
        "article_id": str,
        "start": int,
        "end": int,
        "sha256": str,
        "motive": str,
        "stance": str,
        "batch": str,
    }
    for name, kind in kinds.items():
        if not isinstance(row.get(name, "" if name == "batch" else None), kind):
            rule = f"field {name!r} must be {'a whole number' if kind is int else 'a string'}, not {row.get(name)!r}"
            raise CorpusError(rule, where=where, remedy="Rebuild the file with `stance data build`.")


def _resolve(
    labels: list[tuple[str, dict[str, Any]]], articles: dict[str, Article], reason: str
) -> tuple[list[dict[str, Any]], str]:
    """Join labels to text; a span whose hash differs is left out, and the first such place joins the reason."""
    contexts = {id_: Surroundings(articles[id_]) for id_ in {row["article_id"] for _, row in labels} & articles.keys()}
    found, changed = [], []
    for where, row in labels:
        context = contexts.get(row["article_id"])
        if context is None:
            continue
        text = context.article.text[row["start"] : row["end"]]
        if sha256(text) != row["sha256"]:
            changed.append(where)
            continue
        around = context.around(row["start"], row["end"])
        joined = context.fields | {"batch": ""} | row | around | {"text": text}
        found.append({column: joined[column] for column in COLUMNS})
    if changed:
        spans = f"{len(changed)} spans no longer match their hash (first: {changed[0]}), so their text has changed"
        missing = len(labels) - len(found) - len(changed)
        reason = f"{spans}; the others: {reason}" if missing else f"{spans}; restore the text that was labeled"
    return found, reason if len(found) < len(labels) else ""


class Surroundings:
    """The statements of one article, to be asked what stands around a span."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.fields = asdict(article)  # once: it copies, and an article has many labeled spans
        self.statements: list[Statement] = split_statements(article)
        self.starts = [statement.start for statement in self.statements]

    def around(self, start: int, end: int) -> dict[str, str]:
        """Return heading, previous and following statement of a span, which need not be one of our statements."""
        before = bisect.bisect_right(self.starts, start) - 1
        own = max(before, 0)
        if before >= 0 and self.statements[before].end > start:
            before -= 1
        after = bisect.bisect_left(self.starts, end)
        return {
            "heading": self.statements[own].heading if self.statements else "",
            "previous": self.statements[before].text if before >= 0 else "",
            "following": self.statements[after].text if after < len(self.statements) else "",
        }


def count_labels(frame: pd.DataFrame, codebook: Codebook) -> dict[str, Any]:
    """Return what a part of the corpus holds: statements, articles, statements by collection and by label."""
    counts: dict[str, Any] = {
        "statements": len(frame),
        "articles": frame["article_id"].nunique(),
        "collections": {str(k): int(v) for k, v in frame["collection"].value_counts().sort_index().items()},
    }
    for axis in codebook.axes:
        n = Counter(frame[axis])
        counts[axis] = {label: n[label] for label in codebook.labels(axis)}
    return counts


def load_dataset(data: Path | str = "data", *, texts: Path | str | None = None) -> datasets.DatasetDict:
    """Return the labeled statements whose text is there as a Hugging Face ``DatasetDict``.

    Parameters
    ----------
    data : path
        The project's data folder, sought from the working directory upwards.
    texts : path, optional
        The folder that holds the text of others; else ``$STANCE_TEXTS``.

    Raises
    ------
    CorpusError
        If there is no such folder, or a file in it is malformed.
    """
    found = find_upwards(str(data), Path.cwd())
    if found is None:
        raise CorpusError("no such data folder here or above", where=data, remedy="Name the project's data folder.")
    return load_corpus(found, load_codebook(), texts=texts_folder(texts)).to_datasets()
