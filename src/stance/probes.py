"""Behavioural probes: pairs of statements that differ in one thing, and whether predictions change with it or hold.

Probes are for looking, never for learning: no text of theirs may stand in training data, nor may a model be chosen or
tuned by them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.bootstrap import CONFIDENCE, Cell, cell
from stance.classifier import TwoAxisClassifier
from stance.codebook import Codebook
from stance.errors import CorpusError, did_you_mean
from stance.intervals import Mark, Row, as_columns, axes_to_svg, draw_intervals
from stance.metrics import plain
from stance.notebook_tables import folded
from stance.storage import read_jsonl

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from stance.predict import Model

KINDS: dict[str, str] = {
    "negation": "a negation comes or goes",
    "hedge": "a hedge comes or goes",
    "concession_order": "what is conceded and what is claimed change places",
    "voice": "active becomes passive",
    "attribution": "the same is said by another source, or the source stands elsewhere",
    "outlet_name": "another outlet is named",
    "leader_name": "another name for the leader",
    "number_date": "another number or date",
    "stance_word": "one word that carries the stance is another",
}
FLIP, HOLD = "flip", "hold"
EXPECT = (FLIP, HOLD)
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Probe:
    """A pair of statements that differ in one thing, with the labels that each gets under the codebook.

    Parameters
    ----------
    id, kind : str
        Its own name, and what differs: one of `KINDS`.
    expect : {"flip", "hold"}
        Whether the labels of the two differ.
    text_a, text_b, previous, heading : str
        The two statements, and what both stand under and after; ``""`` for none.
    motive_a, stance_a, motive_b, stance_b : str
        Their labels.
    """

    id: str
    kind: str
    expect: str
    text_a: str
    text_b: str
    previous: str
    heading: str
    motive_a: str
    stance_a: str
    motive_b: str
    stance_b: str

    @property
    def labels(self) -> tuple[Pair, Pair]:
        """Labels of the first and of the second statement."""
        return (self.motive_a, self.stance_a), (self.motive_b, self.stance_b)


def read_probes(path: Path, codebook: Codebook) -> list[Probe]:
    """Read a JSON Lines file of probes, a pair a line, with the fields of `Probe`.

    Raises
    ------
    CorpusError
        If a field is missing, unknown or no string, a kind is unknown, an id stands twice, the two texts are equal or
        blank, or ``expect`` is not what the labels say.
    CodebookError
        If a label is not in the codebook, or a pair of labels breaks its rule.
    """
    places: dict[str, str] = {}
    probes = []
    for where, row in read_jsonl(path, CorpusError):
        probe = _parse(row, where)
        _check(probe, codebook, where)
        if first := places.get(probe.id):
            rule = f"probe id {probe.id!r} stands a second time (first at {first})"
            raise CorpusError(rule, where=where, remedy="Give each pair its own id.")
        places[probe.id] = where
        probes.append(probe)
    return probes


def _parse(row: Mapping[str, Any], where: str) -> Probe:
    names = [field.name for field in fields(Probe)]
    for name in names:
        if not isinstance(row.get(name), str):
            raise CorpusError(f"field {name!r} must be a string, not {row.get(name)!r}", where=where, remedy="Give it.")
    if unknown := sorted(row.keys() - set(names)):
        raise CorpusError(f"unknown field {unknown[0]!r}", where=where, remedy=did_you_mean(unknown[0], names))
    return Probe(**row)


def _check(probe: Probe, codebook: Codebook, where: str) -> None:
    if probe.kind not in KINDS:
        raise CorpusError(f"unknown kind {probe.kind!r}", where=where, remedy=did_you_mean(probe.kind, KINDS))
    if not probe.text_a.strip() or not probe.text_b.strip() or probe.text_a == probe.text_b:
        raise CorpusError("text_a and text_b are equal or blank", where=where, remedy="Write two versions.")
    for motive, stance in probe.labels:
        codebook.check(motive, stance, where)
    right = HOLD if probe.labels[0] == probe.labels[1] else FLIP
    if probe.expect != right:
        rule = f"expect is {probe.expect!r}, and the labels of the two texts say {right!r}"
        raise CorpusError(rule, where=where, remedy="Mend expect or the labels.")


def run_probes(model: Model | TwoAxisClassifier, probes: Sequence[Probe], codebook: Codebook) -> dict[str, Any]:
    """Predict both statements of every pair, and count the pairs on which predictions behave as they should.

    A pair is passed when its two predictions differ where ``expect`` is flip, and are the same where it is hold, right
    or wrong: the directional and invariance tests of CheckList (Ribeiro et al., ACL 2020). It is right when both
    predictions have the right motive and stance: the consistency of contrast sets (Gardner et al., Findings of EMNLP
    2020). A model that always says the same passes every hold and no flip, so the two are told apart and ``balanced``
    is the mean of their pass rates: 0.5 for that model, whatever the mix of pairs. Predictions count even where the
    model would abstain.

    Parameters
    ----------
    model : Model or TwoAxisClassifier
        What to try.
    probes : sequence of Probe
        From `read_probes`. Pairs share no text, so each counts as drawn by itself.
    codebook : Codebook
        The one that the labels of the probes are of.

    Returns
    -------
    dict
        JSON-ready: ``n``; ``overall``, then ``flip`` and ``hold``, then ``kinds``, a list by kind and expect, each with
        ``n``, ``passed`` and ``right`` (pairs), ``pass_rate`` and ``right_rate`` (cells with Wilson's 95% interval,
        JASA 22, 1927; None for no pairs); ``balanced`` (None without pairs of both sorts); ``failed``: pairs not
        passed, with what was predicted for both.

    Raises
    ------
    CodebookError
        If a label of a probe is not in the codebook.
    """
    for probe in probes:
        for motive, stance in probe.labels:
            codebook.check(motive, stance, f"probe {probe.id}")
    tried = list(zip(probes, _predict(model, probes), strict=True))
    sorts = dict.fromkeys((probe.kind, probe.expect) for probe in probes)
    flip, hold = (_score([each for each in tried if each[0].expect == expect]) for expect in EXPECT)
    both = [score["pass_rate"]["value"] for score in (flip, hold) if score["n"]]
    return {
        "n": len(probes),
        "overall": _score(tried),
        FLIP: flip,
        HOLD: hold,
        "balanced": plain(sum(both) / 2) if len(both) == 2 else None,
        "kinds": [
            {"kind": kind, "expect": expect}
            | _score([each for each in tried if (each[0].kind, each[0].expect) == (kind, expect)])
            for kind, expect in sorts
        ],
        "failed": [_failure(probe, pairs) for probe, pairs in tried if not _passed(probe, pairs)],
    }


def _predict(model: Model | TwoAxisClassifier, probes: Sequence[Probe]) -> list[tuple[Pair, Pair]]:
    """Predict the first statements of all pairs, then the second ones, in one go."""
    import pandas as pd

    if not probes:
        return []
    frame = pd.DataFrame(
        {
            "text": [probe.text_a for probe in probes] + [probe.text_b for probe in probes],
            "previous": [probe.previous for probe in probes] * 2,
            "following": "",
            "heading": [probe.heading for probe in probes] * 2,
        }
    )
    if isinstance(model, TwoAxisClassifier):
        decision = model.decide(model.scores(frame))
        labels = list(zip(decision.motive, decision.stance, strict=True))
    else:
        table = model.predict_statements(list(frame["text"]), list(frame["previous"]), headings=list(frame["heading"]))
        labels = list(zip(table["motive"], table["stance"], strict=True))
    return list(zip(labels[: len(probes)], labels[len(probes) :], strict=True))


def _passed(probe: Probe, predicted: tuple[Pair, Pair]) -> bool:
    return (predicted[0] == predicted[1]) == (probe.expect == HOLD)


def _score(tried: Sequence[tuple[Probe, tuple[Pair, Pair]]]) -> dict[str, Any]:
    passed = sum(_passed(probe, predicted) for probe, predicted in tried)
    right = sum(probe.labels == predicted for probe, predicted in tried)
    n = len(tried)
    return {"n": n, "passed": passed, "pass_rate": _rate(passed, n), "right": right, "right_rate": _rate(right, n)}


def _rate(k: int, n: int) -> Cell:
    from scipy.stats import binomtest  # slow to import

    if not n:
        return cell(math.nan, math.nan, math.nan)
    ends = binomtest(k, n).proportion_ci(CONFIDENCE, method="wilson")
    return cell(k / n, ends.low, ends.high)


def _failure(probe: Probe, predicted: tuple[Pair, Pair]) -> dict[str, str]:
    (motive_a, stance_a), (motive_b, stance_b) = predicted
    labels = {"motive_a": motive_a, "stance_a": stance_a, "motive_b": motive_b, "stance_b": stance_b}
    named = {"id": probe.id, "kind": probe.kind, "expect": probe.expect}
    return named | {f"predicted_{name}": str(label) for name, label in labels.items()}


PASSED = Mark("behaves as expected", 0, "o")
RIGHT = Mark("both statements right", 1, "D")


class ProbeResults:
    """What `run_probes` found, as a table and as a figure.

    Parameters
    ----------
    results : dict
        From `run_probes`.

    Attributes
    ----------
    ax_ : matplotlib axes
        Where `plot` drew last.
    """

    def __init__(self, results: Mapping[str, Any]) -> None:
        self.results = results
        self.ax_: Axes | None = None

    def frame(self) -> pd.DataFrame:
        """All pairs, those of either sort, and every kind: a row each, with both rates and their ends."""
        import pandas as pd

        return pd.DataFrame([as_columns(row) for row in self._rows()])

    def plot(self, ax: Axes | None = None) -> ProbeResults:
        """Draw both rates with their intervals, a row a kind."""
        rows = [
            Row(_name(row), ((row["pass_rate"], PASSED), (row["right_rate"], RIGHT)))
            for row in self._rows()
            if row["n"]
        ]
        label = "Share of pairs, with Wilson's 95% interval"
        self.ax_ = draw_intervals(rows, title="Pairs that differ in one thing", label=label, ax=ax)
        return self

    def _rows(self) -> list[dict[str, Any]]:
        sums = [("all", "", self.results["overall"]), *(("all", name, self.results[name]) for name in EXPECT)]
        return [{"kind": kind, "expect": expect} | score for kind, expect, score in sums] + [*self.results["kinds"]]

    def _repr_html_(self) -> str:
        picture = axes_to_svg(ProbeResults(self.results).plot().ax_)
        return picture + folded(self.frame())


def _name(row: Mapping[str, Any]) -> str:
    kind = row["kind"].replace("_", " ")
    return f"{kind}, {row['expect']} ({row['n']})" if row["expect"] else f"{kind} ({row['n']})"
