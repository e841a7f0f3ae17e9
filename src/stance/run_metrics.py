"""The shape of ``metrics.json``, ``manifest.json`` and ``checks.json``, format 2: what is there must be of these kinds.

A key that is missing is left to whoever reads it: a run without folds or probes has none of theirs.
"""

from __future__ import annotations

from typing import Any, NotRequired

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from stance.errors import RunError
from stance.findings import Severity, State
from stance.run_shape import AGAIN


class Cell(TypedDict):
    """A score with its 95% interval; None where undefined."""

    value: float | None
    low: float | None
    high: float | None


Cells = dict[str, Cell]


class _Label(TypedDict):
    label: str
    n: int
    n_predicted: int
    precision: Cell
    recall: Cell
    f1: Cell


class _Bin(TypedDict):
    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: float | None


class _Axis(TypedDict):
    accuracy: Cell
    macro: Cells
    log_loss: Cell
    brier: Cell
    ece: Cell
    labels: list[_Label]
    confusion: NotRequired[list[list[int]]]  # pairs of labels have none
    reliability: list[_Bin]


class _Baseline(TypedDict):
    headline: Cells
    difference: Cells


class _Curve(TypedDict, total=False):
    coverage: list[float]
    risk: list[float]
    aurc: float | None
    aurc_cell: Cell


class _Slice(TypedDict):
    by: str
    value: str
    n_statements: int
    n_articles: int
    headline: Cells
    difference: Cell
    p: float | None
    p_adjusted: float | None
    comparisons: int
    small: bool
    finding: str


class _Evaluation(TypedDict, total=False):
    collection: str
    split: str
    n_statements: int
    n_articles: int
    statements_hash: str
    headline: Cells
    baselines: dict[str, _Baseline]
    axes: dict[str, _Axis]
    calibration: dict[str, dict[str, float | None]]
    risk_coverage: _Curve
    ceiling: dict[str, Any] | None
    slices: list[_Slice]


class _Collection(TypedDict):
    name: str
    statements: int
    resolved: int
    left_out: int
    reason: str


class _Part(TypedDict):
    statements: int
    articles: int
    collections: NotRequired[dict[str, int]]


class _Data(TypedDict, total=False):
    collections: list[_Collection]
    train: _Part
    validation: _Part
    evaluated: _Part


class _OutOfFold(TypedDict):
    n_statements: int
    calibration: dict[str, dict[str, float | None]]
    risk_coverage: _Curve


class _Generalisation(TypedDict):
    split_by: str
    collection: str
    n_statements: int
    n_articles: int
    headline: Cells


class _Outcome(TypedDict):
    code: str
    title: str
    state: State
    severity: Severity
    what: str
    advice: str


class _Metrics(TypedDict, total=False):
    data: _Data
    evaluations: list[_Evaluation]
    generalisation: list[_Generalisation]
    decision: dict[str, Any]
    probes: dict[str, Any] | None
    out_of_fold: _OutOfFold


class _Manifest(TypedDict, total=False):
    run: str
    name: str
    description: str | None
    created: str
    duration_seconds: float
    commit: str | None
    dirty: bool | None
    seed: int
    data_fingerprint: str
    split_hash: str
    codebook: dict[str, str]
    versions: dict[str, str]


SHAPES: dict[str, TypeAdapter[Any]] = {
    "manifest": TypeAdapter(_Manifest),
    "metrics": TypeAdapter(_Metrics),
    "checks": TypeAdapter(list[_Outcome]),
}


def check_shape(kind: str, data: Any, where: object) -> None:
    """Check that a manifest, metrics or outcomes of checks hold what training writes.

    Parameters
    ----------
    kind : str
        A key of `SHAPES`.
    data : object
        As read from JSON.
    where : object
        Names the file in the error.

    Raises
    ------
    RunError
        If a value is of another kind; names its key.
    """
    try:
        SHAPES[kind].validate_python(data, strict=True)
    except ValidationError as cause:
        first = cause.errors(include_url=False)[0]
        got = "" if isinstance(first["input"], (dict, list)) else f", not {first['input']!r}"
        rule = f"{'.'.join(map(str, first['loc']))}: {first['msg'][:1].lower()}{first['msg'][1:]}{got}"
        raise RunError(rule, where=where, remedy=AGAIN) from None
