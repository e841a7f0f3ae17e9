"""Export of a run to MLflow, for those who compare their experiments there. Needs the extra ``mlflow``."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stance.errors import StanceError
from stance.intervals import as_columns
from stance.run_differences import dotted
from stance.runs import CHECKS, CONFIG, MANIFEST, METRICS, MODEL_CARD, PREDICTIONS, REPORT_HTML, REPORT_MD, Run
from stance.storage import to_json

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "stance"
TAG = "stance.run"  # which of our runs an MLflow run is; by it a second export finds the first
# All that is in a run directory but the model; predictions hold the text of the project's own articles alone.
ARTIFACTS = (REPORT_HTML, REPORT_MD, METRICS, CHECKS, CONFIG, MANIFEST, MODEL_CARD, PREDICTIONS)
MOST_PARAMS, MOST_METRICS = 100, 1000  # that a store takes at once


@dataclass(frozen=True)
class Exported:
    """Where a run went; ``new`` is False where an earlier export of it was brought up to date."""

    uri: str
    experiment: str
    run_id: str
    new: bool


def export_to_mlflow(run: Run, uri: str | None = None, experiment: str = EXPERIMENT) -> Exported:
    """Log a run's config, scores, origin and report to an MLflow store.

    A run that is there already is brought up to date, not logged again.

    Parameters
    ----------
    uri : str, optional
        Of the store, such as ``sqlite:///mlflow.db`` or ``http://localhost:5000``; by default the one MLflow itself
        would take (``MLFLOW_TRACKING_URI``, else ``sqlite:///mlflow.db`` in the working directory).
    experiment : str
        Name of the MLflow experiment; made where it is not there.

    Raises
    ------
    StanceError
        If MLflow is not installed, or the store refuses.
    """
    client_class, failure = _import()
    try:
        client = client_class(uri)
        place = client.get_experiment_by_name(experiment)
        experiment_id = place.experiment_id if place else client.create_experiment(experiment)
        run_id, new = _find_or_create(client, experiment_id, run)
        _log(client, run_id, run)
    except failure as cause:
        rule = f"the MLflow store refuses: {str(cause).strip().partition('. ')[0]}"
        remedy = "Name a store by --uri, such as sqlite:///mlflow.db or http://localhost:5000."
        raise StanceError(rule, where=uri or "MLFLOW_TRACKING_URI", remedy=remedy) from None
    return Exported(client.tracking_uri, experiment, run_id, new)


def _import() -> tuple[type[MlflowClient], type[Exception]]:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nobody asked for use to be reported
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # its own 7 are minutes of silence without a server
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError:
        remedy = "Install it: pip install 'stance[mlflow]'"
        raise StanceError("MLflow is not installed", where="stance export --to mlflow", remedy=remedy) from None
    logging.getLogger("mlflow").setLevel(logging.WARNING)  # it tells of every table of a new store
    return MlflowClient, MlflowException


def _find_or_create(client: MlflowClient, experiment_id: str, run: Run) -> tuple[str, bool]:
    name = run.manifest["run"]
    if found := client.search_runs([experiment_id], f"tags.`{TAG}` = '{name}'", max_results=1):
        return found[0].info.run_id, False
    started = _created(run) - int(run.manifest["duration_seconds"] * 1000)
    return client.create_run(experiment_id, started, {TAG: name}, name).info.run_id, True


def _log(client: MlflowClient, run_id: str, run: Run) -> None:
    from mlflow.entities import Metric, Param, RunTag

    # With one time for all, a second export of the same scores adds no point to their history.
    created = _created(run)
    values = [Metric(name, value, created, 0) for name, value in metrics_of(run)]
    for at in range(0, len(values), MOST_METRICS):
        client.log_batch(run_id, metrics=values[at : at + MOST_METRICS])
    params = [Param(name, value) for name, value in params_of(run)]
    for at in range(0, len(params), MOST_PARAMS):
        client.log_batch(run_id, params=params[at : at + MOST_PARAMS])
    client.log_batch(run_id, tags=[RunTag(name, value) for name, value in tags_of(run).items()])
    for name in ARTIFACTS:
        if (run.path / name).is_file():
            client.log_artifact(run_id, str(run.path / name))
    client.set_terminated(run_id, end_time=created)


def params_of(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the resolved config by dotted keys; what to search is no part of a run."""
    for key, value in dotted({key: value for key, value in run.config.items() if key != "search"}).items():
        yield key, value if isinstance(value, str) else to_json(value)


def metrics_of(run: Run) -> Iterator[tuple[str, float]]:
    """Yield the headline scores with their intervals, and F1 of each label, of every evaluation.

    Names are like ``newswire.test/joint_accuracy``, ``.../joint_accuracy_low`` and ``.../f1/motive/direct_talks``.
    Scores that are not defined are left out.
    """
    for each in run.metrics["evaluations"]:
        prefix = f"{each['collection']}.{each['split']}"
        yield f"{prefix}/n_statements", each["n_statements"]
        scores = as_columns(each["headline"])
        for axis, block in each["axes"].items():
            scores |= {f"f1/{axis}/{row['label']}": row["f1"]["value"] for row in block["labels"]}
        yield from ((f"{prefix}/{name}", score) for name, score in scores.items() if score is not None)


def tags_of(run: Run) -> dict[str, str]:
    """Return where a run comes from: commit, data, splits, codebook and versions."""
    manifest = run.manifest
    codebook = manifest["codebook"]
    tags = {
        TAG: manifest["run"],
        "stance.dirty": manifest["dirty"],
        "stance.data_fingerprint": manifest["data_fingerprint"],
        "stance.split_hash": manifest["split_hash"],
        "stance.codebook": f"{codebook['name']} {codebook['version']}",
        "mlflow.source.git.commit": manifest["commit"],  # MLflow's own pages show these two
        "mlflow.note.content": manifest["description"],
    }
    versions = {f"stance.version.{name}": version for name, version in manifest["versions"].items()}
    return {key: str(value) for key, value in (tags | versions).items() if value is not None}


def _created(run: Run) -> int:
    """Milliseconds since 1970, as MLflow counts."""
    return int(datetime.fromisoformat(run.manifest["created"]).timestamp() * 1000)
