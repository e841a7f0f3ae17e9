"""Train: a config in, a run directory out."""

from __future__ import annotations

import platform
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.ceiling import ceiling, read_all_annotations
from stance.checks import run_checks
from stance.classifier import Scores, TwoAxisClassifier, label_codes, stance_toward_gold
from stance.codebook import Codebook
from stance.config import ExperimentConfig, KeywordConfig, MajorityConfig, ModelConfig
from stance.corpus import OWN, count_labels
from stance.decision import fit_temperature, statuses
from stance.domain import Domain, lowest_of_domain, windows
from stance.errors import CorpusError
from stance.evaluation import evaluate
from stance.experiment import Experiment, prepare
from stance.generalisation import generalisation, schemes
from stance.model_card import render_model_card
from stance.models import make_baseline, make_classifier
from stance.openings import record_openings
from stance.persist import save_model
from stance.probes import run_probes
from stance.reliability import choose_abstention, reliability
from stance.run_facts import RunFacts
from stance.runs import (
    CONFIG,
    CONTEXT,
    FORMAT,
    MANIFEST,
    METRICS,
    MODEL,
    MODEL_CARD,
    OUT_OF_FOLD,
    PREDICTIONS,
    REPORT_HTML,
    REPORT_MD,
    SPLITS,
    Run,
    load_run,
    statements_hash,
)
from stance.slices import score_slices
from stance.splits import grouped_folds, near_duplicate_clusters
from stance.storage import to_json, whole_directory, write_jsonl, write_text
from stance.teacher import Teacher
from stance.weights import counted, weigh
from stance.work import Progress, Work

if TYPE_CHECKING:
    import pandas as pd

BASELINES: dict[str, ModelConfig] = {
    "majority": MajorityConfig(name="majority.v1"),
    "keyword": KeywordConfig(name="keyword.v1"),
}
PACKAGES = ("stance", "scikit-learn", "numpy", "scipy", "pandas", "skops", "trafilatura")
KEPT = (  # of the corpus, in the predictions
    "statement_id", "article_id", "collection", "split", "fold", "batch", "start", "end", "outlet", "year", "genre",
    "quote", "words", "hedged", "headed", "agreed", "motive", "stance",
)  # fmt: skip
DIGITS = 6  # of a proba in the predictions: enough for any reader, few enough to be the same bytes on every machine


@dataclass(frozen=True)
class Fitted:
    """A trained and calibrated classifier, what it learned from, and predictions of what it did not learn from."""

    classifier: TwoAxisClassifier
    train: pd.DataFrame
    out_of_fold: pd.DataFrame


def run_experiment(
    config: Path | str,
    *,
    overrides: Sequence[str] = (),
    texts: Path | str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Train the experiment that a config file describes, evaluate it, and write its run directory whole.

    Parameters
    ----------
    config : path
        See `stance.config.load_config`.
    overrides : sequence of str
        ``key=value`` with dotted keys.
    texts : path, optional
        The folder that holds the text of others; then ``data.texts``, then ``$STANCE_TEXTS``.
    progress : callable, optional
        Called with (what is being done, steps done, steps in all); 0 in all while that is not known yet.

    Returns
    -------
    Run
        Same config, data and seed give byte-equal ``metrics.json`` and ``predictions.jsonl``.

    Raises
    ------
    ConfigError, CodebookError, CorpusError
        If the config or the data break a rule; nothing is written then.
    """
    started = time.monotonic()
    steps = Steps(progress)
    steps("reading the corpus", 0)
    experiment = prepare(Path(config), overrides, texts)
    return run_prepared(experiment, steps.of(n_steps(experiment.config)), started)


class Steps:
    """Counts steps for a progress display; how many there are is known once the config is read."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.total, self.done, self.prefix = progress, 0, 0, ""

    def of(self, total: int) -> Steps:
        """Set how many steps there are."""
        self.total = total
        return self

    def prefixed(self, prefix: str) -> Steps:
        """Say ahead, from here on, what the steps are of."""
        self.prefix = f"{prefix}: "
        return self

    def __call__(self, what: str, advance: int = 1) -> None:
        """Say what is being done, ``advance`` steps further on."""
        self.done += advance
        self.within(what, self.done, self.total)

    def within(self, what: str, done: int, total: int) -> None:
        """Tell how far one step is that takes minutes; the count of steps stays."""
        if self.progress:
            self.progress(f"{self.prefix}{what}", done, total)


def n_steps(config: ExperimentConfig) -> int:
    """How many steps `run_prepared` takes."""
    return (config.folds or 0) + 4 + len(schemes(config))


def run_prepared(experiment: Experiment, steps: Steps, started: float) -> Run:
    """Train and evaluate an experiment, and write its run directory; see `run_experiment`."""
    config, corpus, codebook = experiment.config, experiment.corpus, experiment.codebook
    evaluated = evaluated_statements(experiment)
    fitted = fit_experiment(experiment, steps)
    train = counted(fitted.train)
    predictions = predict_frame(fitted.classifier, evaluated, config)
    steps("training the baselines")
    baselines: dict[str, pd.DataFrame] = {
        name: predict_frame(make_baseline(BASELINES[name], codebook).fit(train), evaluated, config)
        for name in config.baselines
    }
    elsewhere = generalisation(experiment, steps)
    steps("resampling for intervals")
    abstention = _abstention(config, predictions, fitted.out_of_fold, codebook)
    predictions, out_of_fold = (
        _with_status(each, abstention["abstain_below"]) for each in (predictions, fitted.out_of_fold)
    )
    decision = config.decision.model_copy(update={"abstain_below": abstention["abstain_below"]})
    metrics = _metrics(experiment, train, predictions, baselines)
    metrics |= {"generalisation": elsewhere, "decision": abstention}
    if experiment.probes:
        metrics["probes"] = run_probes(fitted.classifier, experiment.probes, codebook)
    if len(out_of_fold):
        metrics["out_of_fold"] = {"n_statements": len(out_of_fold)} | reliability(out_of_fold, codebook)
    steps("writing the report")
    path = experiment.output / experiment.run_name
    record_openings(experiment.output, path.name, predictions)
    with whole_directory(path) as folder:
        write_text(folder / CONFIG, config.to_yaml())
        write_jsonl(folder / PREDICTIONS, _records(predictions, corpus.rows))
        if len(out_of_fold):
            write_jsonl(folder / OUT_OF_FOLD, _records(out_of_fold, corpus.rows))
        write_text(folder / METRICS, to_json(metrics, indent=1) + "\n")
        write_text(folder / SPLITS, to_json(_splits(corpus.frame), indent=1) + "\n")
        save_model(folder / MODEL, config.name, fitted.classifier, decision)
        manifest = _manifest(experiment, path.name, time.monotonic() - started)
        write_text(folder / MANIFEST, to_json(manifest, indent=1) + "\n")
        checks = [outcome.to_dict() for outcome in run_checks(RunFacts.of(load_run(folder), experiment.texts))]
        write_text(folder / METRICS, to_json(metrics | {"checks": checks}, indent=1) + "\n")
        write_text(folder / MODEL_CARD, render_model_card(load_run(folder)))
        report = load_run(folder).report()
        write_text(folder / REPORT_MD, report.markdown())
        write_text(folder / REPORT_HTML, report.html())
    return load_run(path)


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


def _abstention(
    config: ExperimentConfig, predictions: pd.DataFrame, out_of_fold: pd.DataFrame, codebook: Codebook
) -> dict[str, Any]:
    """Return where to abstain, and by what that was chosen."""
    named = config.decision
    if named.abstain_below is not None or named.precision is None:
        return {"abstain_below": named.abstain_below or 0.0, "chosen_on": None}
    first = next(name for name in config.data.evaluate if name in set(predictions["collection"]))
    found = choose_abstention(predictions, out_of_fold, first, named.precision, codebook)
    if found is None:
        return {"abstain_below": 0.0, "chosen_on": None}
    chosen, where = found
    return {
        "abstain_below": round(chosen.abstain_below, DIGITS),
        "chosen_on": where,
        "aim": chosen.aim,
        "precision": round(chosen.precision, DIGITS),
        "missed_by": round(chosen.missed_by, DIGITS),
        "kept": chosen.kept,
        "statements": chosen.statements,
    }


def _with_status(frame: pd.DataFrame, abstain_below: float) -> pd.DataFrame:
    """Put the status in the place of the flag, after the proba of what was predicted."""
    status = statuses(frame["joint_proba"].to_numpy(), list(frame["out_of_domain"]), abstain_below)
    frame = frame.drop(columns="out_of_domain")
    frame.insert(list(frame.columns).index("joint_proba") + 1, "status", status)
    return frame


def _metrics(
    experiment: Experiment, train: pd.DataFrame, predictions: pd.DataFrame, baselines: dict[str, pd.DataFrame]
) -> dict[str, Any]:
    config, corpus, codebook = experiment.config, experiment.corpus, experiment.codebook
    evaluations = []
    for collection in config.data.evaluate:
        for split in config.data.splits:
            rows = (predictions["collection"] == collection) & (predictions["split"] == split)
            if not rows.any():
                continue
            beside = {name: frame[rows] for name, frame in baselines.items()}
            scores = evaluate(predictions[rows], codebook, seed=config.seed, baselines=beside)
            scores |= reliability(predictions[rows], codebook, seed=config.seed)
            annotations = read_all_annotations(experiment.data, collection, codebook)
            scores["slices"] = score_slices(predictions[rows], codebook, seed=config.seed)
            scores["ceiling"] = ceiling(predictions[rows], annotations, codebook, seed=config.seed)
            scores["statements_hash"] = statements_hash(predictions[rows].to_dict("records"))
            evaluations.append({"collection": collection, "split": split} | scores)
    evaluations.sort(key=lambda each: config.data.splits.index(each["split"]))
    data = {
        "collections": [
            {
                "name": c.name,
                "statements": c.statements,
                "resolved": c.resolved,
                "left_out": c.left_out,
                "reason": c.reason,
            }
            for c in (*corpus.collections, *([experiment.teacher.state] if experiment.teacher else []))
        ],
        "train": count_labels(train, codebook),
        "evaluated": count_labels(predictions, codebook),
        "splits": {"hash": corpus.split_hash},
    }
    return {"format": FORMAT, "data": data, "evaluations": evaluations}


def _records(frame: pd.DataFrame, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows for a file; what may be shown of the project's own statements goes along: a run can be moved."""
    own = {row["statement_id"]: {key: row[key] for key in CONTEXT} for row in rows if row["collection"] == OWN}
    records = [{str(key): value for key, value in row.items()} for row in frame.to_dict(orient="records")]
    return [row | own.get(row["statement_id"], {}) for row in records]


def _splits(frame: pd.DataFrame) -> dict[str, str]:
    return dict(sorted(set(zip(frame["article_id"], frame["split"], strict=True))))


def _manifest(experiment: Experiment, name: str, seconds: float) -> dict[str, Any]:
    config, corpus, codebook = experiment.config, experiment.corpus, experiment.codebook
    return {
        "format": FORMAT,
        "run": name,
        "name": config.name,
        "description": config.description,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "duration_seconds": round(seconds, 1),
        **commit_state(experiment.data),
        "seed": config.seed,
        "data_fingerprint": corpus.fingerprint,
        "split_hash": corpus.split_hash,
        "codebook": {"name": codebook.name, "version": codebook.version},
        "versions": {"python": platform.python_version()} | {package: version(package) for package in PACKAGES},
    }


def commit_state(folder: Path) -> dict[str, Any]:
    """Commit of the project and whether it had changes; None outside a git checkout."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain", "--untracked-files=no"))}
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "dirty": None}
