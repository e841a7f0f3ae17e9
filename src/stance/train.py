"""Train: a config in, a run directory out."""

from __future__ import annotations

import platform
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.annotations import read_all_annotations
from stance.ceiling import ceiling
from stance.checks import run_checks
from stance.classifier import FIELDS
from stance.codebook import Codebook
from stance.config import ExperimentConfig, KeywordConfig, MajorityConfig, ModelConfig
from stance.corpus import OWN, count_labels
from stance.decision import statuses
from stance.error_rates import ErrorRates
from stance.evaluation import evaluate
from stance.experiment import Experiment, prepare
from stance.fitting import evaluated_statements, fit_experiment, predict_frame
from stance.generalisation import generalisation, schemes
from stance.metrics import DIGITS
from stance.model_card import render_model_card
from stance.models import make_baseline
from stance.openings import record_openings
from stance.persist import save_model
from stance.probes import run_probes
from stance.reliability import choose_abstention, reliability
from stance.run_facts import RunFacts
from stance.runs import (
    CHECKS,
    CONFIG,
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
from stance.storage import check_writable, to_json, whole_directory, write_jsonl, write_text
from stance.weights import counted
from stance.work import Progress, Steps

if TYPE_CHECKING:
    import pandas as pd

BASELINES: dict[str, ModelConfig] = {
    "majority": MajorityConfig(name="majority.v1"),
    "keyword": KeywordConfig(name="keyword.v1"),
}
PACKAGES = ("stance", "scikit-learn", "numpy", "scipy", "pandas", "skops", "trafilatura")


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


def n_steps(config: ExperimentConfig) -> int:
    """How many steps `run_prepared` takes."""
    return (config.folds or 0) + 4 + len(schemes(config))


def run_prepared(experiment: Experiment, steps: Steps, started: float) -> Run:
    """Train and evaluate an experiment, and write its run directory; see `run_experiment`."""
    config, corpus, codebook = experiment.config, experiment.corpus, experiment.codebook
    check_writable(experiment.output)
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
    fitted.classifier.rates = ErrorRates.count(out_of_fold, config.data.evaluate)
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
        write_text(folder / SPLITS, to_json(_splits(corpus.frame), indent=1) + "\n")
        save_model(folder / MODEL, config.name, fitted.classifier, decision)
        manifest = _manifest(experiment, path.name, time.monotonic() - started)
        write_text(folder / MANIFEST, to_json(manifest, indent=1) + "\n")
        _write_findings(folder, metrics, experiment.texts)
    return load_run(path)


def _write_findings(folder: Path, metrics: dict[str, Any], texts: Path | None) -> None:
    """Check a run that is otherwise written, and write what people read of it."""
    write_text(folder / METRICS, to_json(metrics, indent=1) + "\n")
    run = load_run(folder)
    checks = [outcome.to_dict() for outcome in run_checks(RunFacts.of(run, texts))]
    write_text(folder / CHECKS, to_json(checks, indent=1) + "\n")
    write_text(folder / MODEL_CARD, render_model_card(run))
    report = run.report()
    write_text(folder / REPORT_MD, report.markdown())
    write_text(folder / REPORT_HTML, report.html())


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
    for split in config.data.splits:
        for collection in config.data.evaluate:
            rows = (predictions["collection"] == collection) & (predictions["split"] == split)
            if rows.any():
                beside = {name: frame[rows] for name, frame in baselines.items()}
                scores = _evaluation(experiment, predictions[rows], beside, collection)
                evaluations.append({"collection": collection, "split": split} | scores)
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


def _evaluation(
    experiment: Experiment, part: pd.DataFrame, baselines: dict[str, pd.DataFrame], collection: str
) -> dict[str, Any]:
    """All that is measured of the predictions on one split of one collection."""
    codebook, seed = experiment.codebook, experiment.config.seed
    annotations = read_all_annotations(experiment.data, [collection], codebook)
    return {
        **evaluate(part, codebook, seed=seed, baselines=baselines),
        **reliability(part, codebook, seed=seed),
        "slices": score_slices(part, codebook, seed=seed),
        "ceiling": ceiling(part, annotations, codebook, seed=seed),
        "statements_hash": statements_hash(part.to_dict("records")),
    }


def _records(frame: pd.DataFrame, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows for a file; what may be shown of the project's own statements goes along: a run can be moved."""
    own = {row["statement_id"]: {key: row[key] for key in FIELDS} for row in rows if row["collection"] == OWN}
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
