"""Train and evaluate on any labeled text: a config in, a run directory out.

The run directory holds ``config.yaml``, ``manifest.json``, ``metrics.json``, ``predictions.jsonl`` (ids and labels, no
text) and ``report.md``.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.config import find_upwards
from stance.corpus import texts_folder
from stance.errors import CorpusError, RunError
from stance.labeled_config import LabeledTextConfig, SystemConfig, load_labeled_config
from stance.labeled_evaluation import evaluate_labels
from stance.labeled_model import Labels, make_label_model
from stance.labeled_report import render_labeled_report
from stance.labeled_text import LabeledText, read_labeled_text
from stance.runs import CONFIG, FORMAT, MANIFEST, METRICS, PREDICTIONS, REPORT_MD
from stance.storage import read_json, sha256, to_json, whole_directory, write_jsonl, write_text
from stance.train import commit_state

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int, int], None]

OUT_OF_FOLD = "out-of-fold"  # stands in for validation where a data set has none
MODEL, BASELINE = "model", "baseline"
PACKAGES = ("stance", "scikit-learn", "numpy", "scipy", "pandas")


@dataclass(frozen=True)
class LabeledTextRun:
    """One execution of an experiment on labeled text, read from its run directory."""

    path: Path

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """What was measured, and on which data."""
        return dict(read_json(self.path / METRICS, RunError))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Commit, versions, data fingerprint, seed, duration."""
        return dict(read_json(self.path / MANIFEST, RunError))

    def __repr__(self) -> str:
        return f"LabeledTextRun({str(self.path)!r})  # .metrics, .manifest; read {REPORT_MD}"


def run_labeled_text(
    config: Path | str,
    *,
    overrides: Sequence[str] = (),
    texts: Path | str | None = None,
    progress: Progress | None = None,
) -> LabeledTextRun:
    """Train what a config of kind ``labeled_text`` describes, beside its baseline, and write its run directory whole.

    Parameters
    ----------
    config, overrides, texts, progress
        See `stance.train.run_experiment`. Files of the data are sought in ``texts``, then in the config's folder.

    Returns
    -------
    LabeledTextRun
        Same config, data and seed give byte-equal ``metrics.json`` and ``predictions.jsonl``.

    Raises
    ------
    ArticleError, ConfigError, CorpusError
        If the config or the data break a rule; nothing is written then.
    """
    started, path = time.monotonic(), Path(config)
    say = progress or (lambda *_: None)
    resolved, home = load_labeled_config(path, overrides), path.resolve().parent
    splits = [_named(split, resolved) for split in resolved.data.splits]
    total = 2 + 2 * len(splits)
    say("reading the texts", 0, total)
    folder = texts_folder(texts)
    data = read_labeled_text(resolved.data, [*([folder] if folder else []), home])
    predictions = _predict(resolved, data, splits, lambda what, done: say(what, done, total))
    say("resampling for intervals", total - 1, total)
    metrics = _metrics(resolved, data, predictions)
    made_of = [resolved.model_dump(mode="json"), data.fingerprint]
    name = f"{resolved.name}-{sha256(to_json(made_of))[:8]}"
    manifest = _manifest(resolved, data, name, commit_state(home), time.monotonic() - started)
    output = (find_upwards("data", home) or home / "data").parent / resolved.output / name
    with whole_directory(output) as folder:
        write_text(folder / CONFIG, resolved.to_yaml())
        write_text(folder / MANIFEST, to_json(manifest, indent=1) + "\n")
        write_text(folder / METRICS, to_json(metrics, indent=1) + "\n")
        write_jsonl(folder / PREDICTIONS, _records(predictions))
        write_text(folder / REPORT_MD, render_labeled_report(resolved, metrics, manifest))
    return LabeledTextRun(output)


def _named(split: str, config: LabeledTextConfig) -> str:
    return OUT_OF_FOLD if split == "validation" and config.data.validation is None else split


def _predict(
    config: LabeledTextConfig, data: LabeledText, splits: Sequence[str], say: Callable[[str, int], None]
) -> dict[str, pd.DataFrame]:
    """Return for each split its rows with the columns ``model`` and ``baseline``, what each predicts."""
    train = data.splits["train"]
    rows = {split: (train if split == OUT_OF_FOLD else data.splits[split]).copy() for split in splits}
    for at, (name, system) in enumerate({MODEL: config.system, BASELINE: config.baseline}.items()):
        say(f"training the {name}", 1 + at * len(splits))
        held_out = [split for split in splits if split != OUT_OF_FOLD]
        if held_out:
            fitted = make_label_model(system, config.seed).fit(train)
            for split in held_out:
                rows[split][name] = fitted.predict(rows[split])
        if OUT_OF_FOLD in rows:
            say(f"training the {name} on {config.folds} folds", 1 + at * len(splits) + len(held_out))
            rows[OUT_OF_FOLD][name] = _out_of_fold(system, train, config)
    return rows


def _out_of_fold(system: SystemConfig, train: pd.DataFrame, config: LabeledTextConfig) -> Labels:
    """Predict every row of train by a model that saw nothing of its text."""
    predicted = np.empty(len(train), dtype=object)
    for held_out in _folds(train, config.folds, config.seed):
        rest = np.setdiff1d(np.arange(len(train)), held_out)
        model = make_label_model(system, config.seed).fit(train.iloc[rest])
        predicted[held_out] = model.predict(train.iloc[held_out])
    return predicted


def _folds(train: pd.DataFrame, n_folds: int, seed: int) -> list[np.ndarray[Any, Any]]:
    """Cut rows into folds, no text in two, labels spread as evenly as that allows."""
    import warnings

    from sklearn.model_selection import StratifiedGroupKFold

    texts, most = train["text"].nunique(), train["label"].value_counts().max()
    if min(texts, most) < n_folds:
        rule = f"{texts} texts, at most {most} rows a label, cannot be cut into {n_folds} folds"
        raise CorpusError(rule, where="data.train", remedy="Give more rows, or ask for fewer folds.")
    folds = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():  # a rare label has fewer rows than folds; it is spread as far as it goes
        warnings.filterwarnings("ignore", message="The least populated class")
        return [held_out for _, held_out in folds.split(train, train["label"], train["text"])]


def _metrics(config: LabeledTextConfig, data: LabeledText, predictions: dict[str, pd.DataFrame]) -> dict[str, Any]:
    evaluations = []
    for split, rows in predictions.items():
        systems = {name: rows[name] for name in (MODEL, BASELINE)}
        scores = evaluate_labels(rows["label"], systems, data.labels, rows["text"], seed=config.seed)
        evaluations.append({"split": split} | scores)
    counted = {
        name: {"rows": len(frame), "texts": int(frame["text"].nunique()), "targets": int(frame["target"].nunique())}
        for name, frame in data.splits.items()
    }
    return {
        "format": FORMAT,
        "data": {"labels": data.labels, "splits": counted, "notes": data.notes},
        "evaluations": evaluations,
    }


def _records(predictions: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    columns = ["id", "label", MODEL, BASELINE]
    return [
        {"split": split} | {str(key): value for key, value in row.items()}
        for split, rows in predictions.items()
        for row in rows[columns].to_dict("records")
    ]


def _manifest(
    config: LabeledTextConfig, data: LabeledText, name: str, commit: dict[str, Any], seconds: float
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "run": name,
        "name": config.name,
        "description": config.description,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "duration_seconds": round(seconds, 1),
        **commit,
        "seed": config.seed,
        "data_fingerprint": data.fingerprint,
        "versions": {"python": platform.python_version()} | {package: version(package) for package in PACKAGES},
    }
