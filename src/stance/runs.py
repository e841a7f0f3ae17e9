"""Run directories: everything a reader of an experiment needs, and nothing that ties it to a machine.

``experiments/runs/<name>-<hash8>/`` holds ``config.yaml`` (resolved), ``manifest.json``, ``splits.json``,
``predictions.jsonl`` (validation and test), ``out_of_fold.jsonl`` (train), ``metrics.json``, ``checks.json``,
``model/``, ``model_card.md``, ``report.md`` and ``report.html``. No file of it holds the text of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.classifier import FIELDS
from stance.codebook import Codebook
from stance.config import find_upwards
from stance.corpus import load_corpus
from stance.errors import RunError
from stance.findings import SEVERITIES, STATES
from stance.labeled_config import KIND
from stance.run_metrics import check_shape
from stance.run_shape import check_frame, check_labels, check_row, fields
from stance.storage import read_json, read_jsonl, sha256, to_json
from stance.yamlfile import read_yaml

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from stance.example_list import Examples
    from stance.predict import Model
    from stance.probes import ProbeResults
    from stance.report import Report
    from stance.slices import Slices

FORMAT = 2
CONFIG, MANIFEST, METRICS, SPLITS = "config.yaml", "manifest.json", "metrics.json", "splits.json"
PREDICTIONS, OUT_OF_FOLD, MODEL = "predictions.jsonl", "out_of_fold.jsonl", "model"
CHECKS = "checks.json"  # apart from the metrics, which are the same bytes however often test was opened
REPORT_MD, REPORT_HTML, MODEL_CARD = "report.md", "report.html", "model_card.md"
ANNOTATORS = "annotators"  # among the models of `Run.frame`
# What every reader of a run counts on.
KEYS = {CONFIG: ("data",), MANIFEST: ("run", "name"), METRICS: ("data", "evaluations")}
COLUMNS = (
    "statement_id", "article_id", "collection", "split", "motive", "stance", "predicted_motive", "predicted_stance",
    "motive_proba", "stance_proba", "joint_proba", "status", "start", "end",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One execution of an experiment, read from its run directory."""

    path: Path

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved config, as plain data."""
        return dict(_plain(read_yaml(self.path / CONFIG, RunError)))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Commit, versions, data fingerprint, split hash, seed, duration."""
        return _read_mapping(self.path / MANIFEST)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """What was measured, and on which data."""
        return _read_mapping(self.path / METRICS)

    @cached_property
    def outcomes(self) -> list[dict[str, Any]]:
        """What each methodological check said when the run was made; none for a run without `CHECKS`."""
        path = self.path / CHECKS
        if not path.is_file():
            return []
        found: list[dict[str, Any]] = read_json(path, RunError)
        check_shape("checks", found, path)
        return found

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """Predictions on the evaluated splits, one row a statement."""
        return self._read_frame(PREDICTIONS)

    @cached_property
    def out_of_fold(self) -> pd.DataFrame:
        """Predictions on the train splits, each from a model that saw nothing of that article or its near-copies.

        No rows where the experiment has no folds.
        """
        there = (self.path / OUT_OF_FOLD).is_file()
        return self._read_frame(OUT_OF_FOLD) if there else self.predictions.iloc[:0]

    def _read_frame(self, name: str) -> pd.DataFrame:
        frame = _read_frame(self.path / name)
        if (self.path / MODEL / "model.json").is_file():  # without its model, a run has no codebook to check by
            check_labels(frame, self.codebook, self.path / name)
        return frame

    @cached_property
    def splits(self) -> dict[str, str]:
        """Article → split, of all articles that the run read."""
        path = self.path / SPLITS
        return _read_mapping(path) if path.is_file() else {}

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook that the run's labels are of."""
        header = self.path / MODEL / "model.json"
        return Codebook.from_dict(_require(("codebook",), _read_mapping(header), header)["codebook"], header)

    def statements(self, others: Path | None = None) -> pd.DataFrame:
        """Return what may be shown of the predicted statements: the text of the project's own, and what stands around.

        Parameters
        ----------
        others : Path, optional
            The folder that holds the text of others, for their statements too: for your own reading only.

        Returns
        -------
        DataFrame
            By ``statement_id``: `stance.classifier.FIELDS`.
        """
        import pandas as pd

        own = self.predictions.reindex(columns=["statement_id", *FIELDS]).dropna(subset="text")
        data = find_upwards(self.config["data"]["root"], self.path.resolve()) if others else None
        if data is not None:
            collections = tuple(dict.fromkeys(self.predictions["collection"]))
            corpus = load_corpus(data, self.codebook, texts=others, collections=collections)
            own = pd.concat([own, corpus.frame[["statement_id", *FIELDS]]]).drop_duplicates("statement_id")
        return own.set_index("statement_id").astype(object).fillna("")  # a column of nothing came as numbers

    def load_model(self) -> Model:
        """Return the run's model."""
        from stance.predict import load_model

        return load_model(self.path)

    def frame(self) -> pd.DataFrame:
        """Headline scores with their ends: a row for each evaluated collection, split and model.

        Among the models are the baselines and, where two annotators read those statements, ``annotators``: what one of
        them scores against the other.
        """
        import pandas as pd

        from stance.intervals import as_columns

        rows = []
        for each in self.metrics["evaluations"]:
            for model, headline in self._systems(each).items():
                place = {"collection": each["collection"], "split": each["split"]}
                rows.append(place | {"model": model, "n": each["n_statements"]} | as_columns(headline))
        return pd.DataFrame(rows)

    def generalisation(self) -> pd.DataFrame:
        """Scores of each collection on other articles, other outlets and later articles; no rows where not measured."""
        import pandas as pd

        from stance.intervals import as_columns

        rows = sorted(self.metrics.get("generalisation") or [], key=lambda row: row["collection"])
        plain = [{key: row[key] for key in row if key != "headline"} for row in rows]
        return pd.DataFrame([own | as_columns(row["headline"]) for own, row in zip(plain, rows, strict=True)])

    def checks(self) -> pd.DataFrame:
        """Outcome of every methodological check; those that fire come first, the gravest first, with their severity."""
        import pandas as pd

        rows, order = self.outcomes, [*STATES, *SEVERITIES]
        ranked = sorted(rows, key=lambda row: (order.index(row["state"]), order.index(row["severity"]), row["code"]))
        frame = pd.DataFrame(ranked, columns=["state", "severity", "code", "title", "what", "advice"])
        return frame.assign(severity=frame["severity"].where(frame["state"] == "fires", ""))

    def slices(self, evaluation: int = 0) -> Slices:
        """Return the slices of one evaluation, by its place in the metrics: the headline's first."""
        from stance.slices import Slices

        return Slices.from_evaluation(self.metrics["evaluations"][evaluation])

    def probes(self) -> ProbeResults | None:
        """Return what came of the behavioural probes; None where the experiment tries none."""
        from stance.probes import ProbeResults

        found = self.metrics.get("probes")
        return ProbeResults(found) if found else None

    def examples(self) -> Examples:
        """Choose the statements that teach most, with the words that moved each decision."""
        from stance.example_list import Examples

        return Examples.of_run(self)

    def report(self) -> Report:
        """Return the run's report, built anew."""
        from stance.report import build_report

        return build_report(self, self.statements())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the headline scores of every evaluation with their intervals."""
        from stance.intervals import draw_headlines

        groups = {
            f"{each['collection']} {each['split']} ({each['n_statements']:,})": self._systems(each)
            for each in self.metrics["evaluations"]
        }
        return draw_headlines(groups, ax)

    def _systems(self, evaluation: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Headline scores of the model, its baselines and, where two read the statements, the annotators."""
        headline, ceiling = evaluation["headline"], evaluation.get("ceiling")
        beside = {name: scores["headline"] for name, scores in evaluation["baselines"].items()}
        among = {ANNOTATORS: {name: ceiling[name] for name in headline}} if ceiling else {}
        return {self.manifest["name"]: headline} | beside | among

    def _repr_html_(self) -> str:
        from stance.notebook_tables import readable

        return f"<p><b>{escape(self.manifest['run'])}</b></p>{readable(self.frame()).to_html()}"

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})  # .frame(), .plot(), .report(), .predictions, .load_model()"


def load_run(path: Path | str) -> Run:
    """Open a run directory.

    Raises
    ------
    RunError
        If it is not one, is incomplete or of another format.
    """
    run = open_run(path)
    _ = run.predictions  # its rows are checked as they are read
    return run


def open_run(path: Path | str) -> Run:
    """Open a run directory without reading its predictions, which are most of its bytes; see `load_run`."""
    run = Run(Path(path))
    needed = (CONFIG, MANIFEST, METRICS, PREDICTIONS)
    if missing := [name for name in needed if not (run.path / name).is_file()]:
        if (run.path / "seeds.json").is_file():
            rule = "sums up runs with several seeds, and is no run itself"
            raise RunError(rule, where=path, remedy="Give one of the runs that its seeds.md lists.")
        rule = f"is not a run directory: {', '.join(missing)} missing"
        raise RunError(rule, where=path, remedy="Give a folder that `stance train` printed.")
    if run.manifest.get("format") != FORMAT:
        rule = f"is a run of format {run.manifest.get('format')!r}, and this version reads format {FORMAT}"
        raise RunError(rule, where=path, remedy="Train it again with `stance train`.")
    if run.config.get("kind") == KIND:
        raise RunError(f"is a run of kind {KIND}, which has no model", where=path, remedy=f"Read its {REPORT_MD}.")
    for name, data in {CONFIG: run.config, MANIFEST: run.manifest, METRICS: run.metrics}.items():
        _require(KEYS[name], data, run.path / name)
    _require(("root",), run.config["data"], f"{run.path / CONFIG}: data")
    check_shape("manifest", run.manifest, run.path / MANIFEST)
    check_shape("metrics", run.metrics, run.path / METRICS)
    return run


def statements_hash(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Eight hex digits that stand for a set of statements and their gold labels: scores compare where they are alike.

    Parameters
    ----------
    rows : iterable of mappings
        Predictions of one evaluation, in any order; ``statement_id``, ``motive`` and ``stance`` are read.
    """
    fields = ("statement_id", "motive", "stance")
    return sha256("\n".join(sorted(to_json([row[field] for field in fields]) for row in rows)))[:8]


def _read_frame(path: Path) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for where, row in read_jsonl(path, RunError):
        check_row(_require(COLUMNS, row, where), where)
        rows.append(row)
    frame = pd.DataFrame(rows, columns=None if rows else list(COLUMNS))
    check_frame(frame, path)
    return frame


def _read_mapping(path: Path) -> dict[str, Any]:
    return _require((), fields(read_json(path, RunError), path), path)


def _require(keys: tuple[str, ...], data: Any, where: object) -> dict[str, Any]:
    """Return ``data`` where it is a mapping that has the keys."""
    remedy = "Train it again with `stance train`."
    if not isinstance(data, dict):
        raise RunError("expected a mapping of keys to values", where=where, remedy=remedy)
    if missing := [key for key in keys if key not in data]:
        raise RunError(f"key {missing[0]!r} is missing", where=where, remedy=remedy)
    return data


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    return [_plain(value) for value in node] if isinstance(node, list) else node
