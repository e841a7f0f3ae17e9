"""What the checks of a run look at, gathered once: from a run directory, or at the end of training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from stance.codebook import Codebook
from stance.config import find_upwards
from stance.corpus import read_collection
from stance.errors import StanceError
from stance.findings import NotApplicable
from stance.openings import count_openings

if TYPE_CHECKING:
    from stance.articles import Article
    from stance.runs import Run

TopFeatures = Mapping[str, Mapping[str, Sequence[tuple[str, float]]]]

TOP = 30  # features of a label that are looked at: what a reader would look at, too
TEACHER = ["article_id", "start", "end", "motive", "stance"]


@dataclass(frozen=True)
class RunFacts:
    """Everything that is known of a run; what is not known is None, and checks that need it do not apply.

    Attributes
    ----------
    codebook : Codebook
        Gives the labels and their order.
    predictions : DataFrame
        Rows of ``predictions.jsonl``.
    metrics : mapping
        As in ``metrics.json``.
    out_of_fold : DataFrame or None
        Rows of ``out_of_fold.jsonl``.
    train : DataFrame or None
        What was trained on, a teacher's statements too: ``article_id, motive, stance``, and where known ``fold`` (the
        one that held the statement out; missing where every fold trained on it), ``outlet``, and either ``text`` or
        ``start, end`` within the article.
    splits : mapping of str to str
        Article → split.
    top_features : mapping or None
        Axis → label → the strongest (term, weight), strongest first.
    texts : mapping of str to str or None
        Article → its text, of the articles whose text is here.
    openings : mapping of str to int or None
        Collection → how many different runs opened its test split; see `stance.openings`.
    other : pair of str and DataFrame, or None
        Name and predictions of a run to compare to.
    seed : int
        Seeds the bootstrap.
    """

    codebook: Codebook
    predictions: pd.DataFrame
    metrics: Mapping[str, Any]
    out_of_fold: pd.DataFrame | None = None
    train: pd.DataFrame | None = None
    splits: Mapping[str, str] = field(default_factory=dict)
    top_features: TopFeatures | None = None
    texts: Mapping[str, str] | None = None
    openings: Mapping[str, int] | None = None
    other: tuple[str, pd.DataFrame] | None = None
    seed: int = 0

    @classmethod
    def of(cls, run: Run, texts: Path | None = None, other: Run | None = None) -> RunFacts:
        """Gather the facts of a run directory.

        Parameters
        ----------
        run : Run
            Its data folder is sought from the run directory upwards; without it no text of an article is known.
        texts : Path, optional
            The folder that holds the text of others.
        other : Run, optional
            A run to compare to.
        """
        articles = _articles(run, texts)
        out_of_fold = run.out_of_fold
        return cls(
            codebook=run.codebook,
            predictions=run.predictions,
            metrics=run.metrics,
            out_of_fold=out_of_fold if len(out_of_fold) else None,
            train=_train(run, articles),
            splits=run.splits,
            top_features=_top_features(run),
            texts={id_: article.text for id_, article in articles.items()} or None,
            openings=count_openings(run.path.parent, run.predictions),
            other=(other.path.name, other.predictions) if other else None,
            seed=run.manifest.get("seed", 0),
        )

    @cached_property
    def test(self) -> pd.DataFrame:
        """Predictions on test splits.

        Raises
        ------
        NotApplicable
            If there are none.
        """
        frame = self.predictions
        opened = frame[frame["split"] == "test"] if len(frame) else frame
        if opened.empty:
            raise NotApplicable("no test split was predicted")
        return opened

    def tests(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield every collection that has a test split, with the predictions on it."""
        for name, part in self.test.groupby("collection", sort=False):
            yield str(name), part

    def tested_evaluations(self) -> list[Mapping[str, Any]]:
        """Evaluations of test splits, as in ``metrics.json``; raises `NotApplicable` where there are none."""
        found = [each for each in self.metrics.get("evaluations", ()) if each["split"] == "test"]
        if not found:
            raise NotApplicable("no test split was evaluated")
        return found

    def statement_texts(self, frame: pd.DataFrame) -> list[str]:
        """Text of each statement of a frame, empty where it is not here."""
        known = frame["text"].fillna("") if "text" in frame else [""] * len(frame)
        if self.texts is None or "start" not in frame:
            return list(known)
        spans = zip(known, frame["article_id"], frame["start"], frame["end"], strict=True)
        # A frame that joins two sources has spans for some rows, and text for others.
        return [
            text or ("" if pd.isna(start) else self.texts.get(id_, "")[int(start) : int(end)])
            for text, id_, start, end in spans
        ]


def _articles(run: Run, texts: Path | None) -> dict[str, Article]:
    named = run.config["data"]
    data = find_upwards(named["root"], run.path.resolve())
    if data is None:
        return {}
    collections = dict.fromkeys((*named["train"], *named["evaluate"]))
    return {id_: article for name in collections for id_, article in read_collection(data, name, texts)[0].items()}


def _train(run: Run, articles: Mapping[str, Article]) -> pd.DataFrame | None:
    """Return what was trained on, as far as a run directory tells; out of fold also stand rows that did not train."""
    frame, named = run.out_of_fold, run.config["data"]
    gold = frame[frame["collection"].isin(named["train"])] if len(frame) else frame
    if gold.empty:
        return None
    parts = [gold, *_taught(run)]
    train = pd.concat(parts, ignore_index=True)
    outlets = {id_: article.outlet for id_, article in articles.items()}
    return train if "outlet" in train else train.assign(outlet=train["article_id"].map(outlets))


def _taught(run: Run) -> list[pd.DataFrame]:
    """Return the teacher's statements, where the run learned from them and their file is still there."""
    named = run.config["data"]
    resolved = any(each["name"] == "teacher" and each["resolved"] for each in run.metrics["data"]["collections"])
    data = find_upwards(named["root"], run.path.resolve())
    if not named.get("teacher") or not resolved or data is None or not (data / named["teacher"]).is_file():
        return []
    return [pd.read_parquet(data / named["teacher"], columns=TEACHER)]


def _top_features(run: Run) -> TopFeatures | None:
    try:
        classifier = run.load_model().classifier
    except StanceError:  # its encoder is not here
        return None
    found = {axis: top for axis in run.codebook.axes if (top := classifier.top_features(axis, TOP)) is not None}
    return found or None  # not every classifier reads words
