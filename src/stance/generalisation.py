"""How a recipe does on outlets it never saw, and on news later than all it learned from, beside articles it never saw.

A test by article asks for new articles of outlets and years that the training data knows. Whoever reads another outlet,
or tomorrow's news, should expect less (Gorman & Bedrick, ACL 2019; Lazaridou et al., NeurIPS 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stance.config import ExperimentConfig
from stance.corpus import TRAINING_ONLY_BATCHES, read_scheme
from stance.evaluation import score_headline
from stance.experiment import Experiment
from stance.models import make_classifier
from stance.weights import counted, weigh

if TYPE_CHECKING:
    import pandas as pd


def generalisation(experiment: Experiment, step: Callable[[str], None] | None = None) -> list[dict[str, Any]]:
    """Train an experiment's classifier once for each way to split, and score it on that split's test statements.

    All are trained without a teacher, which has seen every outlet and date, the split by article included: so the
    differences are those of the splits. The classifiers are not calibrated, which moves no label.

    Parameters
    ----------
    experiment : Experiment
        Nothing is trained where it has no `schemes`.
    step : callable, optional
        Called with what is being done, before each training.

    Returns
    -------
    list of dict
        ``split_by``, ``collection``, ``n_train``, ``n_statements``, ``n_articles`` and ``headline``, by article first.

    Raises
    ------
    CorpusError
        If the project has no such splits.
    """
    rows = []
    for scheme in schemes(experiment.config):
        if step:
            step(f"holding out by {scheme}")
        rows += _scores(experiment, scheme)
    return rows


def schemes(config: ExperimentConfig) -> tuple[str, ...]:
    """Ways to split, by article first; none where ``data.also_split_by`` names none, or test is not to be predicted."""
    also = config.data.also_split_by
    return ("article", *also) if also and "test" in config.data.splits else ()


def _scores(experiment: Experiment, scheme: str) -> list[dict[str, Any]]:
    config, frame = experiment.config, experiment.corpus.frame
    if scheme != "article":
        frame = split_anew(frame, read_scheme(experiment.data, scheme))
    train = frame[frame["collection"].isin(config.data.train) & frame["split"].isin(config.data.train_splits)]
    train = counted(weigh(train.reset_index(drop=True), config.data, experiment.contested, config.seed))
    classifier = make_classifier(config, experiment.codebook).fit(train)
    rows = []
    for collection in config.data.evaluate:
        test = frame[frame["collection"].eq(collection) & frame["split"].eq("test")]
        if test.empty:
            continue
        decision = classifier.decide(classifier.scores(test))
        predicted = test.assign(predicted_motive=decision.motive, predicted_stance=decision.stance)
        rows.append(
            {
                "split_by": scheme,
                "collection": collection,
                "n_train": len(train),
                "n_statements": len(test),
                "n_articles": int(test["article_id"].nunique()),
                "headline": score_headline(predicted, experiment.codebook, seed=config.seed),
            }
        )
    return rows


def split_anew(frame: pd.DataFrame, split_of: dict[str, str]) -> pd.DataFrame:
    """Return the statements of articles that have a split, under that split.

    Statements of training-only batches that would fall into validation or test are left out.
    """
    anew = frame.assign(split=frame["article_id"].map(split_of)).dropna(subset="split")
    return anew[anew["split"].eq("train") | ~anew["batch"].isin(TRAINING_ONLY_BATCHES)]
