"""Labels worth a second look: suspected errors, ranked by a model that did not see them, and annotators' disputes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from stance.annotations import Annotation, consensus
from stance.codebook import Codebook
from stance.decision import Floats

if TYPE_CHECKING:
    import pandas as pd

    from stance.runs import Run

Doubted = Literal["joint", "motive", "stance"]

PLACE = ["statement_id", "article_id", "collection", "split", "start", "end"]


def reviewable(run: Run) -> pd.DataFrame:
    """Return a run's predictions of statements whose labels may be reviewed: out-of-fold and validation.

    Test is left out: labels mended where the model objects would favour the model.
    """
    import pandas as pd

    predictions = run.predictions
    every = pd.concat([run.out_of_fold, predictions[predictions["split"] == "validation"]], ignore_index=True)
    return every[every["split"] != "test"].drop_duplicates("statement_id").reset_index(drop=True)


def suspects(frame: pd.DataFrame, codebook: Codebook, axis: Doubted = "joint") -> pd.DataFrame:
    """Rank the labels that are likely to be wrong, the least believed first.

    A label is suspected by confident learning (Northcutt, Jiang & Chuang, *Confident learning*, JAIR 2021): the model
    believes it less than it believes that label on average, predicts another, and believes some other label at least as
    much as it does on average where that is given. Jointly, either axis may raise the suspicion.

    Parameters
    ----------
    frame : DataFrame
        Predictions by a model that did not learn from these labels, with the columns of ``out_of_fold.jsonl``.
    codebook : Codebook
        Gives the labels.
    axis : {"joint", "motive", "stance"}
        What may be wrong.

    Returns
    -------
    DataFrame
        ``statement_id, article_id, collection, split, start, end``, the labels ``given_<axis>`` and
        ``suggested_<axis>`` (the predicted ones) and ``self_confidence``, see there.

    Raises
    ------
    ValueError
        If a statement is of the test split, whose labels no model may touch.
    """
    if (frame["split"] == "test").any():
        raise ValueError("labels of the test split are not reviewed by a model's predictions; see `reviewable`")
    axes = codebook.axes if axis == "joint" else [axis]
    doubted = np.any([_doubted(frame, codebook, each) for each in axes], axis=0)
    given = {f"given_{each}": frame[each] for each in codebook.axes}
    suggested = {f"suggested_{each}": frame[f"predicted_{each}"] for each in codebook.axes}
    ranked = frame[PLACE].assign(**given, **suggested, self_confidence=self_confidence(frame, codebook, axis))
    return ranked[doubted].sort_values(["self_confidence", "statement_id"], kind="stable", ignore_index=True)


def self_confidence(frame: pd.DataFrame, codebook: Codebook, axis: Doubted = "joint") -> Floats:
    """Calibrated proba of each statement's given label, shape (n,); jointly, of motive and stance.

    Jointly it is the product of both, and for the null motive, which always brings the null stance, its proba alone.
    """
    if axis != "joint":
        proba, given = _given(frame, codebook, axis)
        return np.asarray(proba[np.arange(len(frame)), given])
    motive, stance = (self_confidence(frame, codebook, each) for each in ("motive", "stance"))
    null = (frame["motive"] == codebook.null_label("motive")).to_numpy()
    return np.where(null, motive, motive * stance)


def _doubted(frame: pd.DataFrame, codebook: Codebook, axis: str) -> NDArray[np.bool_]:
    proba, given = _given(frame, codebook, axis)
    rows, labels = np.arange(len(frame)), np.arange(proba.shape[1])
    means = np.array([proba[given == label, label].mean() if (given == label).any() else np.inf for label in labels])
    others = (proba >= means) & (labels != given[:, None])
    predicted = (frame[f"predicted_{axis}"] != frame[axis]).to_numpy()
    return np.asarray(predicted & (proba[rows, given] < means[given]) & others.any(axis=1))


def _given(frame: pd.DataFrame, codebook: Codebook, axis: str) -> tuple[Floats, NDArray[np.intp]]:
    """Proba of every label, shape (n, n_labels), and the column of the given one."""
    labels = codebook.labels(axis)
    proba = frame[[f"proba_{axis}_{label}" for label in labels]].to_numpy(dtype=float)
    given = frame[axis].map({label: at for at, label in enumerate(labels)})
    return np.asarray(proba), np.asarray(given, dtype=np.intp)


def votes_of(annotations: Sequence[Annotation]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return statement id → annotator → (motive, stance), in the order of the file."""
    votes: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for each in annotations:
        votes[each.statement_id][each.annotator] = (each.motive, each.stance)
    return dict(votes)


def disputed(annotations: Sequence[Annotation], frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the predicted statements whose annotators disagree on a label, in the order of the predictions.

    Parameters
    ----------
    annotations : sequence of Annotation
        Of any collections.
    frame : DataFrame
        With the columns of ``predictions.jsonl``.
    codebook : Codebook
        Gives the rule of consensus its null labels.

    Returns
    -------
    DataFrame
        ``statement_id, article_id, collection, split, start, end``; ``votes``, a dict of annotator to "motive/stance";
        ``consensus``; ``label``, the one in force, which differs where a later ruling revised it; ``predicted``, and
        its ``joint_proba``.
    """
    votes = votes_of(annotations)
    labels_of = consensus(annotations, codebook)
    split = frame["statement_id"].map(lambda id_: len(set(votes.get(id_, {}).values())) > 1).astype(bool)
    rows = frame[split]
    columns: dict[str, list[Any]] = {
        "votes": [{name: "/".join(labels) for name, labels in votes[id_].items()} for id_ in rows["statement_id"]],
        "consensus": ["/".join(labels_of[id_]) for id_ in rows["statement_id"]],
        "label": list(rows["motive"] + "/" + rows["stance"]),
        "predicted": list(rows["predicted_motive"] + "/" + rows["predicted_stance"]),
        "joint_proba": list(rows["joint_proba"]),
    }
    return rows[PLACE].assign(**columns).reset_index(drop=True)
