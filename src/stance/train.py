"""Train: a config in, a run directory out."""

from __future__ import annotations

import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.classifier import Scores, TwoAxisClassifier, label_codes, stance_toward_gold
from stance.codebook import Codebook, load_codebook
from stance.config import ExperimentConfig, KeywordConfig, MajorityConfig, ModelConfig, find_upwards, load_config
from stance.corpus import OWN, Corpus, count_labels, load_corpus, texts_folder
from stance.decision import Decision, fit_temperature, statuses
from stance.errors import ConfigError, CorpusError
from stance.metrics import evaluate
from stance.models import make_baseline, make_classifier
from stance.persist import save_model
from stance.report import build_report, render_html, render_markdown
from stance.runs import (
    CONFIG,
    FORMAT,
    MANIFEST,
    METRICS,
    MODEL,
    OUT_OF_FOLD,
    PREDICTIONS,
    REPORT_HTML,
    REPORT_MD,
    SPLITS,
    Run,
    load_run,
)
from stance.splits import grouped_folds, near_duplicate_clusters
from stance.storage import sha256, to_json, whole_directory, write_jsonl, write_text

if TYPE_CHECKING:
    import pandas as pd

BASELINES: dict[str, ModelConfig] = {
    "majority": MajorityConfig(name="majority.v1"),
    "keyword": KeywordConfig(name="keyword.v1"),
}
PACKAGES = ("stance", "scikit-learn", "numpy", "scipy", "pandas", "skops", "trafilatura")
DIGITS = 6  # of a proba in the predictions: enough for any reader, few enough to be the same bytes on every machine

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Experiment:
    """A resolved config with the corpus and codebook it names, and the folder its run directory goes to."""

    config: ExperimentConfig
    corpus: Corpus
    codebook: Codebook
    output: Path

    @property
    def run_name(self) -> str:
        """``<name>-<hash8>``: one name for one config on one state of the data."""
        made_of = [self.config.model_dump(mode="json"), self.corpus.fingerprint, self.codebook.to_dict()]
        return f"{self.config.name}-{sha256(to_json(made_of))[:8]}"


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
    steps = _Steps(progress)
    steps("reading the corpus", 0)
    experiment = prepare(Path(config), overrides, texts)
    total = experiment.config.folds + 4
    return _run(experiment, commit_state(Path(config).resolve().parent), steps.of(total), started)


def prepare(path: Path, overrides: Sequence[str] = (), texts: Path | str | None = None) -> Experiment:
    """Resolve a config and load its codebook and corpus."""
    config = load_config(path, overrides)
    data = find_upwards(config.data.root, path.resolve().parent)
    if data is None:
        rule = f"data.root: no folder {config.data.root!r} here or in a folder above"
        raise ConfigError(rule, where=path, remedy="Name the project's data folder by --set data.root=DIR.")
    codebook = load_codebook(_codebook_file(config.data.codebook, path))
    collections = tuple(dict.fromkeys((*config.data.train, *config.data.evaluate)))
    folder = texts_folder(texts or config.data.texts)
    corpus = load_corpus(data, codebook, texts=folder, collections=collections, split_by=config.data.split_by)
    # Where the texts lie is a fact of this machine, not of the experiment.
    config = config.model_copy(update={"data": config.data.model_copy(update={"texts": None})})
    return Experiment(config, corpus, codebook, data.resolve().parent / config.output)


def _codebook_file(named: str | None, config: Path) -> Path | None:
    """Find a codebook as the data folder is found: from the config's folder upwards."""
    return None if named is None else find_upwards(named, config.resolve().parent) or Path(named)


class _Steps:
    """Counts steps for a progress display; how many there are is known once the config is read."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.total, self.done = progress, 0, 0

    def of(self, total: int) -> _Steps:
        self.total = total
        return self

    def __call__(self, what: str, advance: int = 1) -> None:
        self.done += advance
        if self.progress:
            self.progress(what, self.done, self.total)


def _run(experiment: Experiment, commit: dict[str, Any], steps: _Steps, started: float) -> Run:
    config, corpus, codebook = experiment.config, experiment.corpus, experiment.codebook
    frame = corpus.frame
    train = _part(frame, config.data.train, ("train",))
    if train.empty:
        remedy = "Name the folder of their text by --texts DIR, or train on other collections."
        rule = f"data.train: no statement of {', '.join(config.data.train)} has its text here"
        raise CorpusError(rule, where=config.name, remedy=remedy)
    evaluated = _part(frame, config.data.evaluate, config.data.splits)
    if evaluated.empty:
        named = f"{', '.join(config.data.evaluate)} ({', '.join(config.data.splits)})"
        rule = f"data.evaluate: no statement of {named} has its text here"
        raise CorpusError(rule, where=config.name, remedy="Name the folder of their text by --texts DIR, or others.")
    classifier = make_classifier(config, codebook)
    out_of_fold = _calibrate(classifier, train, config, steps)
    steps("training on the whole train split")
    classifier.fit(train)
    predictions = predict_frame(classifier, evaluated, config)
    steps("training the baselines")
    baselines: dict[str, pd.DataFrame] = {
        name: predict_frame(make_baseline(BASELINES[name], codebook).fit(train), evaluated, config)
        for name in config.baselines
    }
    steps("resampling for intervals")
    metrics = _metrics(experiment, train, predictions, baselines)
    steps("writing the report")
    path = experiment.output / experiment.run_name
    own = {row["statement_id"]: row["text"] for row in corpus.rows if row["collection"] == OWN}
    with whole_directory(path) as folder:
        write_text(folder / CONFIG, config.to_yaml())
        write_jsonl(folder / PREDICTIONS, _records(predictions, own))
        write_jsonl(folder / OUT_OF_FOLD, _records(out_of_fold, own))
        write_text(folder / METRICS, to_json(metrics, indent=1) + "\n")
        write_text(folder / SPLITS, to_json(_splits(frame), indent=1) + "\n")
        save_model(folder / MODEL, config.name, classifier, config.decision)
        manifest = _manifest(experiment, path.name, commit, time.monotonic() - started)
        write_text(folder / MANIFEST, to_json(manifest, indent=1) + "\n")
        report = build_report(load_run(folder), texts=own)
        write_text(folder / REPORT_MD, render_markdown(report))
        write_text(folder / REPORT_HTML, render_html(report))
    return load_run(path)


def _part(frame: pd.DataFrame, collections: Sequence[str], splits: Sequence[str]) -> pd.DataFrame:
    """Rows of some collections and splits, in the order these are named in."""
    import pandas as pd

    parts = [frame[(frame["collection"] == c) & (frame["split"] == s)] for c in collections for s in splits]
    return pd.concat(parts, ignore_index=True)


def _calibrate(
    classifier: TwoAxisClassifier, train: pd.DataFrame, config: ExperimentConfig, steps: _Steps
) -> pd.DataFrame:
    """Set the classifier's temperatures by held-out scores, and return its out-of-fold predictions.

    Folds are cut by article and near-duplicates stay together, so no proba comes from a model that saw the article.
    """
    whole = train.groupby("article_id", sort=True)["text"].agg(" ".join)
    cluster_of = dict(zip(whole.index, near_duplicate_clusters(list(whole)), strict=True))
    folds = grouped_folds(train.assign(cluster=train["article_id"].map(cluster_of)), config.folds, config.seed)
    codebook = classifier.codebook
    known = np.zeros(len(train))
    n_motives, n_stances = (len(codebook.labels(axis)) for axis in codebook.axes)
    scores = {"motive": np.zeros((len(train), n_motives)), "stance": np.zeros((len(train), n_motives, n_stances))}
    for number, held_out in enumerate(folds, 1):
        steps(f"fold {number} of {len(folds)}")
        rest = np.setdiff1d(np.arange(len(train)), held_out)
        model = classifier.unfitted().fit(train.iloc[rest])
        for axis, part in model.scores(train.iloc[held_out]).items():
            scores[axis][held_out] = part
        known[held_out] = model.coverage(list(train["text"].iloc[held_out]))
    set_temperature(classifier, scores, train)
    return _with_decision(train, classifier.decide(scores), list(known), config, codebook)


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
    decision = classifier.decide(classifier.scores(frame))
    known = classifier.coverage(list(frame["text"]))
    return _with_decision(frame, decision, known, config, classifier.codebook)


def _with_decision(
    frame: pd.DataFrame, decision: Decision, known: list[float], config: ExperimentConfig, codebook: Codebook
) -> pd.DataFrame:
    columns = ["statement_id", "article_id", "collection", "split", "start", "end", "motive", "stance"]
    out = frame[columns].assign(
        predicted_motive=decision.motive,
        predicted_stance=decision.stance,
        motive_proba=decision.motive_proba.round(DIGITS),
        stance_proba=decision.stance_proba.round(DIGITS),
        status=statuses(decision.motive_proba, known, **config.decision.model_dump()),
    )
    for axis in codebook.axes:
        for column, label in enumerate(codebook.labels(axis)):
            out[f"proba_{axis}_{label}"] = decision.proba[axis][:, column].round(DIGITS)
    return out


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
            for c in corpus.collections
        ],
        "train": count_labels(train, codebook),
        "evaluated": count_labels(predictions, codebook),
        "splits": {"hash": corpus.split_hash},
    }
    return {"format": FORMAT, "data": data, "evaluations": evaluations}


def _records(frame: pd.DataFrame, own: dict[str, str]) -> list[dict[str, Any]]:
    """Return rows for a file; the text of the project's own statements goes with them, so that a run can be moved."""
    records = [{str(key): value for key, value in row.items()} for row in frame.to_dict(orient="records")]
    return [row | ({"text": own[row["statement_id"]]} if row["statement_id"] in own else {}) for row in records]


def _splits(frame: pd.DataFrame) -> dict[str, str]:
    return dict(sorted(set(zip(frame["article_id"], frame["split"], strict=True))))


def _manifest(experiment: Experiment, name: str, commit: dict[str, Any], seconds: float) -> dict[str, Any]:
    config, corpus, codebook = experiment.config, experiment.corpus, experiment.codebook
    return {
        "format": FORMAT,
        "run": name,
        "name": config.name,
        "description": config.description,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "duration_seconds": round(seconds, 1),
        **commit,
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
