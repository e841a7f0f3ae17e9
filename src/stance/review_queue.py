"""A queue of suspected labels that an annotator can work from, read blind unless asked otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.annotations import Annotation, agreed, read_all_annotations
from stance.codebook import Codebook
from stance.config import find_upwards
from stance.corpus import load_corpus
from stance.errors import RunError, did_you_mean
from stance.metrics import DIGITS
from stance.review import Doubted, reviewable, suspects, votes_of
from stance.storage import to_json

if TYPE_CHECKING:
    import pandas as pd

    from stance.runs import Run

FORMATS = ("jsonl", "csv", "markdown")
SHOWN = 20  # rows in a notebook; more are read from `frame`
TEXTS = ["heading", "previous", "text"]
TO_FILL = ["annotator", "motive", "stance", "sure"]  # with statement_id, a line of the annotations
PREFIXES = ("given_", "suggested_")  # of what a blind reading hides


@dataclass(frozen=True)
class ReviewQueue:
    """The labels that a run doubts most, with who gave them and, where it may be shown, their text.

    A reader who sees a label or a suggestion tends to agree with it (anchoring), and the reread would count as a vote
    that it is not. So `to_bytes` hides both unless told otherwise; `frame` has everything.
    """

    rows: pd.DataFrame = field(repr=False)
    codebook: Codebook = field(repr=False)
    run: str

    @classmethod
    def of_run(
        cls,
        run: Run,
        n: int = 100,
        *,
        axis: Doubted = "joint",
        collection: str | None = None,
        texts: Path | None = None,
    ) -> ReviewQueue:
        """Make the queue of a run's n most doubted labels; see `stance.review.suspects`.

        Parameters
        ----------
        run : Run
            Its project's data folder is sought from its folder upwards.
        n : int
            At most so many statements.
        axis : {"joint", "motive", "stance"}
            What may be wrong.
        collection : str, optional
            Only its statements.
        texts : Path, optional
            The folder that holds the text of others; without it only the project's own text is in the queue.

        Raises
        ------
        RunError
            If the run predicted nothing that may be reviewed, or not that collection, or its data folder is gone.
        """
        frame = reviewable(run)
        known = sorted(set(frame["collection"]))
        if collection is not None and collection not in known:
            raise RunError(
                f"predicts no collection {collection!r}", where=run.path, remedy=did_you_mean(collection, known)
            )
        if frame.empty:
            rule = "has neither out-of-fold nor validation predictions, and labels of test are not reviewed"
            raise RunError(rule, where=run.path, remedy="Train with folds, or with validation in data.splits.")
        # Doubt is relative to all labels, so the collection is picked after.
        ranked = suspects(frame, run.codebook, axis)
        ranked = ranked[ranked["collection"] == collection] if collection else ranked
        rows = ranked.head(n).reset_index(drop=True)
        rows.insert(0, "rank", range(1, len(rows) + 1))
        rows["self_confidence"] = rows["self_confidence"].round(DIGITS)
        data = data_folder(run)
        collections = tuple(dict.fromkeys(rows["collection"]))
        rows = _with_votes(rows, read_all_annotations(data, collections, run.codebook))
        return cls(_with_texts(rows, data, collections, run.codebook, texts), run.codebook, run.path.name)

    def frame(self) -> pd.DataFrame:
        """Return every column, one row a statement, the most doubted first."""
        return self.rows.copy()

    def sheet(self, *, show_labels: bool = False) -> pd.DataFrame:
        """Return the queue with empty columns to fill; blind unless ``show_labels``."""
        shown = self.rows
        if not show_labels:
            shown = shown.drop(columns=[name for name in shown if str(name).startswith(PREFIXES)])
        return shown.assign(**dict.fromkeys(TO_FILL, ""))

    def to_bytes(self, format: str, *, show_labels: bool = False) -> bytes:  # noqa: A002 - the option is called so
        """Return the sheet as the bytes of a file; ``format`` is jsonl, csv or markdown."""
        sheet = self.sheet(show_labels=show_labels)
        if format == "csv":
            return bytes(sheet.to_csv(index=False, lineterminator="\n").encode())
        records: list[dict[str, Any]] = [
            {str(key): value for key, value in row.items()} for row in sheet.to_dict(orient="records")
        ]
        if format == "jsonl":
            return "".join(to_json(row) + "\n" for row in records).encode()
        return (f"# Labels to read again, by {self.run}\n\n" + "\n".join(map(_section, records))).encode()

    def _repr_html_(self) -> str:
        shown = self.rows.head(SHOWN)
        more = f"; the first {SHOWN}, see .frame()" if len(self.rows) > SHOWN else ""
        return f"<p>{len(self.rows):,} labels to read again{more}</p>" + str(shown.to_html(index=False, escape=True))


def data_folder(run: Run) -> Path:
    """Return the data folder of a run's project, sought from the run upwards.

    Raises
    ------
    RunError
        If there is none.
    """
    root = run.config["data"]["root"]
    data = find_upwards(root, run.path.resolve())
    if data is None:
        rule = f"data.root: no folder {root!r} in a folder above the run"
        raise RunError(rule, where=run.path, remedy="Put the run back into its project.")
    return data


def _with_votes(rows: pd.DataFrame, annotations: list[Annotation]) -> pd.DataFrame:
    """Add who annotated each statement, and whether they agreed (None for a single reader)."""
    import pandas as pd

    votes, alike = votes_of(annotations), agreed(annotations)
    annotators = [", ".join(votes.get(id_, ())) for id_ in rows["statement_id"]]
    return rows.assign(
        annotators=annotators, agreed=pd.Series([alike.get(id_) for id_ in rows["statement_id"]], dtype=object)
    )


def _with_texts(
    rows: pd.DataFrame, data: Path, collections: tuple[str, ...], codebook: Codebook, texts: Path | None
) -> pd.DataFrame:
    """Add heading, previous statement and text; empty where the text is not here."""
    corpus = load_corpus(data, codebook, texts=texts, collections=collections) if collections else None
    found = {row["statement_id"]: row for row in corpus.rows} if corpus else {}
    return rows.assign(**{name: [found.get(id_, {}).get(name, "") for id_ in rows["statement_id"]] for name in TEXTS})


def _section(row: Mapping[str, Any]) -> str:
    """Render one statement for a person to read."""
    place = f"`{row['statement_id']}` ({row['collection']}, `{row['article_id']}` {row['start']}-{row['end']})"
    lines = [f"## {row['rank']}. {place}", ""]
    lines += [f"*{row['heading']}*", ""] if row["heading"] else []
    lines += [f"…{row['previous']}", ""] if row["previous"] else []
    lines += [f"> {row['text']}" if row["text"] else "The text belongs to its publisher: read it at its place.", ""]
    if "given_motive" in row:
        given, suggested = (f"{row[f'{prefix}motive']}/{row[f'{prefix}stance']}" for prefix in PREFIXES)
        lines.append(f"Given {given}, suggested {suggested}; self-confidence {row['self_confidence']:.3f}.")
    how = {True: ", who agreed", False: ", who disagreed", None: ""}[row["agreed"]]
    lines += [f"Read by {row['annotators'] or 'nobody on record'}{how}.", ""]
    return "\n".join([*lines, "motive: ____ stance: ____ sure: ____", ""])
