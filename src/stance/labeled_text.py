"""Any labeled text: rows of a file or a Hugging Face dataset, read, checked and kept apart from the test split."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.articles import check_characters
from stance.errors import ArticleError, CorpusError, did_you_mean
from stance.labeled_config import HubSplit, LabeledDataConfig, Source
from stance.rows import read_rows
from stance.storage import sha256, to_json

if TYPE_CHECKING:
    import pandas as pd

FIELDS = ("text", "target", "label", "id")


@dataclass(frozen=True)
class LabeledText:
    """The splits of a data set.

    Attributes
    ----------
    splits : dict of str to DataFrame
        ``train``, ``test`` and perhaps ``validation``; columns ``id, text, target, label, where``. ``target`` is ``""``
        where the data set has none.
    labels : list of str
        All labels of train, sorted.
    notes : list of str
        What the reader of any score must know: rows dropped, labels in conflict.
    fingerprint : str
        Hash of all rows as they were read.
    """

    splits: dict[str, pd.DataFrame]
    labels: list[str]
    notes: list[str]
    fingerprint: str


def read_labeled_text(config: LabeledDataConfig, folders: Sequence[Path]) -> LabeledText:
    """Read all splits that a config names.

    Parameters
    ----------
    config : LabeledDataConfig
        Sources and columns.
    folders : sequence of Path
        Where files are sought, in this order.

    Returns
    -------
    LabeledText
        Train rows whose text also stands in another split are dropped. Equal pairs of text and target whose labels are
        in conflict are counted and kept: none of them is known to be the right one.

    Raises
    ------
    ArticleError, CorpusError
        If a source or a column is missing, a row has no text, target or label, an id stands twice in a split, train
        has fewer than two labels, or another split has a label that train lacks.
    """
    sources = {"train": config.train, "validation": config.validation, "test": config.test}
    splits = {name: _read_split(name, source, config, folders) for name, source in sources.items() if source}
    read = [frame.drop(columns="where").to_dict("list") for frame in splits.values()]
    fingerprint = sha256(to_json(read))
    notes = [note for name, frame in splits.items() for note in _conflicts(name, frame)]
    for name in ("validation", "test"):
        if name in splits:
            splits["train"], dropped = _drop_shared(splits["train"], splits[name], name)
            notes += dropped
    labels = sorted(set(splits["train"]["label"]))
    if len(labels) < 2:
        rule = f"train has {len(labels)} label(s) to learn from, and two are needed"
        raise CorpusError(rule, where="data.train", remedy="Name another file, or another column by data.label.")
    _check_labels(splits, labels)
    return LabeledText(splits, labels, notes, fingerprint)


def _read_split(name: str, source: Source, config: LabeledDataConfig, folders: Sequence[Path]) -> pd.DataFrame:
    import pandas as pd

    rows = _hub_rows(source) if isinstance(source, HubSplit) else _file_rows(_find(source, folders), config.text)
    frame = pd.DataFrame(_checked(name, rows, config), columns=[*FIELDS, "where"], dtype=object)
    if frame.empty:
        raise CorpusError("has no rows", where=f"data.{name}", remedy="Name another file or split.")
    twice = frame["id"].duplicated()
    if twice.any():
        row = frame[twice].iloc[0]
        raise CorpusError(f"id {row['id']!r} stands twice", where=row["where"], remedy="Leave data.id out, or mend it.")
    return frame


def _checked(split: str, rows: Iterable[tuple[str, dict[str, Any]]], config: LabeledDataConfig) -> Iterator[Any]:
    """Yield the fields of every row, in the order of `FIELDS`, and its place."""
    for number, (where, row) in enumerate(rows, 1):
        text = _field(row, config.text, "text", where)
        target = _field(row, config.target, "target", where) if config.target else ""
        label = _field(row, config.label, "label", where)
        identity = _field(row, config.id, "id", where) if config.id else f"{split}-{number}"
        check_characters(where, text=text, target=target, label=label, id=identity)
        yield text, target, label, identity, where


def _field(row: dict[str, Any], column: str, role: str, where: str) -> str:
    """Return a row's value as a string; labels and ids may also be numbers."""
    if column not in row:
        rule = f"no column {column!r}, which data.{role} names"
        raise CorpusError(rule, where=where, remedy=did_you_mean(column, map(str, row)))
    value = row[column]
    remedy = "Mend or remove that row."
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value).casefold() == "nan":
        raise CorpusError(f"the {role} is missing ({value!r} in column {column!r})", where=where, remedy=remedy)
    if not isinstance(value, (str, int) if role in {"label", "id"} else str):
        raise CorpusError(f"the {role} is no string: {value!r:.40}", where=where, remedy=remedy)
    if not str(value).strip():
        raise CorpusError(f"the {role} is empty (column {column!r})", where=where, remedy=remedy)
    return str(value)


def _find(file: str, folders: Sequence[Path]) -> Path:
    found = next((folder / file for folder in folders if (folder / file).is_file()), None)
    if found is None:
        rule = f"no file {file!r} in the texts folder or beside the config"
        raise CorpusError(rule, where="data", remedy="Name the folder of texts by --texts DIR or STANCE_TEXTS.")
    return found


def _file_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield rows with their places; these name the file alone, so that no folder of a machine gets into a report."""
    if path.suffix.lower() == ".parquet":
        yield from _parquet_rows(path)
        return
    try:
        for where, row in read_rows(path, text):
            yield where.removeprefix(f"{path.parent}/"), row
    except ArticleError as error:
        raise CorpusError(error.what, where=error.where, remedy=error.remedy) from None


def _parquet_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    import pyarrow
    import pyarrow.parquet

    try:
        rows = pyarrow.parquet.read_table(path).to_pylist()
    except (OSError, pyarrow.ArrowException) as cause:
        rule = f"is no Parquet file: {str(cause).splitlines()[0]}"
        raise CorpusError(rule, where=path, remedy="Export it anew.") from None
    yield from ((f"{path.name}: row {number}", row) for number, row in enumerate(rows, 1))


def _hub_rows(source: HubSplit) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of a Hugging Face dataset; labels stored as numbers of a ``ClassLabel`` get their names back."""
    import datasets

    where = f"{source.dataset} ({source.split})"
    try:
        found = datasets.load_dataset(source.dataset, source.config, split=source.split)
    except Exception as cause:  # the library lets out the errors of every layer under it: network, hub, Arrow, scripts
        rule = f"cannot be loaded: {type(cause).__name__}: {(str(cause).splitlines() or [''])[0]}"
        raise CorpusError(rule, where=where, remedy="Check its id, config and split, and the network.") from None
    named = {name: each for name, each in found.features.items() if isinstance(each, datasets.ClassLabel)}
    for number, row in enumerate(found, 1):
        labels = {name: each.int2str(row[name]) for name, each in named.items() if row[name] is not None}
        yield f"{where}: row {number}", row | labels


def _conflicts(split: str, frame: pd.DataFrame) -> list[str]:
    """Count the pairs of text and target that stand more than once, under different labels."""
    pair = ["text", "target"]
    distinct = frame.drop_duplicates([*pair, "label"])
    count = len(distinct[distinct.duplicated(pair)].drop_duplicates(pair))
    what = "pairs of text and target" if frame["target"].any() else "texts"
    return [f"{split}: {what} under conflicting labels, all rows kept: {count:,}"] if count else []


def _drop_shared(train: pd.DataFrame, other: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Drop the train rows whose text stands in another split too, case, spaces and punctuation aside."""
    shared = train["text"].map(_words).isin(set(other["text"].map(_words)))
    if not shared.any():
        return train, []
    note = f"train: rows dropped, because their text also stands in {name}: {int(shared.sum()):,}"
    return train[~shared].reset_index(drop=True), [note]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def _check_labels(splits: dict[str, pd.DataFrame], labels: Sequence[str]) -> None:
    for name, frame in splits.items():
        unknown = frame[~frame["label"].isin(labels)]
        if len(unknown):
            row = unknown.iloc[0]
            rule = f"label {row['label']!r} stands in no train row ({len(unknown):,} such row(s) in {name})"
            raise CorpusError(rule, where=row["where"], remedy=did_you_mean(row["label"], labels))
