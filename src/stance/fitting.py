"""Fitting an experiment's classifier: trained on all, calibrated out of fold, and what it then predicts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.classifier import Scores, TwoAxisClassifier, label_codes, stance_toward_gold
from stance.config import ExperimentConfig
from stance.decision import fit_temperature
from stance.domain import Domain, lowest_of_domain, windows
from stance.errors import CorpusError
from stance.experiment import Experiment
from stance.metrics import DIGITS
from stance.models import make_classifier
from stance.splits import grouped_folds, near_duplicate_clusters
from stance.teacher import Teacher
from stance.weights import counted, weigh
from stance.work import Steps, Work

if TYPE_CHECKING:
    import pandas as pd

KEPT = (  # of the corpus, in the predictions
    "statement_id", "article_id", "collection", "split", "fold", "batch", "start", "end", "outlet", "year", "genre",
    "quote", "words", "hedged", "headed", "agreed", "motive", "stance",
)  # fmt: skip


@dataclass(frozen=True)
class Fitted:
    """A trained and calibrated classifier, what it learned from, and predictions of what it did not learn from."""

    classifier: TwoAxisClassifier
    train: pd.DataFrame
    out_of_fold: pd.DataFrame


def evaluated_statements(experiment: Experiment) -> pd.DataFrame:
    """Return the labeled statements to predict, by collection and split as the config names them.

    Raises
    ------
    CorpusError
        If none has its text here.
    """
    data = experiment.config.data
    evaluated = _part(experiment.frame, data.evaluate, data.splits)
    if evaluated.empty:
        named = f"{', '.join(data.evaluate)} ({', '.join(data.splits)})"
        rule = f"data.evaluate: no statement of {named} has its text here"
        remedy = "Name the folder of their text by --texts DIR, or others."
        raise CorpusError(rule, where=experiment.config.name, remedy=remedy)
    return evaluated


def fit_experiment(experiment: Experiment, steps: Steps) -> Fitted:
    """Calibrate a classifier out of fold, or on validation where there are no folds, and train it on all.

    Out of fold stand, beside the training statements, the train splits of evaluated collections that do not train: they
    are predicted by the whole model, which saw nothing of them either.

    Raises
    ------
    CorpusError
        If no training statement has its text here, or there is too little to learn from.
    """
    import pandas as pd

    config, frame = experiment.config, experiment.frame
    train = _part(frame, config.data.train, config.data.train_splits)
    if train.empty:
        remedy = "Name the folder of their text by --texts DIR, or train on other collections."
        rule = f"data.train: no statement of {', '.join(config.data.train)} has its text here"
        raise CorpusError(rule, where=config.name, remedy=remedy)
    train = weigh(train, config.data, experiment.contested, config.seed)
    teacher = experiment.teacher
    classifier = make_classifier(config, experiment.codebook)
    work = Work(steps.within, experiment.output / f".{experiment.run_name}.work")
    out_of_fold = [_calibrate(classifier, train, teacher, config, config.folds, steps)] if config.folds else []
    steps("training on the whole train split")
    classifier.fit(teacher.beside(counted(train)) if teacher else counted(train), work)
    shutil.rmtree(work.folder, ignore_errors=True)
    if not config.folds:
        _calibrate_on(classifier, train, _part(frame, config.data.train, ("validation",)), config)
    unseen = _part(frame, [name for name in config.data.evaluate if name not in config.data.train], ("train",))
    # No fold held these out; None rather than NaN, which is no JSON and would make the other folds fractions.
    parts = [*out_of_fold, predict_frame(classifier, unseen.assign(fold=None), config)]
    return Fitted(classifier, train, pd.concat(parts, ignore_index=True))


def _part(frame: pd.DataFrame, collections: Sequence[str], splits: Sequence[str]) -> pd.DataFrame:
    """Rows of some collections and splits, in the order these are named in."""
    import pandas as pd

    parts = [frame[(frame["collection"] == c) & (frame["split"] == s)] for c in collections for s in splits]
    parts = parts or [frame[:0]]
    return pd.concat(parts, ignore_index=True)


def _calibrate(
    classifier: TwoAxisClassifier,
    train: pd.DataFrame,
    teacher: Teacher | None,
    config: ExperimentConfig,
    n_folds: int,
    steps: Steps,
) -> pd.DataFrame:
    """Set the classifier's temperatures by held-out scores, and return its out-of-fold predictions.

    Folds are cut by article and near-duplicates stay together, so no proba comes from a model that saw the article. A
    teacher did see it, though none of its labels on that article are learned from: with one, these scores flatter.
    """
    whole = train.groupby("article_id", sort=True)["text"].agg(" ".join)
    cluster_of = dict(zip(whole.index, near_duplicate_clusters(list(whole)), strict=True))
    folds = grouped_folds(train.assign(cluster=train["article_id"].map(cluster_of)), n_folds, config.seed)
    codebook = classifier.codebook
    known, domain, fold = np.zeros(len(train)), np.zeros(len(train)), np.zeros(len(train), dtype=int)
    n_motives, n_stances = (len(codebook.labels(axis)) for axis in codebook.axes)
    scores = {"motive": np.zeros((len(train), n_motives)), "stance": np.zeros((len(train), n_motives, n_stances))}
    for number, held_out in enumerate(folds, 1):
        steps(f"fold {number} of {len(folds)}")
        fold[held_out] = number
        rest = np.setdiff1d(np.arange(len(train)), held_out)
        gold = counted(train.iloc[rest])
        articles = set(train["article_id"].iloc[held_out])
        model = classifier.unfitted().fit(teacher.beside(gold, articles) if teacher else gold)
        for axis, part in model.scores(train.iloc[held_out]).items():
            scores[axis][held_out] = part
        known[held_out] = model.coverage(list(train["text"].iloc[held_out]))
        domain[held_out] = Domain.fit(list(train["text"].iloc[rest])).scores(windows(train.iloc[held_out]))
    set_temperature(classifier, scores, train)
    threshold = lowest_of_domain(domain, list(train["collection"]), config.decision.false_flags)
    classifier.domain = replace(Domain.fit(list(train["text"])), threshold=threshold)
    return cross_fitted(classifier, train.assign(fold=fold), scores, folds).assign(
        out_of_domain=(known < config.decision.min_coverage) | (domain < threshold)
    )


def _calibrate_on(
    classifier: TwoAxisClassifier, train: pd.DataFrame, validation: pd.DataFrame, config: ExperimentConfig
) -> None:
    """Set the temperatures of a trained classifier, and what is out of domain, by a validation split it never saw."""
    set_temperature(classifier, classifier.scores(validation), validation)
    domain = Domain.fit(list(train["text"]))
    scores = domain.scores(windows(validation))
    threshold = lowest_of_domain(scores, list(validation["collection"]), config.decision.false_flags)
    classifier.domain = replace(domain, threshold=threshold)


def cross_fitted(
    classifier: TwoAxisClassifier, train: pd.DataFrame, scores: Scores, folds: Sequence[Any]
) -> pd.DataFrame:
    """Decide out-of-fold scores, each fold under the temperatures of the others, so that none scores what it fitted."""
    import pandas as pd

    parts = []
    for held_out in folds:
        rest = np.setdiff1d(np.arange(len(train)), held_out)
        twin = classifier.unfitted()
        set_temperature(twin, {axis: part[rest] for axis, part in scores.items()}, train.iloc[rest])
        part = {axis: each[held_out] for axis, each in scores.items()}
        parts.append(_with_decision(train.iloc[held_out], twin, part))
    return pd.concat(parts).sort_index()


def set_temperature(classifier: TwoAxisClassifier, scores: Scores, frame: pd.DataFrame) -> None:
    """Fit each axis's temperature on scores of statements that the classifier's like was not trained on."""
    codebook = classifier.codebook
    toward_gold = {"motive": scores["motive"], "stance": stance_toward_gold(scores["stance"], frame, codebook)}
    for axis in codebook.axes:
        rows = np.flatnonzero(classifier.learns_from(frame, axis))
        gold = label_codes(frame, axis, codebook)
        classifier.temperature[axis] = round(fit_temperature(toward_gold[axis][rows], gold[rows]), DIGITS)


def predict_frame(classifier: TwoAxisClassifier, frame: pd.DataFrame, config: ExperimentConfig) -> pd.DataFrame:
    """Predict labeled statements; the columns are those of ``predictions.jsonl``."""
    flagged = classifier.outside(list(frame["text"]), windows(frame), config.decision.min_coverage)
    return _with_decision(frame, classifier, classifier.scores(frame)).assign(out_of_domain=flagged)


def _with_decision(frame: pd.DataFrame, classifier: TwoAxisClassifier, scores: Scores) -> pd.DataFrame:
    codebook, decision = classifier.codebook, classifier.decide(scores)
    uncalibrated = classifier.unfitted().decide(scores)  # no temperature
    out = frame[[name for name in KEPT if name in frame]].assign(
        predicted_motive=decision.motive,
        predicted_stance=decision.stance,
        motive_proba=decision.motive_proba.round(DIGITS),
        stance_proba=decision.stance_proba.round(DIGITS),
        joint_proba=decision.joint_proba.round(DIGITS),
        motive_proba_uncalibrated=uncalibrated.motive_proba.round(DIGITS),
        stance_proba_uncalibrated=uncalibrated.stance_proba.round(DIGITS),
    )
    for axis in codebook.axes:
        for column, label in enumerate(codebook.labels(axis)):
            out[f"proba_{axis}_{label}"] = decision.proba[axis][:, column].round(DIGITS)
    return out
